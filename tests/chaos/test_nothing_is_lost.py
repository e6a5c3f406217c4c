"""Three thousand reports while parts of the system die: nothing accepted is lost, nothing takes effect twice."""

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.stack.system import System

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(420)]

REPORTS = 3000
EACH = ("worker", "postgres", "kafka", "api")


def replay(system: System, file: Path, speed: int, *arguments: str) -> "subprocess.Popen[str]":
    return system.gridward_beside("demo", "--file", str(file), "--speed", str(speed), *arguments)


def finish(system: System, sender: "subprocess.Popen[str]") -> None:
    """The sender got every report accepted, and the books balance."""
    output, _ = sender.communicate(timeout=300)
    audit = system.gridward("audit")
    assert (sender.returncode, audit.returncode) == (0, 0), output[-4000:] + audit.stdout + audit.stderr
    assert incidents(system) == REPORTS, output[-3000:]


def incidents(system: System) -> int:
    return int(system.postgres.sql("select count(*) from incidents", "gridward").strip())


def wait_for(condition: Callable[[], bool], patience_s: float = 60) -> None:
    limit = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < limit, "it never came to that"
        time.sleep(0.05)


def test_each_part_is_killed_in_the_middle_and_comes_back(system: System, shared_data: Path) -> None:
    sender = replay(system, shared_data / "reports_sample.jsonl", 150, "--clients", "8", "--shuffle", "1")
    wait_for(lambda: incidents(system) > 200)
    for part in EACH:
        system.parts[part].kill()
        time.sleep(1.0)
        system.restart(part)
        system.wait_ready()
        before = incidents(system)
        wait_for(lambda before=before: incidents(system) > before or sender.poll() is not None)
    finish(system, sender)


def test_everything_is_killed_at_once_and_comes_back(system: System, shared_data: Path) -> None:
    sender = replay(system, shared_data / "reports_sample.jsonl", 300, "--clients", "8", "--shuffle", "2")
    wait_for(lambda: incidents(system) > 600)
    for part in EACH:
        system.parts[part].kill()
    for part in ("postgres", "kafka", "worker", "api"):
        system.restart(part)
    system.wait_ready()
    finish(system, sender)


def test_a_second_worker_joins_and_leaves(system: System, shared_data: Path) -> None:
    sender = replay(system, shared_data / "reports_sample.jsonl", 300, "--clients", "8")
    wait_for(lambda: incidents(system) > 300)
    second = system.start_another_worker()
    before = incidents(system)
    wait_for(lambda: incidents(system) > before + 300)
    second.kill()
    finish(system, sender)


def test_the_same_file_again_after_a_restart_changes_nothing(system: System, shared_data: Path) -> None:
    file = shared_data / "reports_sample.jsonl"
    finish(system, replay(system, file, 0, "--clients", "8"))
    for part in ("worker", "api"):
        system.parts[part].stop()
        system.restart(part)
    system.wait_ready()
    entries = system.postgres.sql("select count(*) from journal where type <> 'deadline_passed'", "gridward")
    finish(system, replay(system, file, 0, "--clients", "8", "--shuffle", "3"))
    again = system.postgres.sql("select count(*) from journal where type <> 'deadline_passed'", "gridward")
    assert again == entries
