"""Children never outlive their supervisor, however it ends, and it never outlives one of them."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from infra.stack.processes import Child, Program, bound
from infra.stack.supervisor import DEATHS
from tests.infra.family import NAMES
from tests.infra.waiting import eventually, gone

ROOT = Path(__file__).parents[2]


def start_family(folder: Path, *mortal: str) -> subprocess.Popen[str]:
    family = subprocess.Popen(
        [sys.executable, "-m", "tests.infra.family", str(folder), *mortal],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert eventually((folder / "started").exists)
    return family


def pids(folder: Path) -> list[int]:
    return [int((folder / f"{name}.pid").read_text()) for name in NAMES]


def test_kill_9_of_the_supervisor_leaves_no_orphan(tmp_path: Path) -> None:
    family = start_family(tmp_path)
    children = pids(tmp_path)
    assert not any(gone(pid) for pid in children)
    family.kill()
    family.communicate()
    assert eventually(lambda: all(gone(pid) for pid in children))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_every_child_in_the_reverse_of_their_start(tmp_path: Path, number: int) -> None:
    family = start_family(tmp_path)
    assert eventually(lambda: all("up" in (tmp_path / f"{name}.log").read_text() for name in NAMES))
    family.send_signal(number)
    _, said = family.communicate(timeout=30)
    assert (family.returncode, said) == (0, "")
    assert (tmp_path / "order").read_text().split() == ["third", "second", "first"]


def test_a_child_that_dies_is_named_with_its_last_words_and_takes_the_others_along(tmp_path: Path) -> None:
    family = start_family(tmp_path, "second")
    _, said = family.communicate(timeout=30)
    assert family.returncode == 1
    assert "second 意外退出（exit 3）" in said
    assert str(tmp_path / "second.log") in said
    assert "the last words" in said
    assert "Traceback" not in said
    assert all(gone(pid) for pid in pids(tmp_path))


def test_one_that_may_be_started_again_is_and_the_others_live_on(tmp_path: Path) -> None:
    family = start_family(tmp_path, "second", "2")
    assert eventually((tmp_path / "lives").exists)
    assert eventually(lambda: (tmp_path / "lives").read_text().count("x") == 3, 15)
    others = [int((tmp_path / f"{name}.pid").read_text()) for name in ("first", "third")]
    assert not any(gone(pid) for pid in others)
    assert eventually(lambda: "up" in (tmp_path / "second.log").read_text())
    family.send_signal(signal.SIGTERM)
    _, said = family.communicate(timeout=30)
    assert family.returncode == 0
    assert said.count("revived: second 意外退出（exit 3）") == 2
    assert (tmp_path / "order").read_text().split() == ["third", "second", "first"]


def test_one_that_dies_again_and_again_takes_the_others_along_in_the_end(tmp_path: Path) -> None:
    family = start_family(tmp_path, "second", "99")
    _, said = family.communicate(timeout=60)
    assert family.returncode == 1
    assert said.count("revived: ") == DEATHS
    assert said.count("second 意外退出（exit 3）") == DEATHS + 1


def test_a_child_that_ignores_the_gentle_way_is_killed(tmp_path: Path) -> None:
    stubborn = Child(
        Program(
            "stubborn", ["sh", "-c", 'trap "" TERM; echo up; while :; do sleep 0.05; done'], tmp_path / "log"
        )
    )
    stubborn.start()
    assert eventually(lambda: "up" in (tmp_path / "log").read_text())
    stubborn.stop(grace_s=0.3)
    assert stubborn.returncode == -signal.SIGKILL


def test_a_child_has_a_process_group_of_its_own(tmp_path: Path) -> None:
    """Else Ctrl-C at the terminal would reach all of them at once, the database first."""
    child = Child(Program("sleeper", ["sleep", "60"], tmp_path / "log"))
    child.start()
    try:
        assert os.getpgid(child.pid) == child.pid
    finally:
        child.kill()


def test_a_child_is_not_started_from_a_thread_whose_end_would_kill_it(tmp_path: Path) -> None:
    refusals: list[BaseException] = []

    def start() -> None:
        try:
            Child(Program("sleeper", ["sleep", "60"], tmp_path / "log")).start()
        except RuntimeError as error:
            refusals.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert len(refusals) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a child another user")
def test_the_bond_survives_the_change_of_user(tmp_path: Path) -> None:
    """The kernel forgets the parent-death signal when the user changes: it must be set after that."""
    argv = bound(["sh", "-c", "echo $$; exec sleep 60"], "nobody", signal.SIGKILL)
    noted = tmp_path / "pid"
    script = "import subprocess, sys; subprocess.Popen(sys.argv[2:], stdout=open(sys.argv[1], 'w')).wait()"
    parent = subprocess.Popen([sys.executable, "-c", script, str(noted), *argv])
    assert eventually(lambda: noted.exists() and noted.read_text().strip() != "")
    child = int(noted.read_text())
    parent.kill()
    parent.wait()
    assert eventually(lambda: gone(child))
