"""`./run` makes the environment that each command needs: that of the tests only where tests are to run."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAKE = '#!/bin/sh\necho "$(basename "$0") $*" >>calls\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script and its pins, with programs that only write down how they were called."""
    for name in ("run", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name in ("uv", "gridward", "python"):
        (programs / name).write_text(FAKE)
        (programs / name).chmod(0o755)
    return tmp_path


def called(checkout: Path, *arguments: str) -> list[str]:
    subprocess.run([checkout / "run", *arguments], cwd=checkout, check=True, capture_output=True)
    calls = (checkout / "calls").read_text().splitlines()
    (checkout / "calls").unlink()
    return [call for call in calls if not call.startswith("python")]


@pytest.mark.parametrize(
    ("arguments", "pins"),
    [(("prepare",), "runtime"), (("prepare", "--tests"), "develop"), (("states",), "runtime")],
)
def test_each_command_gets_the_environment_it_needs(
    checkout: Path, arguments: tuple[str, ...], pins: str
) -> None:
    sync, _, command = called(checkout, *arguments)
    assert sync.startswith("uv pip sync")
    assert sync.endswith(f"requirements/{pins}.txt")
    assert command == f"gridward {' '.join(arguments)}"


def test_what_is_enough_for_the_tests_is_not_installed_anew_for_running(checkout: Path) -> None:
    called(checkout, "prepare", "--tests")
    assert called(checkout, "states") == ["gridward states"]
    assert called(checkout, "prepare", "--tests") == ["gridward prepare --tests"]
