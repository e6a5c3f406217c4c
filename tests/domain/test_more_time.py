"""延期 and 挂账: more time, asked by the unit, decided by the desk."""

from math import inf, nan

import pytest

from gridward.domain import events as e
from gridward.domain.draft import NotYours
from gridward.domain.errors import Refused
from gridward.domain.rules import DeadlineKind, Light
from tests.domain.story import (
    ALICE,
    BOB,
    DAY,
    DESK_CLERK,
    HOUR,
    JOINT_UNIT,
    MINUTE,
    Story,
    accepted,
    suspended,
)

RAIN = e.ExtensionAsked("rain", 5)


def extended() -> Story:
    story = accepted()
    story.does(RAIN, ALICE)
    story.does(e.ExtensionGranted())
    return story


def test_an_extension_moves_the_limit() -> None:
    story = accepted()
    before = story.clock(DeadlineKind.FINISH).limit_at
    story.does(RAIN, ALICE)
    assert story.clock(DeadlineKind.FINISH).limit_at == before
    story.does(e.ExtensionGranted())
    assert story.clock(DeadlineKind.FINISH).limit_at == before + 5 * DAY
    assert not story.incident.desk_tasks()


def test_an_extension_is_had_once() -> None:
    with pytest.raises(Refused, match="once"):
        extended().does(RAIN, ALICE)


def test_an_extension_cannot_be_asked_twice_at_a_time() -> None:
    story = accepted()
    story.does(RAIN, ALICE)
    with pytest.raises(Refused, match="once"):
        story.does(RAIN, ALICE)


@pytest.mark.parametrize("days", [0, -1, 5.01, 1e300, nan, inf])
def test_an_extension_is_at_most_the_limit_itself(days: float) -> None:
    with pytest.raises(Refused, match="at most 5 days"):
        accepted().does(e.ExtensionAsked("rain", days), ALICE)


def test_an_extension_is_asked_for_before_the_limit_has_passed() -> None:
    with pytest.raises(Refused, match="before the limit"):
        accepted().after(5 * DAY).does(RAIN, ALICE)


def test_an_extension_asked_for_offline_in_time_counts() -> None:
    story = accepted()
    asked_at = story.now + 4 * DAY
    story.after(6 * DAY).does(RAIN, ALICE, done_at=asked_at)
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.EXTENSION_ASKED,)]


def test_only_the_lead_unit_asks_and_only_the_desk_decides() -> None:
    story = accepted()
    with pytest.raises(NotYours):
        story.does(RAIN, BOB)
    story.does(RAIN, ALICE)
    with pytest.raises(NotYours):
        story.does(e.ExtensionGranted(), ALICE)


def test_emergencies_are_not_extended() -> None:
    with pytest.raises(Refused, match="may not be extended"):
        accepted(limit_class="B").does(e.ExtensionAsked("rain", 0.5), ALICE)


def test_nothing_is_granted_that_was_not_asked_for() -> None:
    for answer in (
        e.ExtensionGranted(),
        e.ExtensionDenied("no"),
        e.SuspensionGranted(),
        e.SuspensionDenied("no"),
    ):
        with pytest.raises(Refused, match="nothing of the kind waits"):
            accepted().does(answer)


def test_a_denied_extension_changes_no_limit() -> None:
    story = accepted()
    before = story.clock(DeadlineKind.FINISH)
    story.does(RAIN, ALICE)
    story.does(e.ExtensionDenied("the weather is fine"))
    assert story.clock(DeadlineKind.FINISH) == before
    assert not story.incident.desk_tasks()
    assert story.told[-1].about == "extension_denied"


def test_the_light_goes_out_when_the_moved_limit_lies_ahead() -> None:
    story = accepted().after(4 * DAY)
    story.does(RAIN, ALICE)
    story.after(2 * DAY)
    assert story.lights()[DeadlineKind.FINISH] is Light.AMBER
    story.does(e.ExtensionGranted())
    assert DeadlineKind.FINISH not in story.lights()
    assert story.after(4 * DAY).lights() == {DeadlineKind.FINISH: Light.AMBER}


def test_a_suspension_stops_the_clocks_and_gives_the_time_back() -> None:
    story = accepted().after(DAY)
    limit_at = story.clock(DeadlineKind.FINISH).limit_at
    story.does(e.SuspensionAsked("court", story.now + 10 * DAY), ALICE)
    story.does(e.SuspensionGranted())
    assert story.clock(DeadlineKind.FINISH).due_at is None
    story.after(7 * DAY).does(e.Resumed())
    assert story.clock(DeadlineKind.FINISH).limit_at == limit_at + 7 * DAY


