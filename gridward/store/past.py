"""Earlier incidents that resemble one, and how they ended. Reads only.

Never sensitive ones: without accounts nobody is known to be in their handling chain. Nor what was merged or
cancelled, or has not gone anywhere yet: it says nothing about where such matters go.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gridward.policy.same import Matter
from gridward.store.connect import passing_errors
from gridward.store.similar import reach

_WENT = "'dispatched', 'accepted', 'returned', 'suspended', 'resolved', 'verified', 'closed', 'declined', 'handed_over'"
_OF_GROUP = (
    "SELECT i.id, i.number, i.status, i.category, i.unit, i.lon, i.lat, i.text, i.received_at FROM incidents i"
    f" WHERE NOT i.sensitive AND i.status IN ({_WENT}) AND i.id <> $1 AND i.received_at >= $2"
)
# The nearest first; `ix_incidents_past` finds the square.
NEAR = (
    f'{_OF_GROUP} AND "left"(i.category, 2) = ANY($3) AND i.lat BETWEEN $4::float - $6 AND $4 + $6'
    " AND i.lon BETWEEN $5::float - $7 AND $5 + $7"
    " ORDER BY (i.lat - $4) ^ 2 + ((i.lon - $5) * $6 / $7) ^ 2, i.received_at DESC LIMIT $8"
)
# The newest first, found by `ix_incidents_received`. Of what categories begin with, unlike of the group that is made
# of them, Postgres knows how common it is, and so that it need not read them all.
ANYWHERE = f"{_OF_GROUP} AND i.category LIKE ANY($3) ORDER BY i.received_at DESC LIMIT $4"
_ENDED = (
    "SELECT DISTINCT ON (incident_id) incident_id, at, event->>'outcome' AS outcome, event->>'line' AS line"
    " FROM journal WHERE incident_id = ANY($1::uuid[]) AND type IN ('resolved', 'declined', 'handed_over')"
    " ORDER BY incident_id, no DESC"
)
ENDED_STATUSES = frozenset({"resolved", "verified", "closed", "declined", "handed_over"})


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier incident as far as it is compared and shown."""

    id: str
    number: str
    status: str
    unit: str | None
    matter: Matter


@dataclass(frozen=True, slots=True)
class Ending:
    """When its work was done; with the outcome of a resolved one, and the line that a matter was handed to."""

    at: datetime
    outcome: str | None
    line: str | None


@dataclass(frozen=True, slots=True)
class Around:
    """Where and since when to look. `lon`, `lat` in WGS 84 degrees; None: anywhere."""

    lon: float | None
    lat: float | None
    within_m: float
    since: datetime
    most: int


async def past_of(pool: asyncpg.Pool, but: str, groups: Collection[str], around: Around) -> Sequence[Past]:
    """Those of the groups of categories ("05"), without incident `but`. Raises `Unavailable`."""
    if not groups:
        return []
    query, arguments = look_for(but, groups, around)
    with passing_errors():
        return [_past(row) for row in await pool.fetch(query, *arguments)]


def look_for(but: str, groups: Collection[str], around: Around) -> tuple[str, tuple[object, ...]]:
    """The query and its arguments: around the place, or anywhere when there is none."""
    if around.lon is None or around.lat is None:
        return ANYWHERE, (but, around.since, [f"{group}%" for group in sorted(groups)], around.most)
    degrees = reach(around.lat, around.within_m)
    return NEAR, (but, around.since, sorted(groups), around.lat, around.lon, *degrees, around.most)


async def endings(pool: asyncpg.Pool, found: Sequence[Past]) -> dict[str, Ending]:
    """How those of them that have ended did, by id. Raises `Unavailable`."""
    ended = [one.id for one in found if one.status in ENDED_STATUSES]
    if not ended:
        return {}
    with passing_errors():
        rows = await pool.fetch(_ENDED, ended)
    return {str(row["incident_id"]): Ending(row["at"], row["outcome"], row["line"]) for row in rows}


def _past(row: asyncpg.Record) -> Past:
    matter = Matter(row["text"], row["received_at"], row["category"], row["lon"], row["lat"])
    return Past(str(row["id"]), row["number"], row["status"], row["unit"], matter)
