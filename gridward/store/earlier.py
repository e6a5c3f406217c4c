"""Earlier incidents that a report may repeat, open or finished, and the reports that each of them stands for.

Reads only. A sensitive report is compared with sensitive ones alone, and an ordinary one with ordinary ones: a link
between them would tell the units of one that the other exists.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from gridward.domain.limits import Limit
from gridward.domain.transitions import DONE, Status
from gridward.policy.same import Matter
from gridward.store.connect import passing_errors
from gridward.store.similar import matter_of, square

# Of one matter: a third report makes it a repeat, and whether the 200th is the 201st decides nothing any more.
MOST_VOICES = 200

_FINISHED = ", ".join(f"'{status.value}'" for status in (*DONE, Status.CLOSED))
_COLUMNS = (
    "i.id, i.number, i.status, i.category, i.severity, i.limit_class, i.finish_limit, i.sensitive, i.grid, i.unit,"
    " i.lon, i.lat, i.text, i.received_at, i.merged_into, p.caller_hash,"
    f" CASE WHEN i.status IN ({_FINISHED}) THEN (SELECT max(j.received_at) FROM journal j WHERE j.incident_id = i.id"
    " AND j.type = CASE i.status WHEN 'closed' THEN 'closed' ELSE 'resolved' END) END AS finished_at"
)
_FROM = "FROM incidents i LEFT JOIN personal_data p ON p.report_id = i.report_id"
_IN_TIME = (
    "i.status <> 'cancelled' AND i.received_at >= $1"
    f" AND (i.received_at >= $2 OR i.status IN ({_FINISHED}) AND i.updated_at >= $2)"
)
# One look for each report of a batch, all in one query.
_IN_GRIDS = (
    "SELECT q.n, found.* FROM unnest($3::int[], $4::text[], $5::text[], $6::bool[], $7::float[], $8::float[],"
    " $9::float[], $10::float[]) AS q(n, grid, kind, hidden, south, north, west, east)"
    f" CROSS JOIN LATERAL (SELECT {_COLUMNS} {_FROM} WHERE i.grid = q.grid AND {_IN_TIME}"
    " AND (q.south IS NULL OR i.lat IS NULL"
    " OR i.lat BETWEEN q.south AND q.north AND i.lon BETWEEN q.west AND q.east)"
    " AND left(i.category, 2) = q.kind AND i.sensitive = q.hidden ORDER BY i.received_at DESC LIMIT $11) AS found"
)
_OF_CALLERS = (
    "SELECT q.n, found.* FROM unnest($3::int[], $4::bytea[], $5::bool[]) AS q(n, caller, hidden)"
    f" CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM personal_data p JOIN incidents i ON i.report_id = p.report_id"
    f" WHERE p.caller_hash = q.caller AND {_IN_TIME} AND i.sensitive = q.hidden"
    " ORDER BY i.received_at DESC LIMIT $6) AS found"
)
_BY_ID = f"SELECT {_COLUMNS} {_FROM} WHERE i.id = ANY($1::uuid[])"
_VOICES = (
    f"SELECT found.* FROM unnest($1::uuid[]) AS head CROSS JOIN LATERAL (SELECT {_COLUMNS} {_FROM}"
    f" WHERE i.merged_into = head AND i.received_at >= $2 ORDER BY i.received_at DESC LIMIT {MOST_VOICES}) AS found"
)
_RAISED = (
    "SELECT DISTINCT incident_id FROM journal WHERE incident_id = ANY($1::uuid[])"
    " AND (type = 'linked' OR type = 'raised' AND event->>'cause' = 'repeat')"
)
_RAISED_BY = (
    "SELECT EXISTS (SELECT FROM journal WHERE incident_id = $1 AND type = 'raised' AND event->>'by' = $2)"
)
_SAID_AGAIN = """
    SELECT event->>'child' AS child FROM journal WHERE incident_id = $1 AND type = 'child_joined'
    AND event->'same_caller' = 'true' AND coalesce(event->'new', '[]') = '[]'
