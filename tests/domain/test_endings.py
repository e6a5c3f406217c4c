"""Ways out of an incident, and what may still come afterwards."""

from collections.abc import Callable

import pytest

from gridward.domain import events as e
from gridward.domain.draft import MACHINE, Actor, NotYours
from gridward.domain.rules import DeadlineKind, Level
from gridward.domain.transitions import IllegalTransition, Status
from tests.domain.story import (
    ALICE,
    HOUR,
    IN_STATUS,
    JOINT_UNIT,
    NOON,
    UNIT_A,
    UNIT_B,
    Story,
    accepted,
    closed,
    dispatched,
    handed_over,
    queued,
    returned,
    suspended,
    verified,
)

ENDED = (Status.CLOSED, Status.DECLINED, Status.HANDED_OVER, Status.MERGED, Status.CANCELLED)
WANG = Actor("wang", "reporter")


@pytest.mark.parametrize("status", ENDED)
def test_at_the_end_nobody_waits_for_anything(status: Status) -> None:
    incident = IN_STATUS[status]().incident
    assert not any(d.is_running or d.due_at for d in incident.deadlines)
    assert not any(task.is_open for task in incident.tasks)
    assert incident.light() is None
    assert incident.next_due_at() is None


def test_a_merged_matter_says_into_which_and_the_other_says_which_came() -> None:
    child, parent = suspended(), accepted()
    child.does(e.Merged("i2"))
    parent.does(e.ChildJoined("i1"))
    assert child.incident.merged_into == "i2"
    assert child.incident.status is Status.MERGED
    assert parent.incident.status is Status.ACCEPTED


def test_a_merge_can_be_taken_back_and_the_matter_waits_at_the_desk() -> None:
    child, parent = accepted(), accepted()
    child.does(e.Merged("i2"))
    parent.does(e.ChildJoined("i1"))
    child.does(e.Separated("another pipe"))
    parent.does(e.ChildLeft("i1"))
    assert child.incident.status is Status.QUEUED
    assert child.incident.merged_into is None
    (waiting,) = child.incident.desk_tasks()
    assert waiting.doubts == (e.Doubt.REOPENED,)
    assert child.clock(DeadlineKind.DESK, waiting.no).is_running
    assert parent.incident.status is Status.ACCEPTED


def test_what_joined_a_withdrawn_matter_waits_at_the_desk_for_that_reason() -> None:
    child = accepted()
    child.does(e.Merged("i2"))
    child.does(e.Separated("", withdrawn=True), MACHINE)
    assert (child.incident.status, child.incident.merged_into) == (Status.QUEUED, None)
    (waiting,) = child.incident.desk_tasks()
    assert waiting.doubts == (e.Doubt.WITHDRAWN,)
    assert child.clock(DeadlineKind.DESK, waiting.no).is_running


def test_it_may_join_another_report_instead_and_is_still_nobodys_to_do() -> None:
    child = accepted()
    child.does(e.Merged("i2"))
    child.does(e.Rejoined("i3"), MACHINE)
    assert (child.incident.status, child.incident.merged_into) == (Status.MERGED, "i3")
    assert not any(task.is_open for task in child.incident.tasks)
    with pytest.raises(NotYours):
        child.does(e.Rejoined("i4"), WANG)


def test_only_the_desk_takes_a_merge_back() -> None:
    child = accepted()
    child.does(e.Merged("i2"))
    with pytest.raises(NotYours):
        child.does(e.Separated("another pipe"), ALICE)


def test_a_report_that_joins_at_once_never_waits_at_the_desk() -> None:
    story = IN_STATUS[Status.REPORTED]()
    story.does(e.Merged("i2"), MACHINE)
    assert story.incident.status is Status.MERGED
    assert story.incident.tasks == ()


def test_nothing_joins_a_matter_that_has_ended() -> None:
    with pytest.raises(IllegalTransition):
        closed().does(e.ChildJoined("i1"))


def test_a_merge_ends_joint_tasks_too() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(e.Merged("i2"))
    assert not any(d.is_running for d in story.incident.deadlines)


