"""Counts over incidents for reports on a span of time. Reads only; raises `Unavailable` when the database is away."""

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


async def open_by_category(conn: asyncpg.Connection) -> dict[str, int]:
    """Open incidents: code -> number."""
    with passing_errors():
        found = await conn.fetch(
            "SELECT category, count(*) AS number FROM incidents "
            "WHERE status = ANY($1) AND category IS NOT NULL GROUP BY category",
            OPEN_STATUSES,
        )
    return {row["category"]: row["number"] for row in found}
