"""Proves conservation: what was accepted is there once, and Kafka and PostgreSQL tell the same story."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from gridward.bus import WORKER_GROUP, full_name
from gridward.domain.errors import Unavailable
from gridward.settings import Settings
from gridward.store.connect import passing_errors, prepare
from infra.audit import deadlines, events, incidents, outbox, positions, reports
from infra.audit.finding import Finding
from infra.audit.scene import Before, Bus, Scene, Topics, look_after, look_before, snapshot
from infra.kafka_log import KafkaLog

# What the database can be asked alone, and what it takes both sides for.
OF_THE_DATABASE: tuple[Callable[[Scene], Awaitable[Finding]], ...] = (
    incidents.keys,
    incidents.numbers,
    incidents.journals,
    deadlines.acted_once,
    deadlines.watched,
)
OF_BOTH: tuple[Callable[[Scene, Bus], Awaitable[Finding]], ...] = (
    reports.reports,
    events.events,
    positions.positions,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings, and the moment that they are true of."""

    as_of: datetime
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)


async def audit(settings: Settings, grace: timedelta) -> Verdict:
    """Check every promise once. Raises `Unavailable` when the database cannot be reached.

    Without Kafka the database is checked alone, and that Kafka is missing is a finding.
    """
    with ExitStack() as stack:
        topics = Topics.under(settings.topic_prefix)
        log: KafkaLog | None = None
        before: Before | None = None
        trouble = ""
        try:
            group = full_name(WORKER_GROUP, settings.topic_prefix)
            log = stack.enter_context(KafkaLog(settings.kafka, group))
            before = look_before(log, topics)
        except Unavailable as outage:
            trouble = str(outage)
        cluster = before.cluster if before else ""
        async with connected(settings) as connection, snapshot(connection, grace, cluster) as scene:
            bus: Bus | None = None
            if log is not None and before is not None:
                try:
                    bus = Bus(log, topics, before, look_after(log, before))
                except Unavailable as outage:
                    trouble = str(outage)
            return Verdict(scene.now, tuple(await check(scene, bus, trouble)))


async def check(scene: Scene, bus: Bus | None, trouble: str) -> list[Finding]:
    findings = [await look(scene) for look in OF_THE_DATABASE]
    findings.append(await outbox.outbox(scene, bus))
    if bus is None:
        return [*findings, no_kafka(trouble)]
    absent = [topic for topic in bus.topics.all if not bus.of(topic, bus.before.ends)]
    if absent:
        trouble = f"缺少主题，请 ./run topics --create / no such topic: {', '.join(absent)}"
        return [*findings, no_kafka(trouble), await positions.positions(scene, bus)]
    try:
        findings += [await look_at(scene, bus) for look_at in OF_BOTH]
    except Unavailable as outage:
        findings.append(no_kafka(str(outage)))
    return findings


def no_kafka(trouble: str) -> Finding:
    finding = Finding("kafka", "Kafka 可核对 / Kafka can be checked")
    finding.add("kafka", f"无法核对 / cannot be checked: {trouble}")
    return finding


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    """One connection. Raises `Unavailable`."""
    with passing_errors():
        connection = await asyncpg.connect(settings.database_url)
        try:
            await prepare(connection)
            yield connection
        finally:
            await connection.close()
