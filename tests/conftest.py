"""One real PostgreSQL and one real Kafka for the whole session, started by the first test that asks.

Each test gets a database of its own, copied from a migrated template, and topics under a prefix of its own.
"""

import itertools
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gridward.settings import Settings, in_ci
from gridward.store.migrate import migrate
from infra.stack.folder import DataFolder
from infra.stack.kafka import TEST_BROKER, Kafka
from infra.stack.ports import free_port
from infra.stack.postgres import TEST_SETTINGS, Postgres
from infra.stack.topics import TopicAdmin

TEMPLATE = "gridward_template"

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def stack_folder() -> Iterator[DataFolder]:
    """A data folder where user postgres may enter too (pytest's own are closed to everyone else)."""
    root = Path(tempfile.mkdtemp(prefix="gridward-test-", dir="/var/tmp"))
    root.chmod(0o755)
    folder = DataFolder(root).open()
    yield folder
    folder.close()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(stack_folder: DataFolder) -> Iterator[Postgres]:
    """The running server, with a migrated template database."""
    server = Postgres(stack_folder, free_port(), TEST_SETTINGS)
    server.prepare()
    server.start()
    try:
        server.wait_ready()
        server.ensure_database(TEMPLATE)
        _migrate(server.url(TEMPLATE))
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_server(postgres: Postgres) -> str:
    """The server's address without a database: `postgresql://user@host:port`."""
    return postgres.url("").rstrip("/")


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """A fresh, migrated, empty database, dropped after the test."""
    name = f"test_{next(_numbers)}"
    postgres.sql(f"create database {name} template {TEMPLATE}")
    yield postgres.url(name)
    postgres.sql(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def kafka(stack_folder: DataFolder) -> Iterator[Kafka]:
    """The running broker."""
    broker = Kafka(stack_folder, free_port(), free_port(), TEST_BROKER)
    broker.prepare()
    broker.start()
    try:
        broker.wait_ready()
        yield broker
    finally:
        broker.kill()


@pytest.fixture(scope="session")
def kafka_server(kafka: Kafka) -> str:
    """The broker's bootstrap address, `host:port`."""
    return kafka.bootstrap


@pytest.fixture
def topic_prefix(kafka_server: str) -> Iterator[str]:
    """A prefix under which every topic of `TOPICS` exists, empty, for this test alone."""
    prefix = f"test{next(_numbers)}."
    with TopicAdmin(kafka_server, prefix) as admin:
        admin.create_missing()
        yield prefix
        admin.delete_all()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of other people's data. Without it the test is skipped, and in CI it fails."""
    folder = Settings().shared_data
    if not folder.is_dir():
        reason = f"no shared data at {folder} (GRIDWARD_SHARED_DATA)"
        if in_ci():
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def _migrate(url: str) -> None:
    """In a thread, since the migrations run their own event loop and a test's may be running in this one."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            migrate(url)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
