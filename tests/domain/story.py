"""One incident lived through in a test: events happen to it, time passes, its deadlines act when they are due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from gridward.domain import events as e
from gridward.domain.decide import Decision, decide, rules_for
from gridward.domain.draft import MACHINE, Actor, When
from gridward.domain.effects import Effect
from gridward.domain.incident import Card, Deadline, Incident, Task
from gridward.domain.limits import Limit
from gridward.domain.rules import CHINA, DeadlineKind, Level, Light, Rules
from gridward.domain.transitions import Status
from tests.domain.rules import make_later_rules, make_rules

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=CHINA)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

DESK_CLERK = Actor("zhou", "desk")
UNIT_A, UNIT_B, JOINT_UNIT = "33112500100001", "33112500100002", "33112500100003"
ALICE = Actor("alice", "unit", UNIT_A)
BOB = Actor("bob", "unit", UNIT_B)
JOAN = Actor("joan", "unit", JOINT_UNIT)
REVIEWER = Actor("lin", "worker", "33112500100009")
RULES, LATER_RULES = make_rules(), make_later_rules()


def rules_of(version: int) -> Rules:
    return {0: RULES, RULES.version: RULES, LATER_RULES.version: LATER_RULES}[version]


class Story:
    """The incident as it stands, the hour, and everyone who was told something on the way."""

    def __init__(
        self, limit_class: str = "C", severity: int = 3, now: datetime = NOON, **found: object
    ) -> None:
        self.now = now
        self.told: list[Effect] = []
        self.entries = 0
        card = Card("r1", "grid", now, now)
        self.incident = Incident("i1", "260302-331125-000001-0", card=card)
        findings: dict[str, object] = {
            "category": "0101",
            "finish_limit": None,
            "sensitive": False,
            "grid": "331125001001",
            **found,
        }
        self.does(e.Reported("r1", severity=severity, limit_class=limit_class, **findings), MACHINE)  # type: ignore[arg-type]

    def does(self, event: e.Event, by: Actor = DESK_CLERK, done_at: datetime | None = None) -> Decision:
        rules = rules_of(rules_for(self.incident, event))
        decision = decide(self.incident, event, by, When(self.now, done_at or self.now), rules)
        self.incident = decision.incident
        self.told += decision.effects
        self.entries += decision.happened
        return decision

    def after(self, time: timedelta) -> "Story":
        """Let time pass, and each deadline act at the moment when it is due, as the sweep would."""
        end = self.now + time
        while (due := self.next_due()) is not None and due.due_at is not None and due.due_at <= end:
            self.now = max(self.now, due.due_at)
            self.does(e.DeadlinePassed(due.task, due.kind, due.generation), MACHINE)
        self.now = end
        return self

    def next_due(self) -> Deadline | None:
        waiting = [d for d in self.incident.deadlines if d.due_at]
        return min(waiting, key=lambda d: d.due_at or self.now, default=None)

    def clock(self, kind: DeadlineKind, task: int | None = None) -> Deadline:
        """The newest clock of this kind, or that of `task`."""
        found = [d for d in self.incident.deadlines if d.kind is kind and task in (None, d.task)]
        return found[-1]

    @property
    def rules(self) -> Rules:
        return rules_of(self.incident.rules_version)

    @property
    def lead(self) -> Task:
        assert self.incident.lead
        return self.incident.lead

    def lights(self) -> dict[DeadlineKind, Light]:
        return {d.kind: d.light for d in self.incident.deadlines if d.light and d.is_running}

    def levels(self) -> list[Level]:
        """Who has been told about a passed deadline, in order."""
        return [effect.level for effect in self.told if effect.about == "deadline"]


def queued(**found: object) -> Story:
    story = Story(**found)  # type: ignore[arg-type]
    story.does(e.Queued((e.Doubt.AMBIGUOUS_CATEGORY,)), MACHINE)
    return story


def dispatched(**found: object) -> Story:
    story = Story(**found)  # type: ignore[arg-type]
    story.does(e.Dispatched(UNIT_A), MACHINE)
    return story


def accepted(**found: object) -> Story:
    story = dispatched(**found)
    story.does(e.Accepted(), ALICE)
    return story


def returned(**found: object) -> Story:
    story = accepted(**found)
    story.does(e.Returned("not ours"), ALICE)
    return story


def suspended(days: float = 10, **found: object) -> Story:
    story = accepted(**found)
    story.does(e.SuspensionAsked("waits for a court", story.now + timedelta(days=days)), ALICE)
    story.does(e.SuspensionGranted())
    return story


def resolved(**found: object) -> Story:
    story = accepted(**found)
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    return story


def verified(**found: object) -> Story:
    story = resolved(**found)
    story.does(e.VerificationPassed(), REVIEWER)
    return story


def closed(**found: object) -> Story:
    story = verified(**found)
    story.does(e.Closed())
    return story


def declined(**found: object) -> Story:
    story = queued(**found)
    story.does(e.Declined("a private matter"))
    return story


def handed_over(**found: object) -> Story:
    story = queued(**found)
    story.does(e.HandedOver("110", "officer 0213", story.now))
    return story


def merged(**found: object) -> Story:
    story = queued(**found)
    story.does(e.Merged("i2"))
    return story


def cancelled(**found: object) -> Story:
    story = queued(**found)
    story.does(e.Cancelled("sent by mistake"))
    return story


IN_STATUS: dict[Status, Callable[..., Story]] = {
    Status.REPORTED: Story,
    Status.QUEUED: queued,
    Status.DISPATCHED: dispatched,
    Status.ACCEPTED: accepted,
    Status.RETURNED: returned,
    Status.SUSPENDED: suspended,
    Status.RESOLVED: resolved,
    Status.VERIFIED: verified,
    Status.CLOSED: closed,
    Status.DECLINED: declined,
    Status.HANDED_OVER: handed_over,
    Status.MERGED: merged,
    Status.CANCELLED: cancelled,
}


def limit(text: str) -> Limit:
    return Limit.parse(text)
