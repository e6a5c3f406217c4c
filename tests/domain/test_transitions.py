"""Every status meets every event: the table alone decides which moves exist."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from gridward.domain import events as e
from gridward.domain.decide import decide
from gridward.domain.draft import MACHINE, Actor, When
from gridward.domain.errors import Refused
from gridward.domain.incident import Incident
from gridward.domain.rules import DeadlineKind, Level
from gridward.domain.transitions import TRANSITIONS, IllegalTransition, Status, possible_events
from tests.domain.story import (
    ALICE,
    DAY,
    DESK_CLERK,
    IN_STATUS,
    JOAN,
    JOINT_UNIT,
    NOON,
    REVIEWER,
    RULES,
    UNIT_B,
    Story,
    accepted,
)

EVENTS: tuple[type[e.Event], ...] = get_args(e.Event)
SAMPLE: dict[type[e.Event], tuple[e.Event, Actor]] = {
    e.Reported: (e.Reported("r1", "0101", 3, "C", None, False, None), MACHINE),
    e.Queued: (e.Queued((e.Doubt.NO_GRID,)), MACHINE),
    e.Dispatched: (e.Dispatched(UNIT_B), DESK_CLERK),
    e.Accepted: (e.Accepted(), ALICE),
    e.Returned: (e.Returned("not ours"), ALICE),
    e.JointAdded: (e.JointAdded("33112500100005"), DESK_CLERK),
    e.JointAccepted: (e.JointAccepted(), JOAN),
    e.JointReturned: (e.JointReturned("not ours"), JOAN),
    e.JointResolved: (e.JointResolved("done"), JOAN),
    e.Progressed: (e.Progressed("looked at it"), DESK_CLERK),
    e.ExtensionAsked: (e.ExtensionAsked("rain", 1), ALICE),
    e.ExtensionGranted: (e.ExtensionGranted(), DESK_CLERK),
    e.ExtensionDenied: (e.ExtensionDenied("no"), DESK_CLERK),
    e.SuspensionAsked: (e.SuspensionAsked("court", NOON + 9 * DAY), ALICE),
    e.SuspensionGranted: (e.SuspensionGranted(), DESK_CLERK),
    e.SuspensionDenied: (e.SuspensionDenied("no"), DESK_CLERK),
    e.Resumed: (e.Resumed(), DESK_CLERK),
    e.Resolved: (e.Resolved("done", e.Outcome.SOLVED), ALICE),
    e.VerificationPassed: (e.VerificationPassed(), REVIEWER),
    e.VerificationFailed: (e.VerificationFailed("not done"), REVIEWER),
    e.Closed: (e.Closed(), DESK_CLERK),
    e.Reopened: (e.Reopened("it is back"), DESK_CLERK),
    e.Declined: (e.Declined("private"), DESK_CLERK),
    e.HandedOver: (e.HandedOver("119", "station 3", NOON), DESK_CLERK),
    e.Merged: (e.Merged("i2"), DESK_CLERK),
    e.ChildJoined: (e.ChildJoined("i3"), DESK_CLERK),
    e.Separated: (e.Separated("", withdrawn=True), DESK_CLERK),
    e.Rejoined: (e.Rejoined("i4"), MACHINE),
    e.ChildLeft: (e.ChildLeft("i3"), DESK_CLERK),
    e.Cancelled: (e.Cancelled("mistake"), DESK_CLERK),
    e.Linked: (e.Linked(("i5", "i6"), 3, False, Level.CENTRE), MACHINE),
    e.LinkedBy: (e.LinkedBy("i7", 3), MACHINE),
    e.Raised: (e.Raised(e.Cause.GRAVER, "i8", 1, "A"), MACHINE),
    e.ReportConflicted: (e.ReportConflicted("r1", "ab12"), MACHINE),
    e.LevelTold: (e.LevelTold("town", UNIT_B, "thirty people"), MACHINE),
}
DECISIONS = {
    e.ExtensionGranted: SAMPLE[e.ExtensionAsked],
    e.ExtensionDenied: SAMPLE[e.ExtensionAsked],
    e.SuspensionGranted: SAMPLE[e.SuspensionAsked],
    e.SuspensionDenied: SAMPLE[e.SuspensionAsked],
}


def prepared(status: Status, kind: type[e.Event]) -> Incident:
    """An incident of that status in which `kind` has something to act on."""
    if status is Status.NEW:
        return Incident("i1", "n1")
    story = IN_STATUS[status]()
    if kind in (e.JointAccepted, e.JointReturned, e.JointResolved):
        story = with_joint_unit(status)
    if kind in DECISIONS and status is Status.ACCEPTED:
        story.does(*DECISIONS[kind])
    return story.incident


def with_joint_unit(status: Status) -> Story:
    """The same status, reached with a joint unit beside the lead."""
    if status in (Status.DISPATCHED, Status.ACCEPTED):
        story = IN_STATUS[status]()
        story.does(e.JointAdded(JOINT_UNIT))
        return story
    if status not in (Status.RETURNED, Status.RESOLVED):
        return IN_STATUS[status]()
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(*SAMPLE[e.Returned if status is Status.RETURNED else e.Resolved])
    return story


@pytest.mark.parametrize(
    ("status", "kind"), [pair for pair in product(Status, EVENTS) if pair[1] is not e.DeadlinePassed]
)
def test_the_table_alone_decides_which_moves_exist(status: Status, kind: type[e.Event]) -> None:
    incident = prepared(status, kind)
    event, actor = SAMPLE[kind]
    assert incident.status is status
    if (status, kind) in TRANSITIONS:
        assert (
            decide(incident, event, actor, When(NOON, NOON), RULES).incident.status
            is TRANSITIONS[status, kind]
        )
        return
    with pytest.raises(IllegalTransition) as refusal:
        decide(incident, event, actor, When(NOON, NOON), RULES)
    assert kind not in refusal.value.possible
    assert set(refusal.value.possible) == {k for s, k in TRANSITIONS if s is status}


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.NEW])
def test_a_passed_deadline_moves_no_status(status: Status) -> None:
    incident = IN_STATUS[status]().incident
    for clock in incident.deadlines:
        passed = e.DeadlinePassed(clock.task, clock.kind, clock.generation)
        assert decide(incident, passed, MACHINE, When(NOON, NOON), RULES).incident.status is status


def test_every_event_that_exists_has_a_place_in_the_table() -> None:
    assert {kind for _, kind in TRANSITIONS} == set(EVENTS)


def test_every_status_but_the_first_can_be_reached() -> None:
    assert set(TRANSITIONS.values()) == set(Status) - {Status.NEW}


def test_what_is_possible_is_named_in_the_tables_order() -> None:
    assert possible_events(Status.NEW) == (e.Reported,)
    assert possible_events(Status.VERIFIED)[0] is e.Closed


def test_a_stale_deadline_does_nothing_even_where_it_would_be_illegal() -> None:
    new = Incident("i1", "n1")
    decision = decide(new, e.DeadlinePassed(1, DeadlineKind.ACCEPT, 1), MACHINE, When(NOON, NOON), RULES)
    assert decision.incident is new
    assert not decision.happened


def test_a_class_that_the_policy_does_not_know_is_refused() -> None:
    incident = replace(accepted().incident, limit_class="Z")
    with pytest.raises(Refused, match="knows no limit class Z"):
        decide(incident, e.Returned("not ours"), ALICE, When(NOON, NOON), RULES)
