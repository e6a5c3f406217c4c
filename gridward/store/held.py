"""What is told in an incident: its own report, and those that were merged into it, directly or through another.

Also whom an incident concerns: the units that have it, those that it accuses, and so what is hidden from them. Reads
only.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import asyncpg

from gridward.domain.transitions import Status
from gridward.policy.accused import recorded
from gridward.policy.classify import recorded_alarm, recorded_over
from gridward.store.connect import passing_errors

_REPORTS = f"""
    WITH RECURSIVE held AS (
        SELECT id AS head, id FROM incidents WHERE id = ANY($1::uuid[])
        UNION
        SELECT held.head, i.id FROM incidents i JOIN held ON i.merged_into = held.id
        WHERE i.status = '{Status.MERGED.value}'
    )
    SELECT held.head, i.id, i.merged_into, i.text, i.category, i.grid, i.sensitive, i.why
    FROM held JOIN incidents i USING (id) ORDER BY held.head <> i.id, i.received_at, i.id
"""
_GUARDED = """
    SELECT i.id, i.sensitive, i.category IS NOT NULL AS is_known,
        jsonb_path_query_array(i.why, '$.unit.excluded[*].unit') AS accused
    FROM incidents i WHERE i.id = ANY($1::uuid[])
"""
_CONCERNED = """
    SELECT i.id, i.why->'unit'->'excluded' AS excluded,
        ARRAY(SELECT t.unit FROM tasks t WHERE t.incident_id = i.id AND t.role <> 'desk') AS units
    FROM incidents i WHERE i.id = ANY($1::uuid[])
"""


@dataclass(frozen=True, slots=True)
class Concerned:
    """The units that have or had a task of an incident, and those that triage found accused in its text."""

    units: frozenset[str] = frozenset()
    accused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads of other incidents: whoever handles this one, which is `sensitive` or not, and `names` those.

    `units`: those that have or had a task of it.
    """

    sensitive: bool
    units: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One report as it is told in an incident. `into`: what it was merged into. `accused`: the units that triage found
    accused in its text; others may stand accused by what is known since. `is_over`: it tells that a danger is over;
    `alarm`: the words by which it was found grave.
    """

    id: str
    into: str | None
    text: str
    category: str | None
    grid: str | None
    sensitive: bool
    accused: tuple[str, ...]
    is_over: bool = False
    alarm: str = ""


async def reports_in(pool: asyncpg.Pool, ids: Collection[str]) -> dict[str, list[Told]]:
    """For each of the incidents its own report, then those it holds, the oldest first. Raises `Unavailable`."""
    with passing_errors():
        rows = await pool.fetch(_REPORTS, sorted(ids))
    found: dict[str, list[Told]] = {}
    for row in rows:
        into = str(row["merged_into"]) if row["merged_into"] else None
        one = Told(
            str(row["id"]),
            into,
            row["text"],
            row["category"],
            row["grid"],
            row["sensitive"],
            recorded(row["why"]),
            recorded_over(row["why"]),
            recorded_alarm(row["why"]),
        )
        found.setdefault(str(row["head"]), []).append(one)
    return found


async def concerned_by(connection: asyncpg.Connection, ids: Collection[str]) -> dict[str, Concerned]:
    """Whom each of the incidents concerns. Raises `Unavailable`."""
    if not ids:
        return {}
    with passing_errors():
        rows = await connection.fetch(_CONCERNED, sorted(ids))
    return {
        str(row["id"]): Concerned(
            frozenset(row["units"]), frozenset(one["unit"] for one in row["excluded"] or ())
        )
        for row in rows
    }


async def hidden_from(pool: asyncpg.Pool, readings: Sequence[Reading]) -> list[set[str]]:
    """For each reading the incidents named that its readers may not know of: what is sensitive while theirs is not, and
    what accuses a unit that has a task there. Raises `Unavailable`.
    """
    ids = frozenset[str]().union(*(reading.names for reading in readings))
    if not ids:
        return [set() for _ in readings]
    with passing_errors():
        found = {str(row["id"]): row for row in await pool.fetch(_GUARDED, sorted(ids))}
    return [{id for id in one.names if id in found and _is_hidden(found[id], one)} for one in readings]


def _is_hidden(other: asyncpg.Record, reading: Reading) -> bool:
    """One that is hidden only because nobody knows yet what it is may be named: it raises what it is about."""
    accused = frozenset(other["accused"] or ())
    is_guarded = other["sensitive"] and (other["is_known"] or bool(accused))
    return (is_guarded and not reading.sensitive) or not accused.isdisjoint(reading.units)
