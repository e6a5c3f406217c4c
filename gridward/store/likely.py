"""Open incidents that one which waits at the desk may repeat. Reads only.

Ordinary and sensitive ones are asked for apart: who may not know of the sensitive ones never has them looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gridward.store.connect import passing_errors
from gridward.store.similar import COLUMNS, Known, known_of, reach
from gridward.store.tables import IN_HAND_LIST, OPEN_LIST

# The index on places knows the words for what is open only, so they are repeated beside the narrower ones.
_LOOK = (
    f"SELECT i.* FROM incidents i WHERE i.status IN ({OPEN_LIST}) AND i.status IN ({IN_HAND_LIST})"
    " AND i.id <> $1 AND i.received_at BETWEEN $2 AND $3"
)
_NEAREST = (
    " AND i.lat BETWEEN $4::float - $6 AND $4 + $6 AND i.lon BETWEEN $5::float - $7 AND $5 + $7"
    " ORDER BY (i.lat - $4) ^ 2 + ((i.lon - $5) * $6 / $7) ^ 2, i.received_at DESC LIMIT $8"
)
_NEWEST = " AND (i.category IS NULL OR i.category = ANY($4)) ORDER BY i.received_at DESC LIMIT $5"
_HIDDEN = {False: " AND NOT i.sensitive", True: " AND i.sensitive"}


@dataclass(frozen=True, slots=True)
class Look:
    """Around which incident: `lon`, `lat` in WGS 84 degrees; without them among the newest of `kinds` and of none."""

    but: str
    since: datetime
    until: datetime
    lon: float | None
    lat: float | None
    within_m: float
    kinds: Sequence[str]
    most: int


async def in_hand(pool: asyncpg.Pool, look: Look, *, sensitive: bool) -> list[Known]:
    """What is still worked on: the sensitive ones alone, or the others alone. Raises `Unavailable`."""
    query, arguments = look_for(look, sensitive)
    with passing_errors():
        return [known_of(row) for row in await pool.fetch(query, *arguments)]


def look_for(look: Look, sensitive: bool) -> tuple[str, tuple[object, ...]]:
    """The query and its arguments."""
    when = (look.but, look.since, look.until)
    if look.lon is None or look.lat is None:
        return _with_callers(_LOOK + _HIDDEN[sensitive] + _NEWEST), (*when, list(look.kinds), look.most)
    degrees = reach(look.lat, look.within_m)
    query = _with_callers(_LOOK + _HIDDEN[sensitive] + _NEAREST)
    return query, (*when, look.lat, look.lon, *degrees, look.most)


def _with_callers(few: str) -> str:
    """Joined after the few are chosen, and not to all that are near."""
    return f"SELECT {COLUMNS} FROM ({few}) AS i LEFT JOIN personal_data p ON p.report_id = i.report_id"
