"""Connections to PostgreSQL, and which of their errors pass with time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from gridward.domain.errors import Unavailable

# What goes better when the whole is tried again, because nobody answered or the connection broke.
_PASSING = (
    OSError,
    TimeoutError,
    asyncio.TimeoutError,
    asyncpg.InterfaceError,
    # A connection that was cancelled in mid-query as its server died; the pool throws it away.
    asyncpg.InternalClientError,
)

# And what the server says that is about its own state and not about ours: classes of SQLSTATE, or whole codes.
_PASSING_STATES = (
    "08",  # the connection
    "25006",  # read-only: a standby that was not promoted yet, or a full managed database
    "25P03",  # idle in transaction for too long
    "28",  # who we are is not accepted, as while roles are restored
    "3D",  # the database is not there, as while it is restored
    "40",  # serialization, deadlock
    "53",  # no room, no memory, too many connections
    "55P03",  # a lock is not available
    "57",  # an operator has stepped in: shutting down, starting up, cancelled
    "58",  # the system underneath: I/O
)

# Keys that another worker may have written first: the second try finds them handled.
_RACED = frozenset({"pk_handled", "pk_incidents", "pk_personal_data", "uq_journal_deadline"})


async def open_pool(database_url: str, size: int = 8, command_timeout: float = 30.0) -> asyncpg.Pool:
    """A pool of connections that speak JSON. Raises `Unavailable` when the server is not there."""
    with passing_errors():
        pool: asyncpg.Pool = await asyncpg.create_pool(
            database_url, min_size=1, max_size=size, command_timeout=command_timeout, init=prepare
        )
        return pool


async def prepare(connection: asyncpg.Connection) -> None:
    """JSON goes over as orjson makes it; the byte before it is the version of jsonb's binary form."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
    )


class passing_errors:
    """Turn database errors that pass with time into `Unavailable`."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is not None and passes(error):
            raise Unavailable(f"PostgreSQL: {str(error) or type(error).__name__}") from error


def passes(error: BaseException) -> bool:
    """Whether the same may go well later."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return error.constraint_name in _RACED
    if isinstance(error, asyncpg.PostgresError):
        return passing_state(error.sqlstate)
    # asyncpg counts a value that it cannot encode among its interface errors; that one never passes.
    return isinstance(error, _PASSING) and not isinstance(error, ValueError)


def passing_state(sqlstate: str | None) -> bool:
    """Whether the server speaks of its own trouble, and not of what it was asked."""
    return (sqlstate or "").startswith(_PASSING_STATES)


@asynccontextmanager
async def transaction(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """One READ COMMITTED transaction. Raises `Unavailable`."""
    with passing_errors():
        async with pool.acquire(timeout=10) as connection, connection.transaction():
            yield connection
