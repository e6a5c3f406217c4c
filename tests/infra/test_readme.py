"""The two READMEs say what the code says."""

import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.models.report import Report
from gridward.domain.diagram import state_diagram
from gridward.reports import Source
from infra.cli import COMMANDS, GROUPS, app

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_state_diagram_is_the_tables(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert f"```mermaid\n{state_diagram()}```" in text, "put the output of `gridward states` there"


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_a_report_has_the_fields_of_the_readme(name: str) -> None:
    sections = (ROOT / name).read_text(encoding="utf-8").split("\n## ")
    text = next(section for section in sections if "curl" in section)
    rows = re.findall(r"^\| (`[a-z_]+`(?:[,、] ?`[a-z_]+`)*) \|", text, re.MULTILINE)
    assert [field for row in rows for field in re.findall(r"`(\w+)`", row)] == list(Report.model_fields)
    example = re.search(r"-d '(\{.*?\})'", text, re.DOTALL)
    assert example is not None
    assert Report.model_validate_json(example[1]).crs == "gcj02"
    assert all(f"`{source}`" in text for source in Source)


def test_every_folder_of_the_tree_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = text.split("## The tree")[1].split("```")[1]
    folders = [line.split()[0] for line in tree.strip().splitlines() if not line.startswith(" ")]
    assert folders
    assert [name for name in folders if not (ROOT / name).is_dir()] == []


def help_of_run() -> str:
    """What `./run help` says; it needs no environment."""
    return subprocess.run([ROOT / "run", "help"], capture_output=True, text=True, check=True).stdout


def test_help_names_every_command_that_there_is_and_none_else() -> None:
    named = set(re.findall(r"^  \./run (\w+)", help_of_run(), re.MULTILINE))
    assert named == {"test", "check", *COMMANDS, *GROUPS}


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_command_of_the_readme_is_in_the_help(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    mentioned = set(re.findall(r"(?:\./run|`gridward) (\w+)", text))
    assert mentioned
    assert [word for word in sorted(mentioned) if f"./run {word}" not in help_of_run()] == []


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_every_command_of_the_table_says_what_it_does(name: str) -> None:
    said = CliRunner().invoke(app, [name, "--help"])
    assert said.exit_code == 0, said.output


def test_the_states_are_printed_as_the_readme_says() -> None:
    assert CliRunner().invoke(app, ["states"]).output == state_diagram()
