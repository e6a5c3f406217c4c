"""A small system in the test's own hand: real Kafka, real Postgres, the worker's parts without Faust around them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4, uuid5

import asyncpg
from aiokafka import AIOKafkaProducer
from sqlalchemy.ext.asyncio import create_async_engine

from geo.index import GridIndex
from gridward.bus import EVENTS, LARGEST, REPORTS, URGENT, full_name
from gridward.clock import Clock, SystemClock
from gridward.crypto import KeyRing
from gridward.policy.load import bundled_policy
from gridward.policy.policy import Policy
from gridward.reports import Report, to_bytes
from gridward.settings import Settings
from gridward.store.connect import open_pool
from gridward.store.policy_book import PolicyBook
from gridward.store.postgres import PostgresStore
from infra.kafka_log import KafkaLog, Record
from stream.batches import Event
from stream.boundaries import BoundaryBook
from stream.deadlines import sweep
from stream.delivery import Delivery, Gate
from stream.desk import TriageDesk
from stream.outbox import Outbox
from stream.producer import Producer
from tests.geo.helpers import square

LON, LAT = 119.5, 28.1  # inside the first grid
GRIDS = [square("990101101001001", 119.49, 28.09, 0.02), square("990101101001002", 119.51, 28.09, 0.02)]
CLEAR = "占道经营卖菜的把路堵了"  # one category, one unit
UNCLEAR = "今天天气不错"
RUN = UUID("0b7e2f0e-55a4-4c1c-8f0e-1f1d3e0f6a11")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@cache
def the_policy() -> Policy:
    return bundled_policy()


def report(text: str = CLEAR, at: datetime | None = None, **fields: object) -> Report:
    """A report of something inside the first grid, under a new id."""
    moment = at or SystemClock().now()
    body = str(fields).encode() + text.encode()
    plain = Report(str(uuid4()), text, "grid", moment, moment, uuid5(RUN, body.hex()).bytes, LON, LAT, 5.0)
    return replace(plain, **fields)  # type: ignore[arg-type]


def apart(n: int) -> dict[str, float]:
    """The nth of 81 places inside the first grid, 200 m apart: what happens there repeats nothing."""
    return {"lon": LON - 0.008 + 0.002 * (n % 9), "lat": LAT - 0.008 + 0.002 * (n // 9)}


@dataclass
class Message:
    """What the worker's parts see of a Faust event."""

    message: Record


def events_of(records: Sequence[Record]) -> list[Event]:
    return [cast("Event", Message(record)) for record in records]


class LittleSystem:
    def __init__(
        self, settings: Settings, pool: asyncpg.Pool, producer: AIOKafkaProducer, clock: Clock
    ) -> None:
        self.settings = settings
        self.pool = pool
        self.producer = producer
        self.sender = Producer(settings.kafka)
        self.clock = clock
        self.store = PostgresStore(pool, clock)
        self.policies = PolicyBook(pool)
        self.policies.versions = {1: the_policy()}
        self.engine = create_async_engine(settings.database_url.replace("postgresql:", "postgresql+asyncpg:"))
        self.boundaries = BoundaryBook(self.engine)
        self.boundaries.index = GridIndex(GRIDS, 1)
        self.boundaries.county = "990101"
        self.keys = KeyRing(settings.key_dir, clock)
        self.gate = Gate("triage")
        self.desk = TriageDesk(
            self.store,
            self.policies,
            self.boundaries,
            self.keys,
            self.sender,
            settings.topic_prefix,
            clock,
            lambda: None,
        )
        self.delivery = Delivery(self.gate, self.desk.work, self.desk.set_aside, self.desk.pass_on)
        self.outbox = Outbox(pool, self.sender, self.topic(EVENTS), clock)

    def topic(self, name: str) -> str:
        return full_name(name, self.settings.topic_prefix)

    async def publish(
        self, *reports: Report | bytes, topic: str = REPORTS, at: datetime | None = None
    ) -> None:
        """As the door does it; bytes are what the door would never have let in."""
        stamp = round(at.timestamp() * 1000) if at else None
        for one in reports:
            value, key = (one, None) if isinstance(one, bytes) else (to_bytes(one), one.id.encode())
            await self.producer.send_and_wait(self.topic(topic), value, key=key, timestamp_ms=stamp)

    async def unread(self) -> list[Record]:
        """What lies beyond the positions of the database."""
        rows = await self.pool.fetch("SELECT topic, partition, next_offset FROM positions")
        start = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        return self.records(REPORTS, start) + self.records(URGENT, start)

    def records(self, topic: str, start: dict[tuple[str, int], int] | None = None) -> list[Record]:
        """Every message of a topic, from `start` on where that is given."""
        with KafkaLog(self.settings.kafka) as log:
            places = log.places([self.topic(topic)])
            return list(log.read(log.begins(places) | (start or {}), log.ends(places)))

    async def triage(self) -> None:
        """Bring everything that is unread to its end, as an agent does."""
        if records := await self.unread():
            await self.delivery.deliver(events_of(records))

    async def carry(self) -> None:
        """Send what waits in the outbox."""
        while await self.outbox.once():
            pass

    async def sweep(self) -> int:
        return await sweep(self.store.begin, self.store, self.policies.rules, self.clock)

    async def settle(self) -> None:
        """Triage, act on what is due, send what came of it."""
        await self.triage()
        while await self.sweep():
            pass
        await self.carry()


@asynccontextmanager
async def little_system(
    database_url: str, kafka: str, prefix: str, folder: Path, clock: Clock | None = None
) -> AsyncIterator[LittleSystem]:
    settings = Settings(database_url=database_url, kafka=kafka, topic_prefix=prefix, key_dir=folder / "keys")
    pool = await open_pool(database_url)
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, max_request_size=LARGEST
    )
    await producer.start()
    system = LittleSystem(settings, pool, producer, clock or SystemClock())
    try:
        yield system
    finally:
        await system.outbox.release()
        await system.sender.stop()
        await producer.stop()
        await system.engine.dispose()
        await pool.close()


HOUR = timedelta(hours=1)
