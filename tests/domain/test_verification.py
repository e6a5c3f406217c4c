"""核查 and what follows: verified by someone else, reworked, called back, closed, opened again."""

import pytest

from gridward.domain import events as e
from gridward.domain.draft import Actor, NotYours
from gridward.domain.incident import TaskStatus
from gridward.domain.rules import DeadlineKind, Level, Light
from gridward.domain.transitions import Status
from tests.domain.story import (
    ALICE,
    BOB,
    DAY,
    HOUR,
    JOAN,
    JOINT_UNIT,
    REVIEWER,
    UNIT_A,
    UNIT_B,
    accepted,
    closed,
    dispatched,
    resolved,
    verified,
)

FAILED, PASSED = e.VerificationFailed("still there"), e.VerificationPassed()


@pytest.mark.parametrize("verdict", [PASSED, FAILED])
@pytest.mark.parametrize(
    "handler",
    [
        ALICE,
        Actor("someone else", "unit", UNIT_A),
        Actor("alice", "desk"),  # she changed desks meanwhile
        Actor("alice", "worker", UNIT_B),
    ],
)
def test_who_handled_it_may_not_verify_it(verdict: e.Event, handler: Actor) -> None:
    with pytest.raises(NotYours):
        resolved().does(verdict, handler)


def test_who_accepted_it_before_the_unit_changed_may_not_verify_it() -> None:
    story = accepted()
    story.does(e.Dispatched(UNIT_B))
    story.does(e.Resolved("done", e.Outcome.SOLVED), BOB)
    with pytest.raises(NotYours):
        story.does(PASSED, ALICE)


@pytest.mark.parametrize("event", [e.JointAccepted(), e.JointResolved("done")])
def test_a_joint_unit_that_worked_on_it_may_not_verify_it(event: e.Event) -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(event, JOAN)
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    with pytest.raises(NotYours):
        story.does(PASSED, Actor("another", "unit", JOINT_UNIT))


def test_a_joint_unit_may_finish_while_it_waits_for_verification() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    story.does(e.JointResolved("our part too"), JOAN)
    assert story.incident.tasks[-1].status is TaskStatus.DONE


def test_a_passed_verification_asks_no_more_of_joint_units() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    story.does(PASSED, REVIEWER)
    assert story.incident.tasks[1].status is TaskStatus.WITHDRAWN
    assert {d.kind for d in story.incident.deadlines if d.is_running} == {DeadlineKind.DESK}


def test_a_resolved_matter_waits_three_days_and_then_the_reporter_is_called() -> None:
    story = resolved()
    story.after(3 * DAY - HOUR)
    assert story.levels() == [Level.DISPATCH_DESK]
    assert not story.incident.desk_tasks()
    story.after(HOUR)
    assert story.levels() == [Level.DISPATCH_DESK, Level.CENTRE]
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.CALL_BACK,)]
    assert story.lights() == {DeadlineKind.VERIFY: Light.AMBER}


def test_a_verdict_settles_the_call_back() -> None:
    story = resolved().after(3 * DAY)
    story.does(PASSED, REVIEWER)
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.CLOSING,)]


def test_a_verified_matter_waits_for_closing_with_a_clock() -> None:
    story = verified()
    assert story.clock(DeadlineKind.DESK).limit_at == story.now + 3 * DAY
    story.after(6 * DAY)
    assert story.levels() == [Level.DISPATCH_DESK, Level.DUTY_CHIEF]
    story.does(e.Closed())
    assert not any(d.is_running for d in story.incident.deadlines)


def test_rework_goes_to_the_same_unit_with_a_share_of_the_limit() -> None:
    story = resolved().after(DAY)
    story.does(FAILED, REVIEWER)
    assert (story.incident.status, story.lead.unit, story.lead.status) == (
        Status.ACCEPTED,
        UNIT_A,
        TaskStatus.ACCEPTED,
    )
    assert story.clock(DeadlineKind.FINISH).limit_at == story.now + 2.5 * DAY


def test_a_generation_is_never_used_twice() -> None:
    story = dispatched()
    seen = {(d.task, d.kind, d.generation) for d in story.incident.deadlines}
    story.does(e.Accepted(), ALICE)
    for _ in range(3):
        armed = {d for d in story.incident.deadlines if d.due_at}
        story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
        story.does(FAILED, REVIEWER)
        fresh = {
            (d.task, d.kind, d.generation) for d in story.incident.deadlines if d.due_at and d not in armed
        }
        assert fresh
        assert not fresh & seen
        seen |= fresh


def test_a_changed_unit_keeps_the_rework_limit() -> None:
    story = resolved()
    story.does(FAILED, REVIEWER)
    promise = story.clock(DeadlineKind.FINISH).limit_at
    story.does(e.Dispatched(UNIT_B))
    assert story.clock(DeadlineKind.FINISH).limit_at == promise


def test_a_closed_matter_comes_back_to_the_desk_and_its_handlers_stay_handlers() -> None:
    story = closed()
    story.does(e.Reopened("it is back"), Actor("wang", "reporter"))
    assert story.incident.status is Status.QUEUED
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.REOPENED,)]
    story.does(e.Dispatched(UNIT_B))
    assert story.clock(DeadlineKind.FINISH).limit_at == story.now + 5 * DAY
    story.does(e.Resolved("done", e.Outcome.SOLVED), BOB)
    with pytest.raises(NotYours):
        story.does(PASSED, ALICE)
