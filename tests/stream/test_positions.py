"""A position is of one Kafka log: what another one counted says nothing."""

from pathlib import Path

import pytest
from faust.types import TP

from gridward.bus import REPORTS
from gridward.clock import SystemClock
from gridward.domain.commands import Position
from gridward.handle import handle
from infra.kafka_log import KafkaLog
from stream.positions import StoredPositions, cluster_of
from tests.stream.little_system import LittleSystem, little_system

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

HERE, THERE = TP(REPORTS, 0), TP(REPORTS, 1)


async def committed(system: LittleSystem, *positions: Position) -> None:
    await handle([], system.store.begin, system.policies.rules, positions)


async def test_positions_of_another_cluster_do_not_count(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path
) -> None:
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path) as system:
        ours = await cluster_of(kafka_server)
        await committed(system, Position(*HERE, 500, "a-disk-that-is-gone"), Position(*THERE, 7, ours))
        stored = StoredPositions(system.pool, ours, SystemClock())
        assert await stored.read({HERE, THERE}) == {THERE: 7}
        assert await stored.read({HERE, THERE}) == {HERE: 0, THERE: 7}  # given up for good
        await committed(system, Position(*HERE, 3, ours))
        assert await stored.read({HERE, THERE}) == {HERE: 3, THERE: 7}


async def test_a_position_that_was_reset_may_be_lower(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path
) -> None:
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path) as system:
        await committed(system, Position(*HERE, 500))
        stored = StoredPositions(system.pool, "", SystemClock())
        await stored.reset(HERE, 0)
        assert await stored.read({HERE}) == {HERE: 0}
        await committed(system, Position(*HERE, 4))
        assert await stored.read({HERE}) == {HERE: 4}


async def test_a_cluster_has_one_id_for_whoever_asks(kafka_server: str) -> None:
    with KafkaLog(kafka_server) as log:
        assert log.cluster() == await cluster_of(kafka_server) != ""
