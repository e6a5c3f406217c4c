"""The two READMEs say what the code says."""

from pathlib import Path

import pytest

from gridward.domain.diagram import state_diagram

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_state_diagram_is_the_tables(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert f"```mermaid\n{state_diagram()}```" in text, "put the output of `gridward states` there"


def test_every_folder_of_the_tree_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = text.split("## The tree")[1].split("```")[1]
    folders = [line.split()[0] for line in tree.strip().splitlines() if not line.startswith(" ")]
    assert folders
    assert [name for name in folders if not (ROOT / name).is_dir()] == []
