"""Stand-ins for tests. `MemoryStore` passes the same conformance suite as Postgres."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from copy import copy
from datetime import datetime, timedelta

from gridward.domain.commands import Entry, Facts, Handled, Position
from gridward.domain.effects import Effect
from gridward.domain.events import DeadlinePassed
from gridward.domain.incident import Incident
from gridward.store.unit_of_work import Changes, Due
from gridward.wire import Message, messages

LEASE = timedelta(seconds=30)


class ManualClock:
    """Stands still until a test moves it."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class MemoryStore:
    """Incidents in dictionaries, one transaction at a time."""

    def __init__(self, *incidents: Incident) -> None:
        self.incidents = {incident.id: incident for incident in incidents}
        self.facts: dict[str, Facts] = {}
        self.journal: list[Entry] = []
        self.outbox: list[Effect] = []
        self.messages: list[Message] = []
        self.keys: dict[str, Handled] = {}
        self.positions: dict[tuple[str, int], int] = {}
        self.logs: dict[tuple[str, int], str] = {}
        self.leases: dict[tuple[str, DeadlinePassed], datetime] = {}
        self.one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator["MemoryStore"]:
        async with self.one_at_a_time:
            kept = {name: copy(value) for name, value in vars(self).items() if name != "one_at_a_time"}
            try:
                yield self
            except BaseException:
                vars(self).update(kept)
                raise

    async def handled(self, keys: Collection[str]) -> Mapping[str, Handled]:
        return {key: self.keys[key] for key in keys if key in self.keys}

    async def lock(self, incident_ids: Collection[str]) -> Mapping[str, Incident]:
        return {id: self.incidents[id] for id in incident_ids if id in self.incidents}

    async def save(self, changes: Changes) -> None:
        self.incidents |= changes.after
        self.facts |= changes.opened
        self.journal += [step.entry for step in changes.steps]
        self.outbox += [effect for step in changes.steps for effect in step.effects]
        self.messages += messages(changes.steps)
        self.keys |= {c.key: Handled(incident_id, c.body_hash) for c, incident_id in changes.handled}
        for position in changes.positions:
            self.keep_position(position)

    def keep_position(self, position: Position) -> None:
        partition = (position.topic, position.partition)
        same_log = self.logs.get(partition, position.log) == position.log
        known = self.positions.get(partition, 0) if same_log else 0
        self.positions[partition] = max(position.next_offset, known)
        self.logs[partition] = position.log

    async def lease_due(self, now: datetime, limit: int) -> list[Due]:
        due = [
            Due(incident.id, d.due_at, DeadlinePassed(d.task, d.kind, d.generation))
            for incident in self.incidents.values()
            for d in incident.deadlines
            if d.due_at is not None and d.due_at <= now
        ]
        free = [d for d in due if self.leases.get((d.incident_id, d.event), now) <= now]
        taken = sorted(free, key=lambda d: d.due_at)[:limit]
        self.leases |= {(d.incident_id, d.event): now + LEASE for d in taken}
        return taken
