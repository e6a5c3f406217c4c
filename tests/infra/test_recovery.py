"""After `kill -9` a server comes back on the same folder, with what it had acknowledged."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from infra.stack.folder import DataFolder
from infra.stack.kafka import Kafka
from infra.stack.ports import free_port
from infra.stack.postgres import Postgres
from infra.stack.topics import TopicAdmin


@pytest.fixture
def folder(stack_folder: DataFolder, tmp_path: Path) -> Iterator[DataFolder]:
    """A data folder of the test's own, beside the session's, since user postgres must be able to enter it."""
    root = stack_folder.root / tmp_path.name
    with DataFolder(root).open() as mine:
        yield mine


@pytest.mark.postgres
def test_a_killed_database_comes_back_with_its_rows_in_spite_of_the_stale_pid_file(
    folder: DataFolder,
) -> None:
    postgres = Postgres(folder, free_port())
    postgres.prepare()
    postgres.start()
    try:
        postgres.wait_ready()
        postgres.sql("create table kept (n int); insert into kept values (42)")
        postgres.kill()
        assert (postgres.data / "postmaster.pid").exists()

        postgres = Postgres(folder, free_port())
        postgres.prepare()
        postgres.start()
        postgres.wait_ready()
        assert postgres.sql("select n from kept") == "42"
    finally:
        postgres.stop()
    assert not (postgres.data / "postmaster.pid").exists()


@pytest.mark.postgres
def test_a_database_that_still_runs_from_a_killed_run_is_ended_first(folder: DataFolder) -> None:
    left = Postgres(folder, free_port())
    left.prepare()
    left.start()
    left.wait_ready()
    # The same port: it can only be had once the other one is gone.
    postgres = Postgres(folder, left.port)
    postgres.prepare()
    assert left.returncode is not None
    postgres.start()
    try:
        postgres.wait_ready()
    finally:
        postgres.stop()


@pytest.mark.kafka
async def test_a_killed_broker_comes_back_on_other_ports_with_its_messages(folder: DataFolder) -> None:
    kafka = Kafka(folder, free_port(), free_port())
    kafka.prepare()
    kafka.start()
    try:
        kafka.wait_ready()
        with TopicAdmin(kafka.bootstrap, "kept.") as admin:
            admin.create_missing()
        async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all") as producer:
            await producer.send_and_wait("kept.incident.reports.dead", b"still here")
        kafka.kill()

        kafka = Kafka(folder, free_port(), free_port())
        kafka.prepare()
        kafka.start()
        kafka.wait_ready()
        consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest")
        async with consumer:
            consumer.assign([TopicPartition("kept.incident.reports.dead", 0)])
            assert (await consumer.getone()).value == b"still here"
    finally:
        kafka.kill()
