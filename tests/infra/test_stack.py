"""What a start tells other terminals, and how it ends when the machine does not let it begin."""

import shutil
import socket
import subprocess
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.cli import app
from infra.stack.addresses import Addresses, Ports, addresses
from infra.stack.folder import DataFolder
from infra.stack.kafka import Kafka
from infra.stack.ports import free_port
from infra.stack.postgres import Postgres
from infra.stack.processes import Child, Program
from infra.stack.progress import Progress
from infra.stack.supervisor import Supervisor
from infra.stack.system import wait_healthy
from infra.stack.trouble import Trouble
from infra.stack.up import Stack, announced


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_other_terminals_are_told_the_topic_prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARD_TOPIC_PREFIX", "north.")
    with announced(DataFolder(tmp_path), addresses(None), tmp_path):
        assert not (tmp_path / "elsewhere").exists()
        read = subprocess.run(
            ["sh", "-c", f'. {tmp_path}/stack.env; echo "$GRIDWARD_TOPIC_PREFIX"'],
            env={},
            capture_output=True,
            text=True,
            check=True,
        )
    assert read.stdout == "north.\n"
    assert not (tmp_path / "stack.env").exists()


def test_a_stack_on_another_data_folder_is_found_from_the_usual_one(tmp_path: Path) -> None:
    usual, mine, other = (tmp_path / name for name in ("usual", "mine", "other"))
    mine.mkdir()
    other.mkdir()
    with announced(DataFolder(mine), addresses(None), usual):
        assert (usual / "elsewhere").read_text().strip() == str(mine / "stack.env")
        with announced(DataFolder(other), addresses(None), usual):
            pass  # the later one is found while it runs
        assert not (usual / "elsewhere").exists()
    assert not (mine / "stack.env").exists()


def test_without_a_prefix_the_processes_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that lies about in the environment would give them other topics than were made."""
    monkeypatch.delenv("GRIDWARD_TOPIC_PREFIX", raising=False)
    assert addresses(None).environment(Path("keys"), Path("web"))["GRIDWARD_TOPIC_PREFIX"] == ""


@pytest.mark.parametrize("part", ["API", "worker"])
def test_a_taken_port_ends_the_start_before_anything_was_started(
    tmp_path: Path, taken: int, part: str
) -> None:
    free = free_port()
    ports = Ports(
        api=taken if part == "API" else free, worker=taken if part == "worker" else free, kafka=free,
        controller=free, postgres=free,
    )  # fmt: skip
    where = Addresses(ports, "postgresql://", "", own_postgres=True, own_kafka=True)
    with Supervisor() as supervisor, pytest.raises(Trouble, match=f"端口 {taken}（{part}）已被其他程序占用"):
        Stack(DataFolder(tmp_path), where, supervisor, Progress()).up(lambda url: None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("own", [0, 1])
def test_a_taken_port_of_the_broker_is_named(tmp_path: Path, taken: int, own: int) -> None:
    broker, controller = (taken, free_port()) if own == 0 else (free_port(), taken)
    with pytest.raises(Trouble, match=f"端口 {taken}（Kafka）"):
        Kafka(DataFolder(tmp_path), broker, controller).prepare()


@pytest.mark.postgres
def test_a_taken_port_of_the_database_is_named(tmp_path: Path, taken: int) -> None:
    with pytest.raises(Trouble, match=f"端口 {taken}（PostgreSQL）"):
        Postgres(DataFolder(tmp_path), taken).prepare()


def test_a_full_disk_ends_the_start_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = namedtuple("usage", "total used free")(100, 99, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: nearly_full)
    done = CliRunner().invoke(app, ["up", "--data", str(tmp_path / "data")])
    assert done.exit_code == 1
    assert "磁盘空间不足" in done.output
    assert done.output.count("\n") == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]


def test_a_child_that_dies_before_it_is_ready_is_named_at_once(tmp_path: Path) -> None:
    child = Child(Program("worker", ["sh", "-c", "echo no such table; exit 3"], tmp_path / "log"))
    child.start()
    with pytest.raises(Trouble, match="worker 意外退出（exit 3）") as trouble:
        wait_healthy(child, f"http://127.0.0.1:{free_port()}/readyz", patience_s=20)
    assert "no such table" in str(trouble.value)
