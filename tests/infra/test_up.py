"""`gridward up`, the whole of it, as a person starts it, kills it and starts it again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.stack.folder import DataFolder
from infra.stack.health import healthy
from infra.stack.ports import answers, free_port
from tests.infra.waiting import eventually, gone

ROOT = Path(__file__).parents[2]
READY = "网格哨已就绪"
PARTS = ("postgres", "kafka", "stream", "api")
PATIENCE_S = 240.0


class Up:
    """One `gridward up` in `data`, with all it says kept in a file."""

    def __init__(self, data: Path, port: int, log: Path) -> None:
        self.data, self.port, self.log = data, port, log

    def start(self, **settings: str) -> subprocess.Popen[bytes]:
        given = [f"GRIDWARD_{name}={value}" for name, value in settings.items()]
        options = ["--data", str(self.data), "--port", str(self.port)]
        command = ["env", *given, sys.executable, "-m", "infra.cli", "up", *options]
        with self.log.open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)

    def start_and_wait(self, **settings: str) -> subprocess.Popen[bytes]:
        run = self.start(**settings)
        assert eventually(lambda: READY in self.said or run.poll() is not None, PATIENCE_S), self.said
        assert run.poll() is None, self.said
        return run

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def pids(self) -> dict[str, int]:
        return {part: int((self.data / "pids" / part).read_text()) for part in PARTS}


@pytest.fixture
def up(stack_folder: DataFolder, tmp_path: Path) -> Iterator[Up]:
    data = stack_folder.root / tmp_path.name
    up = Up(data, five_free_ports(), tmp_path / "said")
    yield up
    for name in PARTS:
        with contextlib.suppress(OSError, ValueError, psutil.Error):
            psutil.Process(int((data / "pids" / name).read_text())).kill()


def five_free_ports() -> int:
    """The first of five ports in a row that nobody listens on."""
    while True:
        first = free_port()
        if first < 65000 and not any(answers(port) for port in range(first, first + 5)):
            return first


@pytest.mark.postgres
@pytest.mark.kafka
@pytest.mark.chaos
@pytest.mark.timeout(900)
def test_a_killed_run_leaves_no_orphan_and_the_next_one_finds_its_data(up: Up) -> None:
    run = up.start_and_wait()
    assert healthy(f"http://127.0.0.1:{up.port}/readyz")
    first = up.pids()
    assert not any(gone(pid) for pid in first.values())

    # A second run on the same data is refused in one line and disturbs nothing.
    second = Up(up.data, five_free_ports(), up.log.with_name("second"))
    assert second.start().wait(60) == 1
    assert "另一个网格哨正在使用" in second.said
    assert "Traceback" not in second.said
    assert healthy(f"http://127.0.0.1:{up.port}/readyz")

    run.kill()
    run.wait()
    assert eventually(lambda: all(gone(pid) for pid in first.values()), 15)

    run = up.start_and_wait()
    again = up.pids()
    assert "新建 0 个" in up.said  # the topics were still there

    # A process of ours dies: it is started again, and the others never notice.
    for name, process in (("API", "api"), ("worker", "stream")):
        os.kill(again[process], signal.SIGKILL)
        assert eventually(lambda dead=again[process], name=process: up.pids()[name] != dead, 30)
        assert f"{name} 意外退出（signal 9）" in up.said
    assert eventually(lambda: healthy(f"http://127.0.0.1:{up.port}/readyz"), 60)
    again = up.pids()

    # A server dies: everything ends, and one line says which it was.
    os.kill(again["kafka"], signal.SIGKILL)
    assert run.wait(60) == 1
    assert "Kafka 意外退出（signal 9）" in up.said
    assert "Traceback" not in up.said
    assert all(gone(pid) for pid in again.values())
    assert not (up.data / "stack.env").exists()


@pytest.mark.postgres
@pytest.mark.kafka
@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_servers_that_are_given_are_used_and_none_is_started(
    up: Up, database_url: str, kafka_server: str, topic_prefix: str
) -> None:
    run = up.start_and_wait(DATABASE_URL=database_url, KAFKA=kafka_server, TOPIC_PREFIX=topic_prefix)
    assert healthy(f"http://127.0.0.1:{up.port}/readyz")
    assert sorted(path.name for path in (up.data / "pids").iterdir()) == ["api", "stream"]
    assert not (up.data / "pg").exists()
    run.send_signal(signal.SIGINT)
    assert run.wait(60) == 0


def test_a_taken_port_stops_the_run_before_anything_started(up: Up) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", up.port))
        other.listen()
        assert up.start().wait(60) == 1
    assert f"端口 {up.port}（API）已被其他程序占用" in up.said
    assert "Traceback" not in up.said
    assert not (up.data / "pids").exists()
