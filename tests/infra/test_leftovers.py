"""What a killed run left is ended when it is ours, and left alone when it is not."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.stack.leftovers import end_leftover, names_another
from tests.infra.waiting import eventually, gone


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "61.5"])
    # For a moment after its birth the kernel shows no command line.
    assert eventually(lambda: psutil.Process(process.pid).cmdline() == ["sleep", "61.5"])
    yield process
    process.kill()
    process.wait()


def test_a_leftover_of_ours_is_ended(tmp_path: Path, sleeper: subprocess.Popen[bytes]) -> None:
    pid_file = tmp_path / "pid"
    pid_file.write_text(f"{sleeper.pid}\n")
    assert end_leftover(pid_file, marker="61.5")
    assert gone(sleeper.pid)
    assert not pid_file.exists()


def test_a_number_that_another_program_has_by_now_is_left_alone(
    tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    pid_file = tmp_path / "pid"
    pid_file.write_text(f"{sleeper.pid}\n")
    assert not end_leftover(pid_file, marker="/some/data/folder")
    assert sleeper.poll() is None
    assert not pid_file.exists()


@pytest.mark.parametrize("content", ["", "not a number", "999999999\n"])
def test_a_pid_file_without_a_living_process_is_only_removed(tmp_path: Path, content: str) -> None:
    pid_file = tmp_path / "pid"
    pid_file.write_text(content)
    assert names_another(pid_file, marker="sleep")
    assert not end_leftover(pid_file, marker="sleep")
    assert not pid_file.exists()


def test_no_pid_file_names_nobody(tmp_path: Path) -> None:
    assert not names_another(tmp_path / "pid", marker="sleep")
