"""A township in memory: commands go down the one road, time passes by the minute, and the sweep runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gridward.domain import events as e
from gridward.domain.commands import Applied, Command, Move, Outcome
from gridward.domain.draft import Actor, When
from gridward.domain.effects import Effect
from gridward.domain.incident import Incident
from gridward.domain.rules import Level
from gridward.handle import handle
from gridward.testing import ManualClock, MemoryStore
from stream.deadlines import sweep
from tests.domain.story import DESK_CLERK, MINUTE, rules_of
from tests.store.asked import id_of, report, report_id_of


@dataclass(frozen=True, slots=True)
class Told:
    at: datetime
    effect: Effect


class World:
    """What was told, and when; incidents by their number in the test."""

    def __init__(self, start: datetime) -> None:
        self.clock = ManualClock(start)
        self.store = MemoryStore()
        self.told: list[Told] = []
        self.actions = 0

    async def reports(
        self, n: int, *then: e.Event, limit_class: str = "C", severity: int = 3, due: datetime | None = None
    ) -> None:
        """Triage brings in incident `n`."""
        found = e.Reported(report_id_of(n), "0101", severity, limit_class, None, False, "331125001001", due)
        command = report(n, moves=(found, *then))
        now = self.clock.now()
        (outcome,) = await self.send(
            Command(
                command.key,
                command.moves,
                command.actor,
                When(now, now),
                command.body_hash,
                opens=command.opens,
            )
        )
        assert isinstance(outcome, Applied), outcome

    async def does(
        self, n: int, event: e.Event, by: Actor = DESK_CLERK, done_at: datetime | None = None
    ) -> Outcome:
        """Somebody acts on incident `n` now, or did at `done_at` while offline."""
        self.actions += 1
        now = self.clock.now()
        when = When(now, done_at or now)
        (outcome,) = await self.send(
            Command(
                f"action:{self.actions}",
                (Move(id_of(n), event),),
                by,
                when,
                event.__class__.__name__.encode(),
            )
        )
        return outcome

    async def send(self, command: Command) -> list[Outcome]:
        outcomes = await handle([command], self.store.begin, rules_of)
        self.hear()
        return outcomes

    async def passes(self, time: timedelta, every: timedelta = MINUTE) -> None:
        """Time passes; the sweep runs again and again until nothing more is due."""
        end = self.clock.now() + time
        while self.clock.now() < end:
            self.clock.advance(min(every, end - self.clock.now()))
            while await sweep(self.store.begin, self.store, rules_of, self.clock):
                self.hear()

    def hear(self) -> None:
        self.told += [Told(self.clock.now(), effect) for effect in self.store.outbox[len(self.told) :]]

    def incident(self, n: int) -> Incident:
        return self.store.incidents[id_of(n)]

    def escalations(self) -> list[tuple[datetime, Level]]:
        """Who was told of a passed deadline, and when."""
        return [(told.at, told.effect.level) for told in self.told if told.effect.about == "deadline"]
