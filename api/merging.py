"""Merging by hand (并案), undoing it, and what becomes of merged reports when what they joined is withdrawn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from api.excluded import Side, bar_to_merging
from gridward.domain import events as e
from gridward.domain.commands import Move
from gridward.domain.draft import MACHINE, Actor
from gridward.domain.incident import Incident
from gridward.policy.policy import Policy
from gridward.policy.raises import is_graver
from gridward.policy.repeats import voice_of
from gridward.policy.same import Matter


@dataclass(frozen=True, slots=True)
class Left:
    """A report that had been merged into what is withdrawn, directly. `is_over`: it tells that a danger is over;
    `alarm`: the words by which it is grave.
    """

    side: Side
    matter: Matter
    is_over: bool = False
    alarm: str = ""

    @property
    def incident(self) -> Incident:
        return self.side.incident


@dataclass(frozen=True, slots=True)
class Remaining:
    """All that had been merged into what is withdrawn and lives on; `policy` tells whose voices they are."""

    reports: tuple[Left, ...]
    policy: Policy


def merge(
    child: Incident, target: Incident, urgent_class: str, *, is_over: bool = False, alarm: str = ""
) -> tuple[Move, ...]:
    """What is merged in by hand makes the other as grave as itself, and alarms; not where it tells of an end. `alarm`:
    the words by which it is grave.
    """
    joins = Move(target.id, e.ChildJoined(child.id))
    return (
        Move(child.id, e.Merged(target.id)),
        joins,
        *_raises(child, target, urgent_class, is_over=is_over, alarm=alarm),
    )


def separate(child: Incident, reason: str, had_raised: bool) -> tuple[Move, ...]:
    """`had_raised`: it raised the one that it is separated from."""
    own = Move(child.id, e.Separated(reason))
    parent = child.merged_into
    return (own, Move(parent, e.ChildLeft(child.id, had_raised))) if parent else (own,)


def withdraw(incident: Incident, reason: str, remaining: Remaining | None) -> tuple[Move, ...]:
    """One report is withdrawn, and none that joined it: the gravest of these (then the oldest) waits at the desk
    again, and the others join that one, as far as a person might merge them; else they wait there themselves.

    What of this follows of itself the machine does: no journal of another report names who withdrew this one, or why.
    """
    own = Move(incident.id, e.Cancelled(reason))
    if remaining is None:
        return (own,)
    left = (Move(incident.id, e.ChildLeft(one.incident.id), MACHINE) for one in remaining.reports)
    return (*left, own, *_live_on(remaining))


def _live_on(remaining: Remaining) -> Iterator[Move]:
    heads: list[Left] = []
    for one in sorted(remaining.reports, key=_first):
        at = next((at for at, head in enumerate(heads) if not bar_to_merging(one.side, head.side)), None)
        if at is None:
            heads.append(one)
            yield Move(one.incident.id, e.Separated("", withdrawn=True), MACHINE)
        else:
            yield from _rejoins(one, heads[at], remaining.policy)
            heads[at] = _told_too(heads[at], one)


def _first(one: Left) -> tuple[object, ...]:
    """What few may read comes before all: nothing of it is merged into what many may."""
    incident = one.incident
    assert incident.card is not None  # every stored incident has one
    hidden = (not incident.sensitive, not one.side.is_hidden)
    return (*hidden, incident.severity, incident.card.received_at, incident.id)


def _rejoins(one: Left, head: Left, policy: Policy) -> Iterator[Move]:
    """Whose voice it is there is asked anew: it may be another person's than that of the report withdrawn."""
    child, target = one.incident, head.incident
    joined = e.ChildJoined(child.id, *voice_of(head.matter, one.matter, policy))
    yield Move(child.id, e.Rejoined(target.id), MACHINE)
    yield Move(target.id, joined, MACHINE)
    yield from _raises(child, target, policy.urgent_class, MACHINE, is_over=one.is_over, alarm=one.alarm)


def _told_too(head: Left, one: Left) -> Left:
    """What joins is told in it: whom that accuses, the next ones must not bring along."""
    excluded = (*head.side.excluded, *one.side.excluded)
    return replace(head, side=replace(head.side, excluded=excluded))


def _raises(
    child: Incident,
    target: Incident,
    urgent_class: str,
    by: Actor | None = None,
    *,
    is_over: bool,
    alarm: str,
) -> Iterator[Move]:
    if is_graver(child, target, urgent_class) and not is_over:
        graver = e.Raised(
            e.Cause.GRAVER, child.id, child.severity, child.limit_class, child.finish_limit, words=alarm
        )
        yield Move(target.id, graver, by)
