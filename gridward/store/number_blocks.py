"""Hands out incident numbers from reserved blocks. A crash leaves a gap, never a number given twice."""

from collections import deque
from datetime import date, datetime

import asyncpg

from gridward.domain.rules import CHINA
from gridward.numbers import number_of
from gridward.store.connect import passing_errors

BLOCK = 500

_RESERVE = """
    INSERT INTO number_blocks (day, county, next) VALUES ($1, $2, 1 + $3)
    ON CONFLICT (day, county) DO UPDATE SET next = number_blocks.next + $3
    RETURNING next - $3
"""


class Numbers:
    """Numbers of one county; each day starts at 1."""

    def __init__(self, pool: asyncpg.Pool, county: str) -> None:
        self.pool = pool
        self.county = county
        self.free: dict[date, deque[int]] = {}  # of one day; kept by day, as two takers may straddle midnight

    async def take(self, count: int, now: datetime) -> list[str]:
        """`count` numbers that nobody else has. Raises `Unavailable`, or `Refused` when the day is full."""
        day = now.astimezone(CHINA).date()
        if day not in self.free:
            self.free = {day: deque()}
        free = self.free[day]
        if len(free) < count:
            size = max(BLOCK, count)
            with passing_errors():
                first = await self.pool.fetchval(_RESERVE, day, self.county, size)
            free.extend(range(first, first + size))
        return [number_of(now, self.county, free.popleft()) for _ in range(count)]