def test_what_an_emergency_line_took_may_be_closed_or_come_back() -> None:
    story = handed_over().after(HOUR)
    story.does(e.Closed("the fire is out"))
    assert story.incident.status is Status.CLOSED
    other = handed_over()
    other.does(e.Reopened("the line gave it back"))
    assert other.incident.status is Status.QUEUED


def test_the_reporter_may_take_it_back_before_anyone_began() -> None:
    for story in (queued(), dispatched()):
        story.does(e.Cancelled("solved itself"), WANG)
        assert story.incident.status is Status.CANCELLED
    with pytest.raises(IllegalTransition):
        accepted().does(e.Cancelled("solved itself"), WANG)


@pytest.mark.parametrize(
    "event", [e.Dispatched(UNIT_A), e.Declined("no"), e.Merged("i2"), e.HandedOver("110", "x", queued().now)]
)
@pytest.mark.parametrize("actor", [WANG, ALICE, Actor("x", "worker", UNIT_A)])
def test_only_the_desk_decides_where_a_matter_goes(event: e.Event, actor: Actor) -> None:
    with pytest.raises(NotYours):
        queued().does(event, actor)


@pytest.mark.parametrize("role", ["desk", "chief", "leader"])
def test_the_chief_and_the_leader_on_duty_may_do_what_the_desk_does(role: str) -> None:
    story = queued()
    story.does(e.Dispatched(UNIT_A), Actor("he", role))
    assert story.incident.status is Status.DISPATCHED


@pytest.mark.parametrize("status", [status for status in IN_STATUS if status is not Status.REPORTED])
def test_a_conflict_is_put_to_the_desk_in_any_status_and_its_note_settles_it(status: Status) -> None:
    story = IN_STATUS[status]()
    before = story.incident.desk_tasks()
    story.does(e.ReportConflicted("r1", "ab12"), MACHINE)
    conflict = story.incident.desk_tasks()[-1]
    assert (conflict.doubts, conflict.asked) == ((e.Doubt.CONFLICT,), "ab12")
    assert any(d.task == conflict.no and d.due_at for d in story.incident.deadlines)
    story.does(e.Progressed("the second text is a typing slip"))
    assert story.incident.desk_tasks() == before
    assert story.incident.status is status


def conflicted(story: Story) -> Story:
    """The same number has come again with another text."""
    story.does(e.ReportConflicted("r1", "ab12", "a man lies there"), MACHINE)
    return story


def open_matters(story: Story) -> list[tuple[e.Doubt, ...]]:
    return [task.doubts for task in story.incident.desk_tasks()]


@pytest.mark.parametrize(
    ("story", "event"),
    [
        (queued, e.Dispatched(UNIT_A)),
        (dispatched, e.Dispatched(UNIT_B)),
        (returned, e.Dispatched(UNIT_B)),
        (queued, e.Declined("private")),
        (queued, e.Cancelled("mistake")),
        (queued, e.HandedOver("110", "officer", NOON)),
        (suspended, e.Merged("i2")),
        (verified, e.Closed()),
    ],
)
def test_a_conflict_that_nobody_has_read_outlives_what_becomes_of_the_rest(
    story: Callable[[], Story], event: e.Event
) -> None:
    lived = conflicted(story())
    limit_at = lived.clock(DeadlineKind.DESK).limit_at
    lived.does(event)
    assert open_matters(lived) == [(e.Doubt.CONFLICT,)]
    (clock,) = [d for d in lived.incident.deadlines if d.kind is DeadlineKind.DESK and d.is_running]
    assert clock.limit_at == limit_at
    told = len(lived.levels())
    lived.after(2 * HOUR)
    assert Level.DISPATCH_DESK in lived.levels()[told:]
    lived.does(e.Progressed("another matter, reported anew"))
    assert open_matters(lived) == []


def test_after_the_end_only_the_conflicts_clock_runs() -> None:
    story = conflicted(returned())
    story.does(e.Declined("private"))
    (task,) = story.incident.desk_tasks()
    assert [d.task for d in story.incident.deadlines if d.is_running] == [task.no]


def test_a_conflict_decides_nothing_by_itself() -> None:
    story = accepted()
    before = story.incident
    conflicted(story)
    assert (story.incident.severity, story.incident.category) == (before.severity, before.category)
    assert (story.incident.version, story.incident.lead) == (before.version, before.lead)
