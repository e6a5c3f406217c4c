"""What people made of the machine's guesses: each category that a person gave, and how often the machine was right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import asyncpg

from gridward.policy.category_rows import Categories
from gridward.policy.history import may_be_one, todays
from gridward.store.connect import passing_errors
from gridward.store.tables import FILED_BY_PEOPLE


@dataclass(frozen=True, slots=True)
class Correction:
    """A person filed an incident under `category`; the machine had guessed `guessed` (None: nothing)."""

    incident_id: str
    text: str
    guessed: str | None
    category: str
    severity: int  # as the person gave it, whatever raised it later
    sensitive: bool  # only its handling chain may read the text
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """Incidents of one week and one guessed category. `sent`: without a person; `seen`: of these, those that a unit
    accepted or a person corrected; `corrected`: of these, now another category. `asked`: to the desk; `settled`: of
    these, named by a person; `agreed`: as the machine had guessed. A category that was renamed, merged or split since
    is no other one (`gridward.policy.history.may_be_one`).
    """

    week: date
    category: str | None  # as it was guessed, whatever became of the code
    sent: int
    seen: int
    corrected: int
    asked: int
    settled: int
    agreed: int
    confidence: float  # the mean over all of them


_CORRECTIONS = f"""
    SELECT i.id::text AS incident_id, i.text, i.guessed, j.event->>'category' AS category,
           coalesce((j.event->>'severity')::int, i.severity) AS severity, i.sensitive, j.actor->>'id' AS by, j.at
    FROM (
        SELECT * FROM journal WHERE {FILED_BY_PEOPLE} AND received_at >= $1
    ) AS j JOIN incidents i ON i.id = j.incident_id
    ORDER BY j.received_at
"""

# The category is the last that a person gave, if any; weeks begin on Monday in China. Whoever accepts a task has read
# what it is about, and could have sent it back. Counted for each pair of guess and category: which pairs are one is
# policy, and there are few pairs however many the incidents.
_ANSWERED = """
    SELECT date_trunc('week', received_at AT TIME ZONE 'Asia/Shanghai')::date AS week, guessed, category,
           count(*) FILTER (WHERE auto) AS sent,
           count(*) FILTER (WHERE auto AND accepted) AS accepted,
           count(*) FILTER (WHERE NOT auto) AS asked,
           coalesce(avg(guess_confidence), 0) AS confidence
    FROM (
        SELECT received_at, category, guessed, guess_confidence, NOT guess_doubted AS auto,
               id IN (SELECT incident_id FROM tasks WHERE role <> 'desk' AND accepted_at IS NOT NULL) AS accepted
        FROM incidents WHERE received_at >= $1 AND received_at < $2
    ) AS told
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


async def corrections(pool: asyncpg.Pool, since: datetime) -> Sequence[Correction]:
    """Every category that a person gave since then, the oldest first. Raises `Unavailable`."""
    with passing_errors():
        return [Correction(**row) for row in await pool.fetch(_CORRECTIONS, since)]


async def answered(
    pool: asyncpg.Pool, since: datetime, until: datetime, table: Categories
) -> Sequence[Answered]:
    """By week and guessed category, judged by what became of categories in `table`. Raises `Unavailable`."""
    with passing_errors():
        rows = await pool.fetch(_ANSWERED, since, until)
    heirs = todays({row[key] for row in rows for key in ("guessed", "category") if row[key]}, table)
    return [
        _answered(*key, [(row, may_be_one(row["guessed"], row["category"], heirs)) for row in some])
        for key, some in groupby(rows, lambda row: (row["week"], row["guessed"]))
    ]


def _answered(week: date, guessed: str | None, rows: list[tuple[asyncpg.Record, bool]]) -> Answered:
    """One week and guess; each row with whether its category may be the guess."""
    asked = sum(row["asked"] for row, _ in rows)
    return Answered(
        week,
        guessed,
        sent=sum(row["sent"] for row, _ in rows),
        seen=sum(row["accepted"] if same else row["sent"] for row, same in rows),
        corrected=sum(row["sent"] for row, same in rows if not same),
        asked=asked,
        settled=asked - sum(row["asked"] for row, _ in rows if row["category"] is None),
        agreed=sum(row["asked"] for row, same in rows if same and row["category"] is not None),
        confidence=_mean([(row["confidence"], row["sent"] + row["asked"]) for row, _ in rows]),
    )


def _mean(weighed: Sequence[tuple[float, int]]) -> float:
    return sum(value * weight for value, weight in weighed) / sum(weight for _, weight in weighed)
