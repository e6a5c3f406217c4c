"""A store under test, and a look into what it keeps, the same for memory and Postgres."""

from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg
import orjson

from gridward.clock import Clock
from gridward.domain.commands import Command, Outcome, Position
from gridward.domain.incident import Incident
from gridward.handle import handle
from gridward.store.postgres import PostgresStore
from gridward.store.unit_of_work import Begin, Deadlines
from gridward.testing import MemoryStore
from gridward.wire import event_name
from tests.domain.story import rules_of
from tests.store.asked import id_of

Line = tuple[int, str, str]  # journal number, event, command


class Bench(Protocol):
    """What the conformance suite may ask."""

    @property
    def begin(self) -> Begin: ...
    @property
    def deadlines(self) -> Deadlines: ...
    async def journal(self, n: int) -> list[Line]: ...
    async def messages(self, n: int) -> list[dict[str, Any]]: ...
    async def positions(self) -> dict[tuple[str, int], int]: ...


async def do(bench: Bench, *commands: Command, at: Sequence[Position] = ()) -> list[Outcome]:
    return await handle(commands, bench.begin, rules_of, at)


async def stored(bench: Bench, n: int) -> Incident | None:
    """Incident `n` as it was committed."""
    async with bench.begin() as work:
        return (await work.lock([id_of(n)])).get(id_of(n))


class MemoryBench:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.begin = self.store.begin
        self.deadlines = self.store

    async def journal(self, n: int) -> list[Line]:
        entries = [entry for entry in self.store.journal if entry.incident_id == id_of(n)]
        return [(entry.no, event_name(entry.event), entry.command) for entry in entries]

    async def messages(self, n: int) -> list[dict[str, Any]]:
        return [orjson.loads(m.payload) for m in self.store.messages if m.incident_id == id_of(n)]

    async def positions(self) -> dict[tuple[str, int], int]:
        return self.store.positions


class PostgresBench:
    def __init__(self, pool: asyncpg.Pool, clock: Clock) -> None:
        self.pool = pool
        self.store = PostgresStore(pool, clock)
        self.begin = self.store.begin
        self.deadlines = self.store

    async def journal(self, n: int) -> list[Line]:
        found = await self.pool.fetch(
            "SELECT no, type, command FROM journal WHERE incident_id = $1 ORDER BY no", id_of(n)
        )
        return [(row["no"], row["type"], row["command"]) for row in found]

    async def messages(self, n: int) -> list[dict[str, Any]]:
        found = await self.pool.fetch(
            "SELECT payload FROM outbox WHERE incident_id = $1 ORDER BY id", id_of(n)
        )
        return [orjson.loads(row["payload"]) for row in found]

    async def positions(self) -> dict[tuple[str, int], int]:
        found = await self.pool.fetch("SELECT topic, partition, next_offset FROM positions")
        return {(row["topic"], row["partition"]): row["next_offset"] for row in found}
