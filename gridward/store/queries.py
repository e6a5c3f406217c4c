"""What people look at: incidents by filter, one in full, its journal, and counts. Reads only.

Everything here raises `Unavailable` when the database is away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from gridward.domain.incident import Incident
from gridward.domain.transitions import OPEN
from gridward.store import rows
from gridward.store.connect import passing_errors
from gridward.store.postgres import by_incident
from gridward.wire import EXCERPT_LENGTH

Cursor = tuple[datetime, str]  # received_at and id of the last one seen

OPEN_STATUSES = tuple(status.value for status in OPEN)

_DESK_TASK = (
    "EXISTS (SELECT FROM tasks t WHERE t.incident_id = i.id"
    " AND t.role = 'desk' AND t.status IN ('offered', 'accepted'))"
)
_COLUMNS = f"i.*, left(i.text, {EXCERPT_LENGTH}) AS excerpt"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; a field left empty does not narrow. `words` is looked for in numbers and open texts."""

    statuses: Sequence[str] = ()
    severities: Sequence[int] = ()
    category: str = ""  # a code or the beginning of one
    unit: str = ""
    grid: str = ""  # a code or the beginning of one
    overdue_at: datetime | None = None
    doubt: bool | None = None
    words: str = ""
    # Codes whose names hold the words: the names themselves are not in the database.
    named_units: Sequence[str] = ()
    named_categories: Sequence[str] = ()
    named_grids: Sequence[str] = ()


class _Where:
    """Conditions and their arguments, numbered as they come."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.arguments: list[Any] = []

    def slot(self, value: Any) -> str:
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition.format(*[self.slot(value) for value in values]))

    def __str__(self) -> str:
        return " AND ".join(self.conditions) or "true"


def _where(wanted: Filter) -> _Where:
    where = _Where()
    if wanted.statuses:
        where.add("i.status = ANY({})", list(wanted.statuses))
    if wanted.severities:
        where.add("i.severity = ANY({})", list(wanted.severities))
    if wanted.category:
        where.add("starts_with(i.category, {})", wanted.category)
    if wanted.unit:
        where.add("i.unit = {}", wanted.unit)
    if wanted.grid:
        where.add("starts_with(i.grid, {})", wanted.grid)
    if wanted.overdue_at:
        where.add("i.next_due_at < {}", wanted.overdue_at)
    if wanted.doubt is not None:
        where.add(_DESK_TASK if wanted.doubt else f"NOT {_DESK_TASK}")
    if wanted.words:
        _find_words(where, wanted)
    return where


def _find_words(where: _Where, wanted: Filter) -> None:
    """Sensitive texts are never found by what they say."""
    where.add(
        "(i.number ILIKE {0} OR i.unit = ANY({1}) OR i.category = ANY({2}) OR i.grid = ANY({3})"
        " OR (NOT i.sensitive AND (i.text ILIKE {0} OR i.address ILIKE {0})))",
        f"%{_literal(wanted.words)}%",
        list(wanted.named_units),
        list(wanted.named_categories),
        list(wanted.named_grids),
    )


def _literal(words: str) -> str:
    """The same words where LIKE sees no wildcards."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def find_incidents(
    pool: asyncpg.Pool, wanted: Filter, limit: int, after: Cursor | None = None
) -> tuple[list[Incident], int]:
    """The newest first, from behind `after`; and how many there are in all."""
    where = _where(wanted)
    counting, count_arguments = f"SELECT count(*) FROM incidents i WHERE {where}", list(where.arguments)
    if after:
        where.add("(i.received_at, i.id) < ({}, {})", *after)
    listing = (
        f"SELECT {_COLUMNS} FROM incidents i WHERE {where}"
        f" ORDER BY i.received_at DESC, i.id DESC LIMIT {where.slot(limit)}"
    )
    with passing_errors():
        async with pool.acquire(timeout=5) as connection, _snapshot(connection):
            total = await connection.fetchval(counting, *count_arguments)
            found = await connection.fetch(listing, *where.arguments)
            return await _incidents(connection, found), total


async def incident_id(pool: asyncpg.Pool, number: str) -> str | None:
    """The id of the incident with that number."""
    with passing_errors():
        found = await pool.fetchval("SELECT id FROM incidents WHERE number = $1", number)
    return str(found) if found else None


async def incidents_by_id(pool: asyncpg.Pool, ids: Sequence[str]) -> dict[str, Incident]:
    """Those of `ids` that exist."""
    with passing_errors():
        async with pool.acquire(timeout=5) as connection, _snapshot(connection):
            found = await connection.fetch(
                f"SELECT {_COLUMNS} FROM incidents i WHERE id = ANY($1)", list(ids)
            )
            return {incident.id: incident for incident in await _incidents(connection, found)}


