"""No message that was fetched is let fall, whatever Faust believes of a rebalance."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from faust.types import TP

from gridward.bus import REPORTS, full_name
from gridward.settings import Settings
from stream.app import AGENTS, make_app
from stream.batches import Event
from stream.progress import Progress
from stream.transport import Consumer, Transport

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

COUNT = 300


class Forgetful(Consumer):
    """Loses the first record of each partition that it fetches, once, as Faust's own loop does."""

    lost = 0

    async def _wait_next_records(self, timeout: float) -> Any:  # noqa: ASYNC109, as in Faust
        records, active = await super()._wait_next_records(timeout)
        if records and not self.lost:
            self.lost = len(records)
            records = {tp: found[1:] for tp, found in records.items()}
        return records, active


async def test_a_gap_is_read_again_before_what_follows_it(
    kafka_server: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Transport, "Consumer", Forgetful)
    await publish(kafka_server, full_name(REPORTS, topic_prefix))
    seen: dict[TP, list[int]] = {}
    whole = asyncio.Event()

    async def finish(batch: Sequence[Event]) -> None:
        for event in batch:
            seen.setdefault(event.message.tp, []).append(event.message.offset)
        if sum(len(set(offsets)) for offsets in seen.values()) == COUNT:
            whole.set()

    async def from_the_start(_: set[TP]) -> Mapping[TP, int]:
        return {}

    settings = replace(Settings(), kafka=kafka_server, topic_prefix=topic_prefix)
    app = make_app(
        settings, from_the_start, {agent.name: finish for agent in AGENTS}, Progress(), str(tmp_path)
    )
    await app.start()
    try:
        await asyncio.wait_for(whole.wait(), 60)
        consumer = app.consumer
        assert isinstance(consumer, Forgetful)
        assert consumer.lost
    finally:
        await app.stop()
    for offsets in seen.values():
        assert offsets == sorted(offsets)


async def publish(kafka: str, topic: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        for number in range(COUNT):
            await producer.send(topic, b"{}", key=str(number).encode())
        await producer.flush()
    finally:
        await producer.stop()
