"""What people made of the machine's guesses: each category that a person gave, and how often the machine was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from gridward.store.connect import passing_errors


@dataclass(frozen=True, slots=True)
class Correction:
    """A person filed an incident under `category`; the machine had guessed `guessed` (None: nothing)."""

    incident_id: str
    text: str
    guessed: str | None
    category: str
    severity: int
    urgent: bool | None  # what the machine found; a person does not say it apart
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """Incidents of one week and one guessed category. `sent`: without a person; `corrected`: of these, now another
    category. `asked`: to the desk; `settled`: of these, named by a person; `agreed`: as the machine had guessed.
    """

    week: date
    category: str | None
    sent: int
    corrected: int
    asked: int
    settled: int
    agreed: int
    confidence: float  # the mean over all of them


_CORRECTIONS = """
    SELECT i.id::text AS incident_id, i.text, i.why->'category'->>'code' AS guessed,
           j.event->>'category' AS category, i.severity,
           (i.why->'category'->>'urgent')::boolean AS urgent, j.actor->>'id' AS by, j.at
    FROM journal j JOIN incidents i ON i.id = j.incident_id
    WHERE j.type = 'dispatched' AND j.event->>'category' IS NOT NULL AND j.actor->>'role' <> 'machine'
      AND j.received_at >= $1
    ORDER BY j.received_at
"""

# The category is the last that a person gave, if any; weeks begin on Monday in China.
_ANSWERED = """
    SELECT date_trunc('week', received_at AT TIME ZONE 'Asia/Shanghai')::date AS week,
           why->'category'->>'code' AS category,
           count(*) FILTER (WHERE auto) AS sent,
           count(*) FILTER (WHERE auto AND category IS DISTINCT FROM guessed) AS corrected,
           count(*) FILTER (WHERE NOT auto) AS asked,
           count(*) FILTER (WHERE NOT auto AND category IS NOT NULL) AS settled,
           count(*) FILTER (WHERE NOT auto AND category = guessed) AS agreed,
           coalesce(avg((why->'category'->>'confidence')::float), 0) AS confidence
    FROM (
        SELECT *, why->'category'->>'code' AS guessed, why->'category'->>'doubt' IS NULL AS auto
        FROM incidents WHERE received_at >= $1 AND received_at < $2
    ) AS told
    GROUP BY 1, 2 ORDER BY 1, 2
"""


async def corrections(pool: asyncpg.Pool, since: datetime) -> Sequence[Correction]:
    """Every category that a person gave since then, the oldest first. Raises `Unavailable`."""
    with passing_errors():
        return [Correction(**row) for row in await pool.fetch(_CORRECTIONS, since)]


async def answered(pool: asyncpg.Pool, since: datetime, until: datetime) -> Sequence[Answered]:
    """By week and guessed category. Raises `Unavailable`."""
    with passing_errors():
        return [Answered(**row) for row in await pool.fetch(_ANSWERED, since, until)]
