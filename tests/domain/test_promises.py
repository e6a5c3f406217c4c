"""When a clock starts, which limit counts, and what was done offline in time."""

import pytest

from gridward.domain import events as e
from gridward.domain.draft import NotYours
from gridward.domain.errors import Refused
from gridward.domain.rules import DeadlineKind, Light
from tests.domain.story import (
    ALICE,
    BOB,
    DAY,
    HOUR,
    JOAN,
    JOINT_UNIT,
    MINUTE,
    NOON,
    REVIEWER,
    UNIT_B,
    accepted,
    dispatched,
    limit,
    queued,
)


def test_accept_and_finish_run_from_dispatch_not_from_acceptance() -> None:
    story = queued().after(HOUR)
    story.does(e.Dispatched(UNIT_B))
    assert story.clock(DeadlineKind.ACCEPT).started_at == story.now
    finish = story.clock(DeadlineKind.FINISH)
    story.after(HOUR).does(e.Accepted(), BOB)
    assert story.clock(DeadlineKind.FINISH) == finish


def test_a_categorys_own_limit_comes_before_its_classs() -> None:
    story = dispatched(finish_limit=limit("6 WH"))
    assert story.clock(DeadlineKind.FINISH).limit_at == story.now + 6 * HOUR


@pytest.mark.parametrize(
    ("external_due", "limit_at"),
    [
        (NOON + 2 * DAY, NOON + 2 * DAY),  # earlier than ours: it counts
        (NOON + 9 * DAY, NOON + 5 * DAY),  # later than ours: ours counts
        (NOON - DAY, NOON),  # already past: at once
    ],
)
def test_the_earlier_limit_counts_when_another_system_has_set_one(
    external_due: object, limit_at: object
) -> None:
    story = dispatched(external_due=external_due)
    assert story.clock(DeadlineKind.FINISH).limit_at == limit_at


def test_a_limit_that_had_passed_before_it_came_lights_up_at_once() -> None:
    story = dispatched(external_due=NOON - DAY).after(0 * DAY)
    assert story.lights()[DeadlineKind.FINISH] is Light.RED


def test_a_joint_unit_has_clocks_of_its_own() -> None:
    story = accepted().after(DAY)
    story.does(e.JointAdded(JOINT_UNIT))
    joint = story.incident.tasks[-1].no
    assert story.clock(DeadlineKind.ACCEPT, joint).limit_at == story.now + 4 * HOUR
    assert story.clock(DeadlineKind.FINISH, joint).limit_at == story.now + 5 * DAY
    story.does(e.JointResolved("done"), JOAN)
    assert not any(d.is_running for d in story.incident.deadlines if d.task == joint)


def test_a_unit_holds_one_open_task_of_a_matter() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    with pytest.raises(Refused, match="open task already"):
        story.does(e.JointAdded(JOINT_UNIT))


def test_what_was_done_offline_in_time_meets_its_deadline_openly() -> None:
    story = dispatched()
    done_at = story.now + 3 * HOUR
    story.after(5 * HOUR)
    assert story.lights() == {DeadlineKind.ACCEPT: Light.AMBER}
    decision = story.does(e.Accepted(), ALICE, done_at=done_at)
    assert story.lights() == {}
    assert story.clock(DeadlineKind.ACCEPT).light is None
    assert story.lead.accepted_at == done_at
    assert decision.data == {
        "corrected": [{"task": 1, "kind": "accept", "light": "amber"}],
        "met": [{"task": 1, "kind": "accept", "in_time": True}],
    }


def test_what_was_done_too_late_keeps_its_light_on_the_record() -> None:
    story = dispatched().after(5 * HOUR)
    decision = story.does(e.Accepted(), ALICE)
    assert story.clock(DeadlineKind.ACCEPT).light is Light.AMBER
    assert decision.data == {"met": [{"task": 1, "kind": "accept", "in_time": False}]}


def test_the_last_moment_of_the_limit_is_still_in_time() -> None:
    story = dispatched()
    story.now += 4 * HOUR
    assert story.does(e.Accepted(), ALICE).data == {"met": [{"task": 1, "kind": "accept", "in_time": True}]}


def test_nothing_was_done_before_it_was_offered() -> None:
    story = dispatched()
    story.does(e.Accepted(), ALICE, done_at=story.now - DAY)
    assert story.lead.accepted_at == story.lead.offered_at


def test_a_new_unit_cannot_have_finished_before_it_was_asked() -> None:
    story = dispatched().after(6 * DAY)
    story.does(e.Dispatched(UNIT_B))
    decision = story.does(e.Resolved("done", e.Outcome.SOLVED), BOB, done_at=story.now - 5 * DAY)
    assert {"task": 2, "kind": "finish", "in_time": False} in (decision.data or {})["met"]
    assert story.lead.done_at == story.now


def test_a_fast_phone_clock_makes_nobody_late() -> None:
    story = dispatched()
    story.now += 4 * HOUR
    story.does(e.Accepted(), ALICE, done_at=story.now + 10 * MINUTE)
    assert story.lead.accepted_at == story.now
    assert story.clock(DeadlineKind.ACCEPT).ended_at == story.now


def test_what_is_solved_on_the_spot_needs_no_acceptance_first() -> None:
    story = dispatched(limit_class="D")
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    assert story.lead.accepted_at == story.lead.done_at == story.now
    assert {d.kind for d in story.incident.deadlines if d.is_running} == {DeadlineKind.VERIFY}


def test_a_stage_report_meets_the_contact_clock_and_no_other() -> None:
    story = dispatched(limit_class="D")
    story.does(e.Progressed("called them"), ALICE)
    assert {d.kind for d in story.incident.deadlines if d.is_running} == {
        DeadlineKind.ACCEPT,
        DeadlineKind.FINISH,
    }


def test_who_lost_the_task_is_told_so_when_they_come_back_online() -> None:
    story = dispatched()
    story.does(e.Dispatched(UNIT_B))
    with pytest.raises(NotYours):
        story.does(e.Accepted(), ALICE, done_at=story.now - MINUTE)


def test_a_stranger_reports_no_progress() -> None:
    with pytest.raises(NotYours):
        accepted().does(e.Progressed("I was there"), REVIEWER)
