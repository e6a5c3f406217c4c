"""One transaction of incidents in PostgreSQL: new ones by COPY, moved ones by pipelined updates."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import groupby
from zlib import crc32

import asyncpg

from gridward.clock import Clock
from gridward.domain.commands import Handled, Step
from gridward.domain.events import DeadlinePassed
from gridward.domain.incident import Incident
from gridward.domain.rules import DeadlineKind
from gridward.store import rows
from gridward.store.connect import passing_errors, transaction
from gridward.store.unit_of_work import Changes, Due
from gridward.wire import EXCERPT_LENGTH, messages

Row = tuple[object, ...]

BUCKETS = 16
LEASE = timedelta(seconds=30)

_LOCK = f"SELECT *, left(text, {EXCERPT_LENGTH}) AS excerpt FROM incidents WHERE id = ANY($1) ORDER BY id FOR UPDATE"
_TASKS = "SELECT * FROM tasks WHERE incident_id = ANY($1) ORDER BY incident_id, no"
_DEADLINES = "SELECT * FROM deadlines WHERE incident_id = ANY($1) ORDER BY incident_id, task, kind"
_POSITION = """
    INSERT INTO positions (topic, partition, next_offset, updated_at, log) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (topic, partition) DO UPDATE SET next_offset = $3, updated_at = $4, log = $5
    WHERE positions.next_offset < $3 OR positions.log <> $5
"""
_LEASE = """
    UPDATE deadlines SET leased_until = $3
    FROM (
        SELECT incident_id, task, kind FROM deadlines
        WHERE due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
        ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
    ) AS taken
    WHERE deadlines.incident_id = taken.incident_id
      AND deadlines.task = taken.task AND deadlines.kind = taken.kind
    RETURNING deadlines.incident_id, deadlines.task, deadlines.kind, deadlines.generation, deadlines.due_at
