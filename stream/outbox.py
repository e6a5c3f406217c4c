"""Carries committed events to Kafka: in order for each incident, at least once, with ids that make a repeat
harmless (CloudEvents in Kafka's binary mode).
"""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import asyncpg

from gridward.clock import Clock
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger
from gridward.metrics import outbox_depth, outbox_oldest, outbox_sent
from gridward.store.connect import passing_errors
from gridward.store.postgres import BUCKETS
from stream.producer import Outgoing, Producer

log = get_logger(__name__)

BATCH_SIZE = 500
LOCKS = 7421  # first half of the advisory locks; the bucket is the second
SOURCE = b"/gridward"
TYPE_PREFIX = "cn.gridward.incident."

_NEXT = """
    SELECT id, incident_id, journal_no, type, payload, created_at FROM outbox
    WHERE bucket = ANY($1) ORDER BY id LIMIT $2
"""


class Outbox:
    """One relay for each bucket of incidents over all workers: whoever holds the bucket's advisory lock.

    Locks, reads and deletes share one connection: when it is lost, so are the locks, and nothing is deleted
    that another relay may be sending.
    """

    def __init__(self, pool: asyncpg.Pool, producer: Producer, topic: str, clock: Clock) -> None:
        self.pool = pool
        self.producer = producer
        self.topic = topic
        self.clock = clock
        self.connection: asyncpg.Connection | None = None
        self.buckets: list[int] = []
        self.oldest = 0.0  # seconds that the oldest event waits, when last measured

    async def once(self) -> int:
        """Send one batch and forget it once Kafka has it; how many there were. Raises `Unavailable`."""
        try:
            with passing_errors():
                connection = await self.hold_buckets()
                rows = await connection.fetch(_NEXT, self.buckets, BATCH_SIZE)
                for some in rounds(rows):
                    await self.send(some)
                    await connection.execute(
                        "DELETE FROM outbox WHERE id = ANY($1)", [row["id"] for row in some]
                    )
        except Unavailable:
            await self.release()
            raise
        if rows:
            log.info("events_sent", events=[f"{row['incident_id']}:{row['journal_no']}" for row in rows])
        outbox_sent.inc(len(rows))
        return len(rows)

    async def hold_buckets(self) -> asyncpg.Connection:
        """Take each bucket that nobody holds: a worker that joins finds none, one that is left takes all."""
        if self.connection is None or self.connection.is_closed():
            self.connection = await self.pool.acquire()
            self.buckets = []
        if len(self.buckets) < BUCKETS:
            free = [bucket for bucket in range(BUCKETS) if bucket not in self.buckets]
            got = await self.connection.fetch(
                "SELECT b FROM unnest($2::int[]) AS b WHERE pg_try_advisory_lock($1, b)", LOCKS, free
            )
            self.buckets += [row["b"] for row in got]
        return self.connection

    async def send(self, rows: Sequence[Any]) -> None:
        """Every message of the batch confirmed by Kafka, or `Unavailable` and all of them again."""
        await self.producer.deliver(
            self.topic,
            [
                Outgoing(str(row["incident_id"]).encode(), row["payload"], cloud_event_headers(row))
                for row in rows
            ],
        )

    async def release(self) -> None:
        connection, self.connection = self.connection, None
        self.buckets = []
        if connection is None:
            return
        # One that died while it was idle is out of the pool already.
        with suppress(asyncpg.InterfaceError):
            # Its locks must end with it, so it does not go back to the pool alive.
            connection.terminate()
            await self.pool.release(connection)

    async def measure(self) -> None:
        """How many events wait, and for how long the oldest has. Raises `Unavailable`."""
        with passing_errors():
            row = await self.pool.fetchrow("SELECT count(*) AS n, min(created_at) AS oldest FROM outbox")
        outbox_depth.set(row["n"])
        self.oldest = (self.clock.now() - row["oldest"]).total_seconds() if row["oldest"] else 0.0
        outbox_oldest.set(self.oldest)


def rounds(rows: Sequence[Any]) -> list[list[Any]]:
    """The rows in their order, an incident at most once in each round.

    What is sent together may fail apart: a later event of an incident must not overtake an earlier one that
    has to be sent again.
    """
    found: list[list[Any]] = []
    seen: Counter[Any] = Counter()
    for row in rows:
        turn = seen[row["incident_id"]]
        seen[row["incident_id"]] += 1
        if turn == len(found):
            found.append([])
        found[turn].append(row)
    return found


def cloud_event_headers(row: Any) -> list[tuple[str, bytes]]:
    """CloudEvents 1.0, Kafka binding, binary mode. The id names incident and journal number: a repeat has it too."""
    incident = str(row["incident_id"])
    created: datetime = row["created_at"]
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", f"{incident}:{row['journal_no']}".encode()),
        ("ce_source", SOURCE),
        ("ce_type", (TYPE_PREFIX + row["type"]).encode()),
        ("ce_subject", incident.encode()),
        ("ce_time", created.isoformat().encode()),
        ("content-type", b"application/json"),
    ]