"""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An incident of any status, as far as repeats need it. `finished_at`: when it was closed, or else when its unit
    said that it is done; None while it is neither.
    """

    id: str
    number: str
    status: str
    severity: int
    limit_class: str
    finish_limit: Limit | None
    sensitive: bool
    grid: str | None
    unit: str | None
    merged_into: str | None
    finished_at: datetime | None
    matter: Matter


@dataclass(frozen=True, slots=True)
class Since:
    """From when on incidents count: those that came later than `moment`, and those that were finished later than
    `moment` and came later than `received`.
    """

    moment: datetime
    received: datetime


@dataclass(frozen=True, slots=True)
class InGrid:
    """Where to look for report `n` of a batch: one grid, one group of categories, sensitive ones or the others.

    With a place (WGS 84 degrees) only around it, and at what has none.
    """

    n: int
    grid: str
    group: str
    sensitive: bool
    lon: float | None = None
    lat: float | None = None


async def in_grids(
    connection: asyncpg.Connection, looks: Sequence[InGrid], within_m: float, since: Since, most: int
) -> list[tuple[int, Earlier]]:
    """The newest of each look. Raises `Unavailable`."""
    if not looks:
        return []
    rows = [(q.n, q.grid, q.group, q.sensitive, *_around(q, within_m)) for q in looks]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with passing_errors():
        found = await connection.fetch(_IN_GRIDS, since.received, since.moment, *columns, most)
    return [(row["n"], _earlier(row)) for row in found]


def _around(look: InGrid, within_m: float) -> tuple[float | None, ...]:
    if look.lon is None or look.lat is None:
        return (None,) * 4
    return square(look.lon, look.lat, within_m)


async def of_callers(
    connection: asyncpg.Connection, callers: Sequence[tuple[int, bytes, bool]], since: Since, most: int
) -> list[tuple[int, Earlier]]:
    """The newest of each caller (number in the batch, keyed hash, sensitive ones or others). Raises `Unavailable`."""
    if not callers:
        return []
    columns = [list(column) for column in zip(*callers, strict=True)]
    with passing_errors():
        found = await connection.fetch(_OF_CALLERS, since.received, since.moment, *columns, most)
    return [(row["n"], _earlier(row)) for row in found]


async def these(connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, Earlier]:
    """Those of `ids` that exist. Raises `Unavailable`."""
    if not ids:
        return {}
    with passing_errors():
        found = await connection.fetch(_BY_ID, sorted(ids))
    return {str(row["id"]): _earlier(row) for row in found}


async def voices_of(
    connection: asyncpg.Connection, ids: Collection[str], since: datetime
) -> dict[str, list[Earlier]]:
    """The newest `MOST_VOICES` that came since then and were merged into each of these. Raises `Unavailable`."""
    if not ids:
        return {}
    with passing_errors():
        found = await connection.fetch(_VOICES, sorted(ids), since)
    voices: dict[str, list[Earlier]] = {}
    for row in found:
        voices.setdefault(str(row["merged_into"]), []).append(_earlier(row))
    return voices


async def raised_before(connection: asyncpg.Connection, ids: Collection[str]) -> set[str]:
    """Those that were raised as repeat matters before: once is enough. Raises `Unavailable`."""
    if not ids:
        return set()
    with passing_errors():
        return {str(row["incident_id"]) for row in await connection.fetch(_RAISED, sorted(ids))}


async def was_raised_by(pool: asyncpg.Pool, id: str, by: str) -> bool:
    """Whether that other incident made this one graver. Raises `Unavailable`."""
    with passing_errors():
        return bool(await pool.fetchval(_RAISED_BY, id, by))


async def said_again(pool: asyncpg.Pool, id: str) -> set[str]:
    """Those that joined the incident as its own reporter's, with nothing new. Raises `Unavailable`."""
    with passing_errors():
        return {row["child"] for row in await pool.fetch(_SAID_AGAIN, id)}


def _earlier(row: Any) -> Earlier:
    return Earlier(
        str(row["id"]),
        row["number"],
        row["status"],
        row["severity"],
        row["limit_class"],
        Limit.parse(row["finish_limit"]) if row["finish_limit"] else None,
        row["sensitive"],
        row["grid"],
        row["unit"],
        str(row["merged_into"]) if row["merged_into"] else None,
        row["finished_at"],
        matter_of(row),
    )
