"""What an event makes of an incident, and what must happen because of it: one pure function."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gridward.domain import clocks, desk_moves, raising, unit_moves
from gridward.domain import events as e
from gridward.domain.draft import Actor, Draft, When
from gridward.domain.effects import Effect
from gridward.domain.incident import DESK, Incident, Task, TaskRole, TaskStatus
from gridward.domain.rules import ABOVE_THE_UNIT, WITHIN_THE_UNIT, DeadlineKind, Level, Rules, Step
from gridward.domain.transitions import TRANSITIONS, IllegalTransition


@dataclass(frozen=True, slots=True)
class Decision:
    """The incident as it is now, and what must follow. `data` is what the journal says beyond the event."""

    incident: Incident
    effects: tuple[Effect, ...] = ()
    data: dict[str, Any] | None = None  # None: nothing happened, nothing is written

    @property
    def happened(self) -> bool:
        return self.data is not None


def rules_for(incident: Incident, event: e.Event) -> int:
    """The version of the rules that `event` is decided by: the one that it names, or else the incident's own.

    0 means the version in force, for an incident that none has decided yet.
    """
    named = event.rules_version if isinstance(event, e.Dispatched) else None
    return named or incident.rules_version


def decide(incident: Incident, event: e.Event, actor: Actor, when: When, rules: Rules) -> Decision:
    """Apply `event` by `rules`, those that `rules_for` names.

    Raises `IllegalTransition` or another `Refused` and then changes nothing.
    """
    # A deadline that was moved, met or lifted after it had been read has nothing left to say.
    if isinstance(event, e.DeadlinePassed) and not clocks.is_waiting_for(
        incident.deadlines, event.task, event.kind, event.generation
    ):
        return Decision(incident)
    status = TRANSITIONS.get((incident.status, type(event)))
    if status is None:
        raise IllegalTransition(incident.status, event)
    draft = Draft(incident, actor, when, rules)
    if isinstance(event, e.Raised) and not raising.makes_graver(draft, event):
        return Decision(incident)  # it is as grave already
    apply(draft, event)
    changed = status is not incident.status or decisive(draft.incident, draft.tasks) != decisive(
        incident, incident.tasks
    )
    after = draft.frozen(
        status=status,
        version=incident.version + changed,
        journal_no=incident.journal_no + 1,
        rules_version=rules_for(incident, event) or rules.version,
    )
    return Decision(after, tuple(draft.effects), draft.data)


def decisive(incident: Incident, tasks: Sequence[Task]) -> tuple[object, ...]:
    """What a person's click was about. Reminders, lights and the desk's own tasks do not make it stale."""
    of_units = [(t.no, t.unit, t.status) for t in tasks if t.role is not TaskRole.DESK]
    return (incident.category, incident.grid, incident.severity, of_units)


def apply(draft: Draft, event: e.Event) -> None:
    """Give the event to the people it belongs to: the machine, the desk, or a unit."""
    match event:
        case e.Reported():
            report(draft, event)
        case e.Queued(doubts):
            draft.ask_desk(*doubts)
        case e.DeadlinePassed():
            climb(draft, event)
        case e.ReportConflicted():
            draft.ask_desk(e.Doubt.CONFLICT, asked=event.body_hash)  # nothing more: the desk decides
        case e.ChildJoined() | e.ChildLeft() | e.LinkedBy():
            pass
        case e.LevelTold(unit=unit):
            draft.tell(Level.UNIT_DESK, unit, "raised")
        case e.Linked():
            raising.tell(draft, event.told, "repeat")
        case e.Raised():
            raising.apply(draft, event)
        case e.Progressed() if draft.actor.role in desk_moves.DESK_ROLES:
            # The desk has looked at it, and its note says what it found.
            draft.settle_desk(e.Doubt.CONFLICT, e.Doubt.GRAVER)
        case (
            e.Accepted()
            | e.Returned()
            | e.JointAccepted()
            | e.JointReturned()
            | e.JointResolved()
            | e.Progressed()
            | e.ExtensionAsked()
            | e.SuspensionAsked()
            | e.Resolved()
        ):
            unit_moves.apply(draft, event)
        case _:
            desk_moves.apply(draft, event)


def report(draft: Draft, event: e.Reported) -> None:
    draft.change(
        category=event.category,
        severity=event.severity,
        limit_class=event.limit_class,
        finish_limit=event.finish_limit,
        sensitive=event.sensitive,
        grid=event.grid,
        external_due=event.external_due,
    )


def climb(draft: Draft, event: e.DeadlinePassed) -> None:
    """Take the step that was due: its light on, its people told, the next step armed."""
    clock = draft.clock(event.task, event.kind)
    assert clock is not None  # the fence has seen it
    ladder = draft.ladder(event.kind)
    step: Step = ladder[clock.step]
    draft.put_clock(clocks.climbed(clock, ladder))
    level = tell_step(draft, event, step)
    draft.data = {
        "task": event.task,
        "kind": event.kind.value,
        "generation": event.generation,
        "step": clock.step,
        "light": step.light.value if step.light else None,
        "told": level.value,
        "due_at": clock.due_at.isoformat() if clock.due_at else None,
    }
    if event.kind is DeadlineKind.VERIFY and clock.step + 1 == len(ladder):
        # Nobody has verified it in time: the reporter is called back (回访) instead.
        draft.ask_desk(e.Doubt.CALL_BACK)


def tell_step(draft: Draft, event: e.DeadlinePassed, step: Step) -> Level:
    """Tell whom the step names, those above the unit by day only where the class spares them at night."""
    holder = next(task for task in draft.tasks if task.no == event.task)
    # A unit that has returned its task cannot do anything about it: the desk must find another.
    returned = holder.status is TaskStatus.RETURNED and step.tell in WITHIN_THE_UNIT
    level, unit = (Level.DISPATCH_DESK, DESK) if returned else (step.tell, holder.unit)
    draft.tell(level, unit, "deadline", event.kind)
    if step.tell in ABOVE_THE_UNIT and not draft.class_rule.above_unit_at_night:
        morning = draft.rules.night.ends_after(draft.when.received_at)
        draft.effects[-1] = replace(draft.effects[-1], not_before=morning)
    return level