def test_a_pause_moves_every_step_by_its_length_and_stretches_none() -> None:
    story = accepted()
    story.after(HOUR).does(e.SuspensionAsked("court", story.now + 20 * DAY), ALICE)
    story.does(e.SuspensionGranted())
    story.after(20 * DAY).does(e.Resumed())
    start = story.clock(DeadlineKind.FINISH).started_at
    assert story.clock(DeadlineKind.FINISH).due_at == start + 20 * DAY + 2.5 * DAY  # the reminder at one half
    story.after(5 * DAY + MINUTE)
    assert story.clock(DeadlineKind.FINISH).due_at == start + 20 * DAY + 10 * DAY  # red at twice the limit


def test_a_second_pause_adds_to_the_first() -> None:
    story = accepted()
    limit_at = story.clock(DeadlineKind.FINISH).limit_at
    for days in (2, 3):
        story.does(e.SuspensionAsked("court", story.now + days * DAY), ALICE)
        story.does(e.SuspensionGranted())
        story.after(days * DAY).does(e.Resumed())
    assert story.clock(DeadlineKind.FINISH).limit_at == limit_at + 5 * DAY


def test_no_unit_is_reminded_during_a_suspension_but_the_desk_is_at_its_end() -> None:
    story = suspended(days=10)
    told = len(story.told)
    story.after(10 * DAY - MINUTE)
    assert len(story.told) == told
    story.after(MINUTE)
    assert [effect.kind for effect in story.told[told:]] == [DeadlineKind.DESK]
    assert story.incident.desk_tasks()[0].doubts == (e.Doubt.SUSPENSION_ENDS,)


def test_a_pause_settles_an_extension_that_was_asked_for_and_the_unit_may_ask_again_after_it() -> None:
    story = accepted()
    story.does(RAIN, ALICE)
    story.does(e.SuspensionAsked("court", story.now + 2 * DAY), ALICE)
    decision = story.does(e.SuspensionGranted())
    assert [task.doubts for task in story.incident.desk_tasks()] == [(e.Doubt.SUSPENSION_ENDS,)]
    assert [effect.about for effect in decision.effects] == ["suspended", "extension_lapsed"]
    assert (decision.data or {})["extension_lapsed"] is True
    story.after(2 * DAY).does(e.Resumed())
    before = story.clock(DeadlineKind.FINISH).limit_at
    story.does(RAIN, ALICE)
    story.does(e.ExtensionGranted())
    assert story.clock(DeadlineKind.FINISH).limit_at == before + 5 * DAY


def test_resuming_settles_the_review() -> None:
    story = suspended()
    story.does(e.Resumed(), ALICE)
    assert not story.incident.desk_tasks()


def test_joint_clocks_pause_too() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    story.does(e.SuspensionAsked("court", story.now + DAY), ALICE)
    story.does(e.SuspensionGranted())
    paused = {d.task for d in story.incident.deadlines if d.paused_at}
    assert paused == {story.lead.no, story.lead.no + 1}


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_a_suspension_ends_in_the_future_and_within_the_policy(days: float) -> None:
    story = accepted()
    with pytest.raises(Refused, match="ends in the future"):
        story.does(e.SuspensionAsked("court", story.now + days * DAY), ALICE)


def test_a_suspension_whose_day_has_passed_is_not_granted_but_may_be_denied() -> None:
    story = accepted()
    story.does(e.SuspensionAsked("court", story.now + HOUR), ALICE)
    story.after(HOUR)
    with pytest.raises(Refused, match="passed already"):
        story.does(e.SuspensionGranted())
    story.does(e.SuspensionDenied("ask again"))
    assert not story.incident.desk_tasks()


def test_a_suspension_waits_for_one_answer_at_a_time() -> None:
    story = accepted()
    story.does(e.SuspensionAsked("court", story.now + DAY), ALICE)
    with pytest.raises(Refused, match="waits"):
        story.does(e.SuspensionAsked("court", story.now + 2 * DAY), ALICE)


def test_a_stage_report_during_a_pause_meets_the_contact_clock_in_time() -> None:
    story = suspended(days=10, limit_class="D")
    decision = story.after(9 * DAY).does(e.Progressed("called them"), ALICE)
    assert decision.data == {"met": [{"task": story.lead.no, "kind": "contact", "in_time": True}]}


def test_the_desk_may_be_asked_by_a_desk_clerk_only_for_what_is_theirs() -> None:
    with pytest.raises(NotYours):
        accepted().does(RAIN, DESK_CLERK)
