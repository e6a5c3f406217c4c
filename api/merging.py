"""Merging by hand (并案), undoing it, and what becomes of merged reports when what they joined is withdrawn."""

from collections.abc import Iterator, Sequence

from gridward.domain import events as e
from gridward.domain.commands import Move
from gridward.domain.draft import MACHINE, Actor
from gridward.domain.incident import Incident
from gridward.policy.raises import is_graver


def merge(child: Incident, target: Incident, urgent_class: str) -> tuple[Move, ...]:
    """What is merged in by hand makes the other as grave as itself, and alarms."""
    return (Move(child.id, e.Merged(target.id)), *_joins(child, target, urgent_class))


def separate(child: Incident, reason: str, had_raised: bool) -> tuple[Move, ...]:
    """`had_raised`: it raised the one that it is separated from."""
    own = Move(child.id, e.Separated(reason))
    parent = child.merged_into
    return (own, Move(parent, e.ChildLeft(child.id, had_raised))) if parent else (own,)


def withdraw(
    incident: Incident, reason: str, merged: Sequence[Incident], urgent_class: str
) -> tuple[Move, ...]:
    """One report is withdrawn, and none that joined it: of `merged`, which are merged into it directly, the gravest
    (then the oldest) waits at the desk again, and the others join that one.

    What of this follows of itself the machine does: no journal of another report names who withdrew this one, or why.
    """
    left = (Move(incident.id, e.ChildLeft(one.id), MACHINE) for one in merged)
    return (*left, Move(incident.id, e.Cancelled(reason)), *_live_on(merged, urgent_class))


def _live_on(merged: Sequence[Incident], urgent_class: str) -> Iterator[Move]:
    if not merged:
        return
    head, *others = sorted(merged, key=_first)
    yield Move(head.id, e.Separated("", withdrawn=True), MACHINE)
    for other in others:
        yield Move(other.id, e.Rejoined(head.id), MACHINE)
        yield from _joins(other, head, urgent_class, MACHINE)


def _first(one: Incident) -> tuple[object, ...]:
    """What few may read comes before all: nothing of it is merged into what many may."""
    assert one.card is not None  # every stored incident has one
    return (not one.sensitive, one.severity, one.card.received_at, one.id)


def _joins(child: Incident, target: Incident, urgent_class: str, by: Actor | None = None) -> Iterator[Move]:
    yield Move(target.id, e.ChildJoined(child.id), by)
    if is_graver(child, target, urgent_class):
        yield Move(target.id, _graver(child), by)


def _graver(child: Incident) -> e.Raised:
    return e.Raised(e.Cause.GRAVER, child.id, child.severity, child.limit_class, child.finish_limit)
