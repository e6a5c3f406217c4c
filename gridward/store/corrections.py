"""What people made of the machine's guesses: each category that a person gave, and how often the machine was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import asyncpg

from gridward.store.connect import passing_errors
from gridward.store.tables import FILED_BY_PEOPLE


@dataclass(frozen=True, slots=True)
class Correction:
    """A person filed an incident under `category`; the machine had guessed `guessed` (None: nothing)."""

    incident_id: str
    text: str
    guessed: str | None
    category: str
    severity: int
    sensitive: bool  # only its handling chain may read the text
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """Incidents of one week and one guessed category. `sent`: without a person; `seen`: of these, those that a unit
    accepted or a person corrected; `corrected`: of these, now another category. `asked`: to the desk; `settled`: of
    these, named by a person; `agreed`: as the machine had guessed.
    """

    week: date
    category: str | None
    sent: int
    seen: int
    corrected: int
    asked: int
    settled: int
    agreed: int
    confidence: float  # the mean over all of them


_CORRECTIONS = f"""
    SELECT i.id::text AS incident_id, i.text, i.guessed, j.event->>'category' AS category, i.severity,
           i.sensitive, j.actor->>'id' AS by, j.at
    FROM (
        SELECT * FROM journal WHERE {FILED_BY_PEOPLE} AND received_at >= $1
    ) AS j JOIN incidents i ON i.id = j.incident_id
    ORDER BY j.received_at
"""

# The category is the last that a person gave, if any; weeks begin on Monday in China. Whoever accepts a task has read
# what it is about, and could have sent it back.
_ANSWERED = """
    SELECT date_trunc('week', received_at AT TIME ZONE 'Asia/Shanghai')::date AS week,
           guessed AS category,
           count(*) FILTER (WHERE auto) AS sent,
           count(*) FILTER (WHERE auto AND (corrected OR accepted)) AS seen,
           count(*) FILTER (WHERE auto AND corrected) AS corrected,
           count(*) FILTER (WHERE NOT auto) AS asked,
           count(*) FILTER (WHERE NOT auto AND category IS NOT NULL) AS settled,
           count(*) FILTER (WHERE NOT auto AND category = guessed) AS agreed,
           coalesce(avg(guess_confidence), 0) AS confidence
    FROM (
        SELECT received_at, category, guessed, guess_confidence, NOT guess_doubted AS auto,
               category IS DISTINCT FROM guessed AS corrected,
               id IN (SELECT incident_id FROM tasks WHERE role <> 'desk' AND accepted_at IS NOT NULL) AS accepted
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
