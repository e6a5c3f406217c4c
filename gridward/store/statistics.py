"""Counts over incidents for reports on a span of time. Reads only; raises `Unavailable` when the database is away."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from gridward.store.connect import passing_errors
from gridward.store.queries import OPEN_STATUSES


async def counts_by_category(
    conn: asyncpg.Connection | asyncpg.Pool, begin: datetime, end: datetime
) -> tuple[dict[str, int], int]:
    """Incidents received from `begin` (included) to `end` (excluded): code as recorded -> number, and without one."""
    with passing_errors():
        found = await conn.fetch(
            "SELECT category, count(*) AS number FROM incidents "
            "WHERE received_at >= $1 AND received_at < $2 GROUP BY category",
            begin,
            end,
        )
    counts = {row["category"]: row["number"] for row in found}
    return {code: number for code, number in counts.items() if code is not None}, counts.get(None, 0)


@dataclass(frozen=True, slots=True)
class OpenCounts:
    """Open incidents: category as recorded -> number, and class of limits -> number."""

    categories: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)


async def open_counts(conn: asyncpg.Connection) -> OpenCounts:
    with passing_errors():
        found = await conn.fetch(
            "SELECT category, limit_class, count(*) AS number FROM incidents "
            "WHERE status = ANY($1) GROUP BY category, limit_class",
            OPEN_STATUSES,
        )
    categories: Counter[str] = Counter()
    classes: Counter[str] = Counter()
    for row in found:
        classes[row["limit_class"]] += row["number"]
        if row["category"] is not None:
            categories[row["category"]] += row["number"]
    return OpenCounts(dict(categories), dict(classes))
