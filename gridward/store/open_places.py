"""Open incidents that have a place, for whoever asks what other boundaries would make of them."""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gridward.domain.place import Point
from gridward.domain.transitions import OPEN
from gridward.store.connect import passing_errors

_OPEN_WITH_A_PLACE = """
SELECT number, grid, unit, lon, lat, accuracy_m, category, severity, received_at FROM incidents
WHERE status = ANY($1) AND lon IS NOT NULL AND lat IS NOT NULL ORDER BY received_at, number
"""


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An open incident with the grid that it was given (None: the desk has still to choose) and its place; and what
    decides whose it would be elsewhere. `category` is None while nobody knows it.
    """

    number: str
    grid: str | None
    unit: str | None
    point: Point
    received_at: datetime
    category: str | None = None
    severity: int = 4


async def open_with_a_place(source: asyncpg.Pool | asyncpg.Connection) -> list[OpenIncident]:
    """In the order in which they came. Raises `Unavailable`."""
    with passing_errors():
        rows = await source.fetch(_OPEN_WITH_A_PLACE, [str(status) for status in OPEN])
    return [
        OpenIncident(
            row["number"],
            row["grid"],
            row["unit"],
            Point(row["lon"], row["lat"], row["accuracy_m"]),
            row["received_at"],
            row["category"],
            row["severity"],
        )
        for row in rows
    ]
