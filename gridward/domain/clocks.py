"""How deadlines are armed, climb their ladder, pause, move and end. Pure; nothing here tells anyone."""

from dataclasses import replace
from datetime import datetime, timedelta

from gridward.domain.incident import Deadline
from gridward.domain.limits import Limit, after
from gridward.domain.rules import ClassRule, DeadlineKind, Ladder, Rules


def ladder_of(kind: DeadlineKind, rule: ClassRule, rules: Rules) -> Ladder:
    """The ladder that a clock of this kind climbs."""
    match kind:
        case DeadlineKind.DESK:
            return rules.desk_ladder
        case DeadlineKind.VERIFY:
            return rules.verify_ladder
        case _:
            return rule.ladders[kind]


def moment(deadline: Deadline, share: float) -> datetime:
    """When `share` of the deadline's whole time has passed, not counting the time that it was paused."""
    start = deadline.started_at + deadline.rested
    return start + (deadline.limit_at - start) * share


def started(
    task: int,
    kind: DeadlineKind,
    at: datetime,
    limit: Limit,
    extra: timedelta,
    last_generation: int,
    ladder: Ladder,
) -> Deadline:
    """A new clock, armed for its first step. One that starts anew on the same task must not reuse a
    generation, since the fence goes by it.
    """
    limit_at = max(after(at, limit) + extra, at)
    due = at + (limit_at - at) * ladder[0].at if ladder else None
    return Deadline(task, kind, at, limit, due, last_generation + 1, extra=extra)


def armed(deadline: Deadline, ladder: Ladder) -> Deadline:
    """The same clock waiting for its present step, under a new generation."""
    left = deadline.step < len(ladder)
    due = moment(deadline, ladder[deadline.step].at) if left else None
    return replace(deadline, due_at=due, generation=deadline.generation + 1)


def climbed(deadline: Deadline, ladder: Ladder) -> Deadline:
    """After its step was taken: the light of that step on, waiting for the next one."""
    light = ladder[deadline.step].light or deadline.light
    return armed(replace(deadline, step=deadline.step + 1, light=light), ladder)


def capped(deadline: Deadline, outer: datetime | None) -> Deadline:
    """Not later than the `outer` limit that others set, whatever was added to its own. It is not armed anew."""
    if outer is None or deadline.limit_at <= outer:
        return deadline
    return replace(deadline, extra=outer - deadline.rested - after(deadline.started_at, deadline.limit))


def room(deadline: Deadline, by: timedelta, outer: datetime | None) -> timedelta:
    """As much of `by` as the limit can move before it meets the `outer` one; never less than nothing."""
    return by if outer is None else max(min(by, outer - deadline.limit_at), timedelta(0))


def moved(deadline: Deadline, by: timedelta, now: datetime, ladder: Ladder) -> Deadline:
    """Given more time: lights whose moment now lies ahead go out, and their steps wait again."""
    later = replace(deadline, extra=deadline.extra + by)
    step = sum(1 for rung in ladder if moment(later, rung.at) <= now)
    step = min(step, deadline.step)
    light = next((rung.light for rung in reversed(ladder[:step]) if rung.light), None)
    return armed(replace(later, step=step, light=light), ladder)


def paused(deadline: Deadline, now: datetime) -> Deadline:
    return replace(deadline, due_at=None, paused_at=now, generation=deadline.generation + 1)


def resumed(deadline: Deadline, now: datetime, ladder: Ladder, outer: datetime | None = None) -> Deadline:
    """Running again; the pause is added to its time, so that none of it is lost or counted.

    An `outer` limit does not wait: what others have set is not moved by a pause of ours.
    """
    if deadline.paused_at is None:
        return deadline
    rested = deadline.rested + (now - deadline.paused_at)
    return armed(capped(replace(deadline, rested=rested, paused_at=None), outer), ladder)


def ended(deadline: Deadline, at: datetime) -> Deadline:
    """Met, or lifted because nobody waits for it any more."""
    return replace(deadline, due_at=None, paused_at=None, ended_at=at, generation=deadline.generation + 1)


def is_waiting_for(deadlines: tuple[Deadline, ...], task: int, kind: DeadlineKind, generation: int) -> bool:
    """The fence: whether that very generation still waits. Makes a passed deadline act once."""
    return any(
        d.task == task and d.kind is kind and d.generation == generation and d.due_at is not None
        for d in deadlines
    )
