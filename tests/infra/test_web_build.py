"""The web app is built again exactly when its sources changed."""

from pathlib import Path

from infra.stack.web import sources_digest


def make_sources(folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "src" / "main.ts").write_text("export {}")
    (folder / "package.json").write_text("{}")


def test_a_changed_source_changes_the_digest(tmp_path: Path) -> None:
    make_sources(tmp_path)
    before = sources_digest(tmp_path)
    (tmp_path / "src" / "main.ts").write_text("export default 1")
    assert sources_digest(tmp_path) != before


def test_a_renamed_source_changes_the_digest(tmp_path: Path) -> None:
    make_sources(tmp_path)
    before = sources_digest(tmp_path)
    (tmp_path / "src" / "main.ts").rename(tmp_path / "src" / "start.ts")
    assert sources_digest(tmp_path) != before


def test_what_the_build_makes_does_not_change_the_digest(tmp_path: Path) -> None:
    make_sources(tmp_path)
    before = sources_digest(tmp_path)
    for made in ("dist", "node_modules"):
        (tmp_path / made).mkdir()
        (tmp_path / made / "file.js").write_text("made")
    assert sources_digest(tmp_path) == before
