"""Commands as triage, people and timers send them, for any store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from gridward.domain import events as e
from gridward.domain.commands import Command, Facts, Move, Sealed
from gridward.domain.draft import MACHINE, Actor, When
from gridward.domain.incident import Card
from gridward.domain.limits import Limit
from gridward.numbers import number_of
from gridward.store.unit_of_work import Due
from tests.domain.story import DAY, DESK_CLERK, HOUR, JOINT_UNIT, NOON, UNIT_A

NOW = NOON


def id_of(n: int) -> str:
    """The id of the n-th incident."""
    return str(UUID(int=n))


def report_id_of(n: int) -> str:
    return str(UUID(int=1_000_000 + n))


def reported(n: int, limit_class: str = "C", due: datetime | None = None) -> e.Reported:
    return e.Reported(
        report_id_of(n), "0101", 3, limit_class, Limit.parse("5 WD"), False, "331125001001", due
    )


def card(n: int, text: str = "路灯不亮") -> Card:
    return Card(report_id_of(n), "grid", NOW, NOW, text[:60], 119.57, 28.11, ("331125001001", "331125001002"))


def report(
    n: int,
    body: bytes = b"body",
    text: str = "路灯不亮",
    moves: Sequence[e.Event] | None = None,
    **facts: Any,
) -> Command:
    """A report as triage hands it on: incident `n`, dispatched to a unit unless `moves` says otherwise."""
    events = moves if moves is not None else (reported(n), e.Dispatched(UNIT_A, (JOINT_UNIT,)))
    return Command(
        key=f"report:{report_id_of(n)}",
        moves=tuple(Move(id_of(n), event) for event in events),
        actor=MACHINE,
        when=When(NOW, NOW),
        body_hash=sha256(body).digest(),
        opens=Facts(number_of(NOW, "331125", n), card(n, text), text, **facts),
        if_other_body=e.ReportConflicted(report_id_of(n), sha256(body).hexdigest()),
    )


def queued_report(n: int) -> Command:
    return report(n, moves=(reported(n), e.Queued((e.Doubt.NO_UNIT, e.Doubt.NO_GRID))))


def everything(n: int) -> Command:
    """A report with every field that it can have."""
    made = report(
        n,
        address="城东路 1 号",
        accuracy_m=12.5,
        external={"system": "12345", "number": "A-7", "due": "2026-03-07T15:00:00+08:00"},
        flags=("future_clock",),
        boundary_version=3,
        policy_version=4,
        why={"words": ["路灯"], "similar": [{"id": id_of(7)}, {"id": id_of(8)}]},
        sealed=Sealed("2026-03-02", b"\x00sealed\xff", b"hash"),
        moves=(reported(n, due=NOW + 5 * DAY + 3 * HOUR), e.Dispatched(UNIT_A)),
    )
    assert made.opens is not None
    likely = replace(made.opens.card, likely_repeats=(id_of(7), id_of(8)))
    return replace(made, opens=replace(made.opens, card=likely))


def action(
    name: str, n: int, event: e.Event, by: Actor = DESK_CLERK, seen: int | None = None, at: datetime = NOW
) -> Command:
    """What a person did to incident `n`."""
    body_hash = sha256(repr(event).encode()).digest()
    return Command(f"action:{name}", (Move(id_of(n), event),), by, When(at, at), body_hash, seen)


def merge(name: str, child: int, parent: int) -> Command:
    moves = (Move(id_of(child), e.Merged(id_of(parent))), Move(id_of(parent), e.ChildJoined(id_of(child))))
    return Command(f"action:{name}", moves, DESK_CLERK, When(NOW, NOW), b"merge")


def passed(due: Due, now: datetime) -> Command:
    event = due.event
    key = f"deadline:{due.incident_id}:{event.task}:{event.kind}:{event.generation}"
    return Command(key, (Move(due.incident_id, event),), MACHINE, When(now, now))
