"""No message that was fetched is let fall, whatever Faust believes of a rebalance, and whichever log Kafka has."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from faust.types import TP

from gridward.bus import REPORTS, WORKER_GROUP, full_name
from gridward.settings import Settings
from stream.app import AGENTS, make_app
from stream.batches import Event
from stream.progress import Progress
from stream.transport import Consumer, Transport

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

COUNT = 300


class LosesTheFirst(Consumer):
    """Of each partition that it fetches, once, as Faust's own loop does."""

    lost = 0

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109, as in Faust
        records, active = await super()._wait_next_records(timeout)
        if records and not self.lost:
            self.lost = len(records)
            records = {tp: found[1:] for tp, found in records.items()}
        return records, active


class LosesTheRest(LosesTheFirst):
    """All that it fetches, once, with nothing after it in which a gap would show."""

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109, as in Faust
        records, active = await super(LosesTheFirst, self)._wait_next_records(timeout)
        if records and not self.lost:
            self.lost = len(records)
            records = {}
        return records, active


class LosesOnTheWay(Consumer):
    """What was handed over never reaches an agent: Faust has cleared its buffers."""

    lost = 0

    async def hand_over(self, records: Any, seeks: int, fetcher: Any) -> None:
        if not self.lost:
            self.lost = len(records)
            kept, self.callback = self.callback, self.drop
            await super().hand_over(records, seeks, fetcher)
            self.callback = kept
        else:
            await super().hand_over(records, seeks, fetcher)

    async def drop(self, message: Any) -> None:
        """Nobody holds it any more."""


@dataclass
class Stored:
    """What the database would say of positions."""

    known: dict[TP, int] = field(default_factory=dict)
    were_reset: dict[TP, int] = field(default_factory=dict)

    async def read(self, partitions: set[TP]) -> Mapping[TP, int]:
        return {tp: offset for tp, offset in self.known.items() if tp in partitions}

    async def reset(self, tp: TP, offset: int) -> None:
        self.known[tp] = self.were_reset[tp] = offset


class Run:
    """An application whose agents finish everything at once."""

    def __init__(
        self, kafka: str, prefix: str, folder: Path, stored: Stored, wanted: int = COUNT, takes: float = 0
    ) -> None:
        self.stored = stored
        self.wanted = wanted
        self.takes = takes  # seconds for each batch
        self.progress = Progress()
        self.seen: dict[TP, list[int]] = {}
        self.whole = asyncio.Event()
        settings = replace(Settings(), kafka=kafka, topic_prefix=prefix)
        finish = {agent.name: self.finish for agent in AGENTS}
        self.app = make_app(settings, stored, finish, self.progress, str(folder))

    async def finish(self, batch: Sequence[Event]) -> None:
        for event in batch:
            self.seen.setdefault(event.message.tp, []).append(event.message.offset)
        await asyncio.sleep(self.takes)
        positions = self.progress.after(event.message for event in batch)
        for position in positions:
            self.stored.known[TP(position.topic, position.partition)] = position.next_offset
        self.progress.done(positions)
        if sum(len(set(offsets)) for offsets in self.seen.values()) == self.wanted:
            self.whole.set()

    async def until_whole(self) -> Any:
        """The consumer, once everything has been seen."""
        await self.app.start()
        try:
            await asyncio.wait_for(self.whole.wait(), 60)
            return self.app.consumer
        finally:
            await self.app.stop()


@pytest.mark.parametrize("consumer", [LosesTheFirst, LosesTheRest, LosesOnTheWay])
async def test_what_was_let_fall_is_read_again(
    consumer: type[Any], kafka_server: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transport, "Consumer", consumer)
    await publish(kafka_server, full_name(REPORTS, topic_prefix))
    run = Run(kafka_server, topic_prefix, tmp_path, Stored())
    assert (await run.until_whole()).lost
    for offsets in run.seen.values():
        firsts = sorted(set(offsets), key=offsets.index)
        assert firsts == sorted(firsts)


async def test_what_is_still_being_worked_on_is_not_read_again(
    kafka_server: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long a batch takes: nothing of it is lost while somebody holds it."""
    monkeypatch.setattr("stream.transport.COMPARE_EVERY", 0.05)
    await publish(kafka_server, full_name(REPORTS, topic_prefix))
    run = Run(kafka_server, topic_prefix, tmp_path, Stored(), takes=1.0)
    await run.until_whole()
    assert all(len(offsets) == len(set(offsets)) for offsets in run.seen.values())


async def test_a_group_that_refuses_at_first_is_joined_once_it_lets_us(
    kafka_server: str, topic_prefix: str, tmp_path: Path
) -> None:
    """As while a killed member that spoke another protocol has not timed out."""
    topic = full_name(REPORTS, topic_prefix)
    await publish(kafka_server, topic)
    other = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka_server, group_id=full_name(WORKER_GROUP, topic_prefix)
    )
    await other.start()
    run = Run(kafka_server, topic_prefix, tmp_path, Stored())
    whole = asyncio.create_task(run.until_whole())
    await asyncio.sleep(5)
    assert not run.seen
    await other.stop()
    await whole


async def test_a_position_beyond_the_log_is_of_another_one(
    kafka_server: str, topic_prefix: str, tmp_path: Path
) -> None:
    """As when a topic, or the whole disk of the broker, was made anew: nothing that it holds is skipped."""
    topic = full_name(REPORTS, topic_prefix)
    await publish(kafka_server, topic)
    stored = Stored({TP(topic, 0): 10_000, TP(topic, 1): 0})
    await Run(kafka_server, topic_prefix, tmp_path, stored).until_whole()
    assert stored.were_reset == {TP(topic, 0): 0}


async def test_a_hole_in_kafka_itself_is_passed(
    kafka_server: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An offset that never comes, as a transaction's marker, stops nobody for long."""
    topic = full_name(REPORTS, topic_prefix)

    class Holed(Consumer):
        async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109, as in Faust
            records, active = await super()._wait_next_records(timeout)
            for tp, found in (records or {}).items():
                records[tp] = [record for record in found if (tp, record.offset) != (TP(topic, 0), 3)]
            return records, active

    monkeypatch.setattr(Transport, "Consumer", Holed)
    await publish(kafka_server, topic)
    run = Run(kafka_server, topic_prefix, tmp_path, Stored(), COUNT - 1)
    await run.until_whole()
    assert 3 not in run.seen[TP(topic, 0)]
    assert run.stored.known[TP(topic, 0)] == max(run.seen[TP(topic, 0)]) + 1


async def publish(kafka: str, topic: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        for number in range(COUNT):
            await producer.send(topic, b"{}", key=str(number).encode())
        await producer.flush()
    finally:
        await producer.stop()
