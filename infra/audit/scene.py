"""What an audit looks at: one snapshot of the database between two looks at Kafka's offsets.

A running system moves while it is audited. So each comparison takes the look that cannot accuse the innocent:
what Kafka had *before* the snapshot must be known to the database; what the database had must be in Kafka
*after* it, or still in the outbox.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from gridward.bus import DEAD, EVENTS, REPORTS, URGENT, full_name
from infra.kafka_log import KafkaLog, Offsets, Place


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics under one prefix."""

    intake: tuple[str, str]
    dead: str
    events: str

    @classmethod
    def under(cls, prefix: str) -> "Topics":
        intake = (full_name(REPORTS, prefix), full_name(URGENT, prefix))
        return cls(intake, full_name(DEAD, prefix), full_name(EVENTS, prefix))

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.intake, self.dead, self.events)


@dataclass(frozen=True, slots=True)
class Before:
    """Kafka before the snapshot: log ends, what the worker's group had acknowledged, and which cluster it is."""

    ends: Offsets
    acknowledged: Offsets
    cluster: str


@dataclass(frozen=True, slots=True)
class After:
    """Kafka after the snapshot: what is still there, and log ends."""

    begins: Offsets
    ends: Offsets


@dataclass(frozen=True, slots=True)
class Bus:
    """Kafka as the audit sees it."""

    log: KafkaLog
    topics: Topics
    before: Before
    after: After

    def of(self, topic: str, offsets: Offsets) -> dict[Place, int]:
        return {place: offset for place, offset in offsets.items() if place[0] == topic}

    def intake(self) -> list[Place]:
        return [place for place in self.after.ends if place[0] in self.topics.intake]


@dataclass(frozen=True, slots=True)
class Scene:
    """`connection` is inside the snapshot; `now` is the database's clock at that moment."""

    connection: asyncpg.Connection
    now: datetime
    grace: timedelta
    positions: Offsets

    @property
    def late(self) -> datetime:
        """What has waited since before this has waited too long."""
        return self.now - self.grace


@asynccontextmanager
async def snapshot(
    connection: asyncpg.Connection, grace: timedelta, cluster: str = ""
) -> AsyncIterator[Scene]:
    """One REPEATABLE READ transaction: every query in it sees the same moment. Positions are those in the logs
    of `cluster`, or all when it is not known: what another Kafka has counted says nothing of this one.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        now = await connection.fetchval("SELECT now()")
        rows = await connection.fetch(
            "SELECT topic, partition, next_offset FROM positions WHERE log IN ('', $1) OR $1 = ''", cluster
        )
        positions: Mapping[Place, int] = {(r["topic"], r["partition"]): r["next_offset"] for r in rows}
        yield Scene(connection, now, grace, positions)


def look_before(log: KafkaLog, topics: Topics) -> Before:
    """Raises `Unavailable`."""
    places = log.places(topics.all)
    ends = log.ends(places)
    acknowledged = log.acknowledged(p for p in places if p[0] in topics.intake)
    return Before(ends, acknowledged, log.cluster())


def look_after(log: KafkaLog, before: Before) -> After:
    """Raises `Unavailable`."""
    return After(log.begins(before.ends), log.ends(before.ends))
