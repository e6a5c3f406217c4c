"""Merging by hand (并案), and undoing it."""

from collections.abc import Iterator

from gridward.domain import events as e
from gridward.domain.commands import Move
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


def _joins(child: Incident, target: Incident, urgent_class: str) -> Iterator[Move]:
    yield Move(target.id, e.ChildJoined(child.id))
    if is_graver(child, target, urgent_class):
        yield Move(target.id, _graver(child))


def _graver(child: Incident) -> e.Raised:
    return e.Raised(e.Cause.GRAVER, child.id, child.severity, child.limit_class, child.finish_limit)