"""


def _assignments(columns: Sequence[str], first: int) -> str:
    return ", ".join(f"{column} = ${number}" for number, column in enumerate(columns, first))


def _upsert(table: str, columns: Sequence[str], key: Sequence[str], also: str = "") -> str:
    slots = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    changed = ", ".join(f"{c} = EXCLUDED.{c}" for c in columns if c not in key)
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({slots}) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}{also}"
    )


_MOVE = f"UPDATE incidents SET {_assignments(rows.STATE, 2)} WHERE id = $1"
_PUT_TASK = _upsert("tasks", rows.TASK, ("incident_id", "no"))
_PUT_DEADLINE = _upsert("deadlines", rows.DEADLINE, ("incident_id", "task", "kind"), ", leased_until = NULL")


class PostgresWork:
    """Keeps the promise of `UnitOfWork` on one open transaction."""

    def __init__(self, connection: asyncpg.Connection, clock: Clock) -> None:
        self.connection = connection
        self.now = clock.now()

    async def handled(self, keys: Collection[str]) -> Mapping[str, Handled]:
        if not keys:
            return {}
        found = await self.connection.fetch(
            "SELECT key, incident_id, body_hash FROM handled WHERE key = ANY($1)", list(keys)
        )
        return {row["key"]: Handled(str(row["incident_id"]), row["body_hash"]) for row in found}

    async def lock(self, incident_ids: Collection[str]) -> Mapping[str, Incident]:
        if not incident_ids:
            return {}
        ids = list(incident_ids)
        found = await self.connection.fetch(_LOCK, ids)
        tasks = by_incident(await self.connection.fetch(_TASKS, ids))
        deadlines = by_incident(await self.connection.fetch(_DEADLINES, ids))
        return {
            str(row["id"]): rows.incident_of(row, tasks.get(row["id"], ()), deadlines.get(row["id"], ()))
            for row in found
        }

    async def save(self, changes: Changes) -> None:
        await self.save_incidents(changes)
        await self.save_tasks(changes)
        await self.save_deadlines(changes)
        await self.copy("journal", rows.JOURNAL, [rows.journal_row(s.entry) for s in changes.steps])
        await self.copy("outbox", rows.OUTBOX, outbox_rows(changes.steps, self.now))
        await self.save_handled(changes)
        if changes.positions:
            values = [(p.topic, p.partition, p.next_offset, self.now, p.log) for p in changes.positions]
            await self.connection.executemany(_POSITION, sorted(values))

    async def save_incidents(self, changes: Changes) -> None:
        opened = [
            rows.incident_row(changes.after[id], facts, self.now) for id, facts in changes.opened.items()
        ]
        await self.copy("incidents", rows.INCIDENT, opened)
        moved = [
            (id, *rows.state_row(incident, self.now))
            for id, incident in changes.after.items()
            if id not in changes.opened and incident is not changes.before[id]
        ]
        if moved:
            await self.connection.executemany(_MOVE, moved)
        sealed = [
            (f.card.report_id, f.sealed.key_id, f.sealed.ciphertext, f.sealed.caller_hash, self.now)
            for f in changes.opened.values()
            if f.sealed
        ]
        columns = ("report_id", "key_id", "ciphertext", "caller_hash", "stored_at")
        await self.copy("personal_data", columns, sealed)

    async def save_tasks(self, changes: Changes) -> None:
        new: list[Row] = []
        changed: list[Row] = []
        for id, incident in changes.after.items():
            before = changes.before[id]
            kept = {task.no: task for task in before.tasks} if before else {}
            for task in incident.tasks:
                if kept.get(task.no) is not task:
                    (changed if before else new).append(rows.task_row(id, task))
        await self.copy("tasks", rows.TASK, new)
        if changed:
            await self.connection.executemany(_PUT_TASK, changed)

    async def save_deadlines(self, changes: Changes) -> None:
        new: list[Row] = []
        changed: list[Row] = []
        for id, incident in changes.after.items():
            before = changes.before[id]
            kept = {(d.task, d.kind): d for d in before.deadlines} if before else {}
            for deadline in incident.deadlines:
                if kept.get((deadline.task, deadline.kind)) is not deadline:
                    (changed if before else new).append(rows.deadline_row(id, deadline))
        await self.copy("deadlines", rows.DEADLINE, new)
        if changed:
            await self.connection.executemany(_PUT_DEADLINE, changed)

    async def save_handled(self, changes: Changes) -> None:
        keys = [(c.key, incident_id, c.body_hash, self.now) for c, incident_id in changes.handled]
        await self.copy("handled", ("key", "incident_id", "body_hash", "at"), keys)

    async def copy(self, table: str, columns: Sequence[str], records: Sequence[tuple[object, ...]]) -> None:
        if records:
            await self.connection.copy_records_to_table(table, records=records, columns=columns)


def by_incident(found: Sequence[asyncpg.Record]) -> dict[object, list[asyncpg.Record]]:
    return {id: list(group) for id, group in groupby(found, key=lambda row: row["incident_id"])}


def bucket_of(incident_id: str) -> int:
    """Which relay carries the incident's events; one bucket keeps one incident's order."""
    return crc32(incident_id.encode()) % BUCKETS


def outbox_rows(steps: Sequence[Step], now: datetime) -> list[Row]:
    return [
        (bucket_of(m.incident_id), m.incident_id, m.journal_no, m.type, m.payload, now)
        for m in messages(steps)
    ]


class PostgresStore:
    """Begins transactions and leases passed deadlines on a pool of connections."""

    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self.pool = pool
        self.clock = clock

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[PostgresWork]:
        async with transaction(self.pool) as connection:
            yield PostgresWork(connection, self.clock)

    async def lease_due(self, now: datetime, limit: int) -> list[Due]:
        with passing_errors():
            found = await self.pool.fetch(_LEASE, now, limit, now + LEASE)
        due = [
            Due(
                str(row["incident_id"]),
                row["due_at"],
                DeadlinePassed(row["task"], DeadlineKind(row["kind"]), row["generation"]),
            )
            for row in found
        ]
        return sorted(due, key=lambda d: d.due_at)
