"""Open incidents that a report may be about: near its place, or of its kind where no place is known. Reads only.

Sensitive matters are never suggested and never joined, so they are not even looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

import asyncpg

from gridward.policy.distance import METRES_PER_DEGREE
from gridward.policy.same import Matter
from gridward.store.connect import passing_errors
from gridward.store.tables import IN_HAND_LIST, OPEN_LIST

COLUMNS = (
    "i.id, i.number, i.status, i.category, i.severity, i.limit_class, i.grid, i.unit, i.lon, i.lat, i.text,"
    " i.received_at, i.report_id, p.caller_hash"
)
_FROM = (
    f"SELECT {COLUMNS} FROM incidents i LEFT JOIN personal_data p ON p.report_id = i.report_id WHERE"
    f" i.status IN ({OPEN_LIST}) AND NOT i.sensitive AND i.received_at >= $1"
)
_NEAR = (
    f"{_FROM} AND i.lat BETWEEN $2 AND $3 AND i.lon BETWEEN $4 AND $5 ORDER BY i.received_at DESC LIMIT $6"
)
# One look for each report of a batch, all in one query.
_AROUND = (
    "SELECT q.n, found.* FROM unnest($2::int[], $3::float[], $4::float[], $5::float[], $6::float[], $7::text[],"
    f" $9::text[]) AS q(n, south, north, west, east, kind, begins) CROSS JOIN LATERAL ({_FROM}"
    " AND i.lat BETWEEN q.south AND q.north AND i.lon BETWEEN q.west AND q.east"
    " AND q.kind IN ('', left(i.category, 2)) AND starts_with(i.text, q.begins)"
    " ORDER BY i.received_at DESC LIMIT $8) AS found"
)
_STILL_IN_HAND = (
    f"SELECT id FROM incidents WHERE id = ANY($1::uuid[]) AND status IN ({IN_HAND_LIST}) AND NOT sensitive"
    " ORDER BY id FOR UPDATE"
)
_AT_WORK = (
    "SELECT i.id, t.unit FROM incidents i JOIN tasks t ON t.incident_id = i.id WHERE i.id = ANY($1::uuid[])"
    " AND i.status IN ('dispatched', 'accepted') AND t.role <> 'desk' AND t.status IN ('offered', 'accepted')"
)
_TOLD = (
    "SELECT incident_id, event->>'unit' AS unit FROM journal"
    " WHERE incident_id = ANY($1::uuid[]) AND type = 'level_told'"
)
_BY_ID = f"{_FROM} AND i.id = ANY($2::uuid[])"
_OF_KIND = f"{_FROM} AND i.category = ANY($2) ORDER BY i.received_at DESC LIMIT $3"


@dataclass(frozen=True, slots=True)
class Known:
    """An open incident, as far as repeats and suggestions need it."""

    id: str
    number: str
    status: str
    severity: int
    limit_class: str
    grid: str | None
    unit: str | None
    matter: Matter


@dataclass(frozen=True, slots=True)
class Spot:
    """Where to look for report `n` of a batch (WGS 84 degrees), and for which group of categories; "": for any.

    `begins`: what the texts begin with.
    """

    n: int
    lon: float
    lat: float
    group: str
    begins: str = ""


async def around(
    connection: asyncpg.Connection, spots: Sequence[Spot], within_m: float, since: datetime, most: int
) -> list[tuple[int, Known]]:
    """For each spot the newest open ones of its group in the square around it. Raises `Unavailable`."""
    if not spots:
        return []
    squares = [square(spot.lon, spot.lat, within_m) for spot in spots]
    columns = [list(column) for column in zip(*squares, strict=True)]
    groups, begins = [spot.group for spot in spots], [spot.begins for spot in spots]
    with passing_errors():
        rows = await connection.fetch(
            _AROUND, since, [spot.n for spot in spots], *columns, groups, most, begins
        )
    return [(row["n"], known_of(row)) for row in rows]


async def by_id(connection: asyncpg.Connection, ids: Collection[str], since: datetime) -> dict[str, Known]:
    """Those of the incidents that are open, not sensitive and no older. Raises `Unavailable`."""
    if not ids:
        return {}
    with passing_errors():
        found = [known_of(row) for row in await connection.fetch(_BY_ID, since, sorted(ids))]
    return {one.id: one for one in found}


async def still_in_hand(connection: asyncpg.Connection, ids: Collection[str]) -> set[str]:
    """Those of the incidents that are still worked on, locked until the transaction ends. Raises `Unavailable`."""
    if not ids:
        return set()
    with passing_errors():
        return {str(row["id"]) for row in await connection.fetch(_STILL_IN_HAND, sorted(ids))}


async def units_at_work(connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, set[str]]:
    """The units with an open task, of those of the incidents that a unit has and others may join. Raises
    `Unavailable`.
    """
    found: dict[str, set[str]] = {}
    if ids:
        with passing_errors():
            for row in await connection.fetch(_AT_WORK, sorted(ids)):
                found.setdefault(str(row["id"]), set()).add(row["unit"])
    return found


async def told_units(connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, set[str]]:
    """The units that were told of each of the incidents before, as their journals say. Raises `Unavailable`."""
    found: dict[str, set[str]] = {}
    if ids:
        with passing_errors():
            for row in await connection.fetch(_TOLD, sorted(ids)):
                found.setdefault(str(row["incident_id"]), set()).add(row["unit"])
    return found


def square(lon: float, lat: float, within_m: float) -> tuple[float, float, float, float]:
    """South, north, west, east of the square in degrees."""
    north, east = reach(lat, within_m)
    return lat - north, lat + north, lon - east, lon + east


def reach(lat: float, within_m: float) -> tuple[float, float]:
    """Metres as degrees to the north and to the east, at this latitude."""
    north = within_m / METRES_PER_DEGREE
    return north, north / max(cos(radians(lat)), 0.01)


async def near(
    connection: asyncpg.Pool | asyncpg.Connection,
    lon: float,
    lat: float,
    within_m: float,
    since: datetime,
    most: int,
) -> list[Known]:
    """The newest open ones in the square around a place (WGS 84 degrees). Raises `Unavailable`."""
    with passing_errors():
        rows = await connection.fetch(_NEAR, since, *square(lon, lat, within_m), most)
    return [known_of(row) for row in rows]


async def of_kind(
    connection: asyncpg.Pool | asyncpg.Connection, categories: Sequence[str], since: datetime, most: int
) -> list[Known]:
    """The newest open ones of these categories, wherever they are. Raises `Unavailable`."""
    with passing_errors():
        rows = await connection.fetch(_OF_KIND, since, list(categories), most)
    return [known_of(row) for row in rows]


def matter_of(row: Any) -> Matter:
    """What is compared, from a row that has at least the columns of an incident and `caller_hash`."""
    return Matter(
        row["text"], row["received_at"], row["category"], row["lon"], row["lat"], row["caller_hash"]
    )


def known_of(row: Any) -> Known:
    """From a row of `COLUMNS`."""
    return Known(
        str(row["id"]),
        row["number"],
        row["status"],
        row["severity"],
        row["limit_class"],
        row["grid"],
        row["unit"],
        matter_of(row),
    )
