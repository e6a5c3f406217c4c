"""Open incidents that a report may be about: near its place, or of its kind where no place is known. Reads only.

Sensitive matters are never suggested and never joined, so they are not even looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

import asyncpg

from gridward.policy.distance import METRES_PER_DEGREE
from gridward.policy.same import Matter
from gridward.store.connect import passing_errors
from gridward.store.tables import OPEN_LIST

_COLUMNS = (
    "i.id, i.number, i.status, i.category, i.severity, i.grid, i.unit, i.lon, i.lat, i.text, i.received_at,"
    " i.report_id, p.caller_hash"
)
_FROM = (
    f"SELECT {_COLUMNS} FROM incidents i LEFT JOIN personal_data p ON p.report_id = i.report_id WHERE"
    f" i.status IN ({OPEN_LIST}) AND NOT i.sensitive AND i.received_at >= $1"
)
_NEAR = (
    f"{_FROM} AND i.lat BETWEEN $2 AND $3 AND i.lon BETWEEN $4 AND $5 ORDER BY i.received_at DESC LIMIT $6"
)
_OF_KIND = f"{_FROM} AND i.category = ANY($2) ORDER BY i.received_at DESC LIMIT $3"


@dataclass(frozen=True, slots=True)
class Known:
    """An open incident, as far as repeats and suggestions need it."""

    id: str
    number: str
    status: str
    severity: int
    grid: str | None
    unit: str | None
    matter: Matter


async def near(
    connection: asyncpg.Pool | asyncpg.Connection,
    lon: float,
    lat: float,
    within_m: float,
    since: datetime,
    most: int,
) -> list[Known]:
    """The newest open ones in the square around a place (WGS 84 degrees). Raises `Unavailable`."""
    north = within_m / METRES_PER_DEGREE
    east = north / max(cos(radians(lat)), 0.01)
    with passing_errors():
        rows = await connection.fetch(_NEAR, since, lat - north, lat + north, lon - east, lon + east, most)
    return [_known(row) for row in rows]


async def of_kind(
    connection: asyncpg.Pool | asyncpg.Connection, categories: Sequence[str], since: datetime, most: int
) -> list[Known]:
    """The newest open ones of these categories, wherever they are. Raises `Unavailable`."""
    with passing_errors():
        rows = await connection.fetch(_OF_KIND, since, list(categories), most)
    return [_known(row) for row in rows]


def _known(row: Any) -> Known:
    matter = Matter(
        row["text"], row["received_at"], row["category"], row["lon"], row["lat"], row["caller_hash"]
    )
    return Known(
        str(row["id"]), row["number"], row["status"], row["severity"], row["grid"], row["unit"], matter
    )