@dataclass(frozen=True, slots=True)
class Full:
    """One incident with everything that is kept of it. `personal` is None when nothing personal came."""

    incident: Incident
    row: asyncpg.Record
    journal: list[asyncpg.Record]
    personal: asyncpg.Record | None


async def full_incident(pool: asyncpg.Pool, id: str) -> Full | None:
    """All of one incident, as it was at one moment."""
    with passing_errors():
        async with pool.acquire(timeout=5) as connection, _snapshot(connection):
            found = await connection.fetch(f"SELECT {_COLUMNS} FROM incidents i WHERE id = $1", id)
            if not found:
                return None
            incident = (await _incidents(connection, found))[0]
            journal = await connection.fetch("SELECT * FROM journal WHERE incident_id = $1 ORDER BY no", id)
            personal = await connection.fetchrow(
                "SELECT * FROM personal_data WHERE report_id = $1", found[0]["report_id"]
            )
            return Full(incident, found[0], journal, personal)


async def full_of_report(pool: asyncpg.Pool, report_id: str) -> Full | None:
    """The incident that this report opened."""
    with passing_errors():
        id = await pool.fetchval("SELECT id FROM incidents WHERE report_id = $1", report_id)
    return await full_incident(pool, str(id)) if id else None


async def handled_body(pool: asyncpg.Pool, key: str) -> tuple[str, bytes] | None:
    """Which incident a key was handled for, and its body's hash."""
    with passing_errors():
        row = await pool.fetchrow("SELECT incident_id, body_hash FROM handled WHERE key = $1", key)
    return (str(row["incident_id"]), row["body_hash"]) if row else None


_COUNTS = f"""
    SELECT
        count(*) FILTER (WHERE i.status = ANY($1)) AS open,
        count(*) FILTER (WHERE i.status = 'queued') AS queued,
        count(*) FILTER (WHERE i.status = 'dispatched') AS dispatched,
        count(*) FILTER (WHERE i.status = 'accepted') AS accepted,
        count(*) FILTER (WHERE i.status = 'returned') AS returned,
        count(*) FILTER (WHERE i.status = 'suspended') AS suspended,
        count(*) FILTER (WHERE i.status = 'resolved') AS resolved,
        count(*) FILTER (WHERE i.status = 'verified') AS verified,
        count(*) FILTER (WHERE i.next_due_at < $2) AS overdue,
        count(*) FILTER (WHERE i.next_due_at >= $2 AND i.next_due_at - $2 <= (i.next_due_at - (
            SELECT max(d.started_at) FROM deadlines d
            WHERE d.incident_id = i.id AND d.ended_at IS NULL AND d.paused_at IS NULL)) / 4) AS due_soon,
        count(*) FILTER (WHERE i.light = 'amber') AS amber,
        count(*) FILTER (WHERE i.light = 'red') AS red,
        count(*) FILTER (WHERE {_DESK_TASK}) AS doubt,
        count(*) FILTER (WHERE i.received_at >= $3) AS received_today
    FROM incidents i WHERE i.status = ANY($1) OR i.received_at >= $3
"""


async def counts(pool: asyncpg.Pool, now: datetime, today: datetime) -> dict[str, int]:
    """How many are open, by status and by clock; and how many came since `today` began.

    Due soon: only the last quarter of the time is left, counted from the newest clock's start.
    """
    with passing_errors():
        row = await pool.fetchrow(_COUNTS, list(OPEN_STATUSES), now, today)
    return dict(row.items())


async def record_reveal(
    pool: asyncpg.Pool, incident_id: str, report_id: str, actor: Any, purpose: str, at: datetime
) -> None:
    """Write down who looks at whose personal data, and what for."""
    with passing_errors():
        await pool.execute(
            "INSERT INTO reveals (incident_id, report_id, actor, purpose, at) VALUES ($1, $2, $3, $4, $5)",
            incident_id,
            report_id,
            actor,
            purpose,
            at,
        )


def _snapshot(connection: asyncpg.Connection) -> Any:
    """A row and its tasks must be of the same moment."""
    return connection.transaction(isolation="repeatable_read", readonly=True)


async def _incidents(connection: asyncpg.Connection, found: Sequence[asyncpg.Record]) -> list[Incident]:
    ids = [row["id"] for row in found]
    if not ids:
        return []
    tasks = by_incident(
        await connection.fetch(
            "SELECT * FROM tasks WHERE incident_id = ANY($1) ORDER BY incident_id, no", ids
        )
    )
    deadlines = by_incident(
        await connection.fetch(
            "SELECT * FROM deadlines WHERE incident_id = ANY($1) ORDER BY incident_id, task, kind", ids
        )
    )
    return [rows.incident_of(row, tasks.get(row["id"], ()), deadlines.get(row["id"], ())) for row in found]
