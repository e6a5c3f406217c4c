"""退单: who may send a task back, and what goes on running while nobody has it."""

import pytest

from gridward.domain import events as e
from gridward.domain.draft import NotYours
from gridward.domain.errors import Refused
from gridward.domain.incident import TaskStatus
from gridward.domain.rules import DeadlineKind, Level, Light
from tests.domain.story import (
    ALICE,
    BOB,
    DAY,
    HOUR,
    JOAN,
    JOINT_UNIT,
    UNIT_A,
    UNIT_B,
    accepted,
    dispatched,
    queued,
    returned,
)


def test_class_a_may_not_be_returned() -> None:
    with pytest.raises(Refused, match="act first"):
        dispatched(limit_class="A").does(e.Returned("not ours"), ALICE)


def test_a_designated_unit_may_not_return_it() -> None:
    story = returned()
    story.does(e.Dispatched(UNIT_B, designated=True))
    with pytest.raises(Refused, match="designated"):
        story.does(e.Returned("not ours either"), BOB)


def test_another_unit_may_not_return_it() -> None:
    with pytest.raises(NotYours):
        dispatched().does(e.Returned("not ours"), BOB)


def test_a_return_waits_at_the_desk_with_the_unit_that_was_suggested() -> None:
    story = dispatched()
    story.does(e.Returned("not ours", suggested_unit=UNIT_B), ALICE)
    (task,) = story.incident.desk_tasks()
    assert (task.doubts, task.asked) == ((e.Doubt.RETURNED,), UNIT_B)
    assert story.clock(DeadlineKind.DESK).limit_at == story.now + 2 * HOUR


def test_a_return_settles_what_the_unit_had_asked_for() -> None:
    story = accepted()
    story.does(e.ExtensionAsked("rain", 1), ALICE)
    story.does(e.Returned("not ours"), ALICE)
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.RETURNED,)]


def test_the_finish_clock_runs_on_while_nobody_has_it() -> None:
    story = returned()
    assert story.clock(DeadlineKind.FINISH).is_running
    assert not story.clock(DeadlineKind.ACCEPT).is_running


def test_a_unit_that_gave_it_back_is_not_reminded_the_desk_is() -> None:
    story = returned().after(5 * DAY)
    told = [effect for effect in story.told if effect.kind is DeadlineKind.FINISH]
    assert [(n.level, n.unit) for n in told] == [(Level.DISPATCH_DESK, "desk"), (Level.DISPATCH_DESK, "desk")]
    assert story.lights()[DeadlineKind.FINISH] is Light.AMBER


def test_the_accept_clock_starts_anew_with_each_unit_but_the_promise_stays() -> None:
    story = dispatched()
    promise = story.clock(DeadlineKind.FINISH).limit_at
    story.after(3 * HOUR).does(e.Returned("not ours"), ALICE)
    story.after(HOUR).does(e.Dispatched(UNIT_B))
    assert story.clock(DeadlineKind.ACCEPT).limit_at == story.now + 4 * HOUR
    assert story.clock(DeadlineKind.FINISH).task == story.lead.no
    assert story.clock(DeadlineKind.FINISH).limit_at == promise


def test_only_the_newest_lead_task_has_a_running_finish_clock() -> None:
    story = returned()
    for unit in (UNIT_B, UNIT_A, UNIT_B):
        story.does(e.Dispatched(unit))
    running = [d for d in story.incident.deadlines if d.kind is DeadlineKind.FINISH and d.is_running]
    assert [d.task for d in running] == [story.lead.no]


def test_steps_taken_with_the_former_unit_are_not_taken_again() -> None:
    story = accepted().after(10 * DAY)
    assert story.lights() == {DeadlineKind.FINISH: Light.RED}
    told = len(story.told)
    story.does(e.Dispatched(UNIT_B))
    assert story.lights() == {DeadlineKind.FINISH: Light.RED}
    assert story.clock(DeadlineKind.FINISH).due_at is None
    assert [(effect.unit, effect.about) for effect in story.told[told:]] == [
        (UNIT_A, "withdrawn"),
        (UNIT_B, "dispatched"),
    ]


def test_a_step_that_was_due_but_not_taken_is_taken_with_the_new_unit() -> None:
    story = accepted().after(3 * DAY)
    story.now += 3 * DAY  # the sweep was down when the limit passed
    story.does(e.Dispatched(UNIT_B))
    assert story.lights() == {}
    story.after(0 * DAY)
    assert story.lights() == {DeadlineKind.FINISH: Light.AMBER}
    assert story.told[-1].unit == UNIT_B


def test_a_corrected_category_counts_its_own_limit_from_the_first_dispatch() -> None:
    story = dispatched()
    started = story.now
    story.after(2 * DAY).does(e.Dispatched(UNIT_B, category="0201", limit_class="D"))
    finish = story.clock(DeadlineKind.FINISH)
    assert (finish.started_at, finish.limit_at) == (started, started + 15 * DAY)


def test_a_longer_limit_puts_out_the_light_of_the_shorter_one() -> None:
    story = accepted().after(6 * DAY)
    assert story.lights() == {DeadlineKind.FINISH: Light.AMBER}
    story.does(e.Dispatched(UNIT_B, category="0201", limit_class="D"))
    assert DeadlineKind.FINISH not in story.lights()


def test_an_extension_survives_a_change_of_unit() -> None:
    story = accepted()
    story.does(e.ExtensionAsked("rain", 3), ALICE)
    story.does(e.ExtensionGranted())
    promise = story.clock(DeadlineKind.FINISH).limit_at
    story.does(e.Dispatched(UNIT_B))
    assert story.clock(DeadlineKind.FINISH).limit_at == promise


def test_without_a_category_nothing_can_be_dispatched() -> None:
    with pytest.raises(Refused, match="category"):
        queued(category=None).does(e.Dispatched(UNIT_A))


def test_a_return_by_a_joint_unit_leaves_the_lead_in_charge() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(e.JointReturned("no staff"), JOAN)
    assert story.incident.tasks[-1].status is TaskStatus.RETURNED
    assert story.lead.unit == UNIT_A
    assert story.told[-1].unit == UNIT_A
