"""A policy written out as YAML is the same policy when it is read back, whatever its texts look like."""

from pathlib import Path

from typer.testing import CliRunner

from gridward.policy.diff import differences
from gridward.policy.export import _flow, files_of
from gridward.policy.files import BUNDLED, fingerprint, load_bundle
from gridward.policy.schema import PolicyBundle
from infra.commands import policy as policy_command
from tests.policy.test_diff import with_category

runner = CliRunner()


def written(bundle: PolicyBundle, folder: Path) -> PolicyBundle:
    for name, text in files_of(bundle).items():
        (folder / name).write_text(text, "utf-8")
    return load_bundle(folder)


def test_the_bundled_policy_comes_back(bundle: PolicyBundle, tmp_path: Path) -> None:
    again = written(bundle, tmp_path)
    assert fingerprint(again) == fingerprint(bundle)
    assert differences(bundle, again) == []


def test_every_text_comes_back(bundle: PolicyBundle, tmp_path: Path) -> None:
    texts = [
        "no",
        "null",
        "~",
        "12:30",
        "0501",
        "1e3",
        "4 WH",
        " a ",
        "a: b",
        "#x",
        "[x",
        "'",
        '"',
        "\\",
        "a, b",
    ]
    texts += [
        "}",
        "- x",
        "一\n二",
        "\u2028",
        "\ufeff",
        "\x07",
        "😀",
        "，",
        "2026-01-01",
        "=",
        "<<",
        "!x",
        "&x",
        "*x",
    ]
    texts += ["%", "true", "Off", "inf", "_1", "", "x" * 500]
    changed = with_category(bundle, "0501", emergency_lines=texts)
    for text in texts:
        assert "\n" not in _flow(text)
    assert written(changed, tmp_path) == changed


def test_one_row_is_one_line(bundle: PolicyBundle) -> None:
    lines = files_of(bundle)["categories.yaml"].splitlines()
    (line,) = [line for line in lines if '"0102"' in line]
    assert line == '  - {code: "0102", name: 邻里纠纷, severity: 4, limit_class: M}'


def test_an_exported_folder_passes_the_check_and_does_not_differ(tmp_path: Path) -> None:
    folder = str(tmp_path / "new")
    assert runner.invoke(policy_command.app, ["export", str(BUNDLED), folder]).exit_code == 0
    assert runner.invoke(policy_command.app, ["check", folder]).exit_code == 0
    assert "没有差别" in runner.invoke(policy_command.app, ["diff", str(BUNDLED), folder]).output


def test_files_that_are_there_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text("mine", "utf-8")
    result = runner.invoke(policy_command.app, ["export", str(BUNDLED), str(tmp_path)])
    assert result.exit_code == 2
    assert "units.yaml" in result.output
    assert [(file.name, file.read_text("utf-8")) for file in tmp_path.iterdir()] == [("units.yaml", "mine")]
