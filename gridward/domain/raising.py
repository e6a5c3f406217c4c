"""An open matter becomes graver (情况加重) or is raised as a repeat (重复事项升级): limits only become shorter.

What counts from now is the new limit, so that nobody is late by a rule that did not hold for them; and a clock that
would have ended before that stays as it was. Undoing the merge that raised it takes nothing back: units have been told
and may have acted on it, so a person decides.
"""

from dataclasses import replace
from datetime import datetime

from gridward.domain import clocks
from gridward.domain import events as e
from gridward.domain.draft import MACHINE, NO_TIME, Draft, NotYours
from gridward.domain.incident import DESK, Deadline, desk_tasks, lead_of
from gridward.domain.limits import Limit, after
from gridward.domain.rules import WITHIN_THE_UNIT, ClassRule, DeadlineKind, Level
from gridward.domain.transitions import Status

RAISING_ROLES = frozenset({MACHINE.role, "desk", "chief", "leader"})
WAIT_FOR_A_UNIT = frozenset({Status.QUEUED, Status.RETURNED})  # at the desk, which is held to the gravity


def makes_graver(draft: Draft, event: e.Raised) -> bool:
    return event.severity < draft.incident.severity or is_faster(draft, event)


def is_faster(draft: Draft, event: e.Raised) -> bool:
    """Whether the event's limits are shorter. A class that the incident's own policy does not know is none."""
    rule = draft.rules.classes.get(event.limit_class)
    if rule is None:
        return False
    now = draft.when.received_at
    return after(now, event.finish_limit or rule.finish) < after(now, draft.finish_limit)


def apply(draft: Draft, event: e.Raised) -> None:
    """Raises `NotYours` for whoever is neither the machine nor at the desk."""
    if draft.actor.role not in RAISING_ROLES:
        raise NotYours(draft.actor, "dispatch desk")
    before = draft.incident
    old_finish = draft.finish_limit
    draft.change(severity=min(before.severity, event.severity))
    if is_faster(draft, event):
        draft.change(limit_class=event.limit_class, finish_limit=event.finish_limit)
        for clock in list(draft.clocks.values()):
            shorten(draft, clock, limit_of(clock.kind, draft.incident.finish_limit, draft.class_rule))
    if before.status in WAIT_FOR_A_UNIT:
        for task in desk_tasks(draft.tasks):
            if (asked := draft.clock(task.no, DeadlineKind.DESK)) is not None:
                shorten(draft, asked, draft.rules.desk[draft.incident.severity])
    draft.data |= {"from_severity": before.severity, "from_class": before.limit_class}
    draft.data |= {"to_severity": draft.incident.severity, "to_class": draft.incident.limit_class}
    if draft.finish_limit != old_finish:
        draft.data |= {"from_finish": str(old_finish), "to_finish": str(draft.finish_limit)}
    tell(draft, Level.UNIT_DESK, "raised")
    if event.told is not None:
        tell(draft, event.told, event.cause)
    if event.cause is e.Cause.GRAVER:
        draft.ask_desk(e.Doubt.GRAVER, asked=event.by, words=event.words)


def limit_of(kind: DeadlineKind, finish: Limit | None, rule: ClassRule) -> Limit | None:
    """What the class grants for a unit's clock of this kind; None for a kind that it does not time."""
    granted = {
        DeadlineKind.ACCEPT: rule.accept,
        DeadlineKind.CONTACT: rule.contact,
        DeadlineKind.FINISH: finish or rule.finish,
    }
    return granted.get(kind)


def shorten(draft: Draft, clock: Deadline, limit: Limit | None) -> None:
    """Count `limit` from now, or from the pause; where the old end comes first, it stays."""
    if not clock.is_running or clock.kind is DeadlineKind.VERIFY:
        return
    now, ladder = draft.when.received_at, draft.ladder(clock.kind)
    start: datetime = clock.paused_at or now
    if limit is None or after(start, limit) >= clock.limit_at:
        if clock.paused_at is None:
            draft.put_clock(clocks.moved(clock, NO_TIME, now, ladder))  # the steps of its new class
        return
    draft.start_clock(clock.task, clock.kind, limit, start)
    if clock.paused_at is not None:
        fresh = draft.clocks[clock.task, clock.kind]
        draft.put_clock(replace(fresh, paused_at=clock.paused_at, due_at=None))


def tell(draft: Draft, level: Level, about: str) -> None:
    """Tell the lead unit, or whom the level names; nobody within a unit while no unit has it."""
    lead = lead_of(draft.tasks)
    if lead is not None and lead.is_open:
        draft.tell(level, lead.unit, about)
    elif level not in WITHIN_THE_UNIT:
        draft.tell(level, DESK, about)
