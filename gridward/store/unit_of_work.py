"""What one transaction must offer. Postgres and memory keep the same promise."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gridward.domain.commands import Command, Facts, Handled, Position, Step
from gridward.domain.events import DeadlinePassed
from gridward.domain.incident import Incident


@dataclass(slots=True)
class Changes:
    """Everything that one transaction writes. `before` is None for an incident that is new."""

    steps: list[Step] = field(default_factory=list)
    before: dict[str, Incident | None] = field(default_factory=dict)
    after: dict[str, Incident] = field(default_factory=dict)
    opened: dict[str, Facts] = field(default_factory=dict)
    handled: list[tuple[Command, str]] = field(default_factory=list)
    positions: tuple[Position, ...] = ()


class UnitOfWork(Protocol):
    """One transaction: it commits when the block ends, and leaves no trace when the block raises.

    Raises `Unavailable` for what may go better when the whole is tried again: a lost connection, a deadlock,
    or another worker that handled the same key first.
    """

    async def handled(self, keys: Collection[str]) -> Mapping[str, Handled]:
        """Those of `keys` that were handled before."""
        ...

    async def lock(self, incident_ids: Collection[str]) -> Mapping[str, Incident]:
        """The incidents that exist, locked in the order of their ids until the end of the transaction."""
        ...

    async def save(self, changes: Changes) -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that has passed, as it was read."""

    incident_id: str
    due_at: datetime
    event: DeadlinePassed


class Deadlines(Protocol):
    async def lease_due(self, now: datetime, limit: int) -> list[Due]:
        """Take up to `limit` passed deadlines, oldest first, that no other worker has taken lately."""
        ...
