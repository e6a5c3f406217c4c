"""What Faust is measured against: a bare aiokafka loop over the same triage and the same `handle`.

It has no agents, no outbox relay, no deadlines and no web server; only what cannot be left out.
"""

import sys
from dataclasses import dataclass
from typing import Any

import uvloop
from aiokafka import AIOKafkaConsumer
from sqlalchemy.ext.asyncio import create_async_engine

from gridward.bus import REPORTS
from gridward.clock import SystemClock
from gridward.crypto import KeyRing
from gridward.settings import Settings
from gridward.store.connect import open_pool
from gridward.store.policy_book import PolicyBook
from gridward.store.postgres import PostgresStore
from stream.app import BATCH
from stream.boundaries import BoundaryBook
from stream.desk import TriageDesk
from stream.producer import Producer
from stream.progress import Progress


@dataclass(frozen=True, slots=True)
class Read:
    """As much of a Faust event as the desk looks at."""

    message: Any


async def run(count: int) -> None:
    settings, clock = Settings(), SystemClock()
    pool = await open_pool(settings.database_url)
    policies = PolicyBook(pool)
    boundaries = BoundaryBook(
        create_async_engine(settings.database_url.replace("postgresql://", "postgresql+asyncpg://", 1))
    )
    await policies.refresh()
    await boundaries.refresh()
    producer = Producer(settings.kafka)
    desk = TriageDesk(
        PostgresStore(pool, clock),
        policies,
        boundaries,
        KeyRing(settings.key_dir, clock),
        producer,
        "",
        clock,
        lambda: None,
        Progress(),
    )
    consumer = AIOKafkaConsumer(
        REPORTS,
        bootstrap_servers=settings.kafka,
        group_id="gridward-worker",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    done = 0
    while done < count:
        records = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        batch: list[Any] = [Read(message) for messages in records.values() for message in messages]
        if batch:
            await desk.work(batch)
            await consumer.commit()
            done += len(batch)
    await consumer.stop()


if __name__ == "__main__":
    uvloop.run(run(int(sys.argv[1])))
