"""A matter becomes graver: limits only become shorter, a person at the desk hears of it, and a repeat raises once."""

from dataclasses import replace

import pytest

from gridward.domain import events as e
from gridward.domain.draft import NotYours
from gridward.domain.incident import DESK, Card
from gridward.domain.rules import DeadlineKind, Level
from gridward.domain.transitions import Status
from gridward.wire import summary
from tests.domain.story import (
    ALICE,
    DAY,
    DESK_CLERK,
    HOUR,
    MACHINE,
    MINUTE,
    NOON,
    UNIT_A,
    Story,
    accepted,
    dispatched,
    limit,
    queued,
    resolved,
    suspended,
)

KNIFE = e.Raised(e.Cause.GRAVER, "i2", 1, "A", words="动刀")
THIRD = e.Raised(e.Cause.REPEAT, "i3", 2, "B", None, 3, Level.CENTRE)


def test_the_new_limits_count_from_now() -> None:
    story = accepted().after(DAY)
    version = story.incident.version
    story.does(KNIFE, MACHINE)
    assert (story.incident.severity, story.incident.limit_class) == (1, "A")
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + DAY + 2 * HOUR
    assert story.incident.version == version + 1, "what the unit saw is no more"


def test_a_unit_that_has_not_accepted_must_do_so_sooner() -> None:
    story = dispatched()
    story.does(KNIFE, MACHINE)
    assert story.clock(DeadlineKind.ACCEPT).limit_at == NOON + 10 * MINUTE


def test_no_limit_moves_to_a_later_moment() -> None:
    story = accepted(limit_class="B").after(23 * HOUR)
    story.does(KNIFE, MACHINE)
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + 24 * HOUR


def test_a_light_that_is_on_stays_on() -> None:
    story = accepted().after(6 * DAY)
    lights = story.lights()
    assert lights
    story.does(KNIFE, MACHINE)
    assert story.lights() == lights


def test_a_milder_or_slower_report_changes_nothing() -> None:
    story = accepted(limit_class="A", severity=1)
    before = story.incident
    decision = story.does(THIRD, MACHINE)
    assert not decision.happened
    assert story.incident is before


def test_a_class_that_its_own_policy_does_not_know_raises_the_severity_alone() -> None:
    story = accepted()
    finish = story.clock(DeadlineKind.FINISH).limit_at
    story.does(e.Raised(e.Cause.GRAVER, "i2", 2, "Z"), MACHINE)
    assert (story.incident.severity, story.incident.limit_class) == (2, "C")
    assert story.clock(DeadlineKind.FINISH).limit_at == finish


def test_what_is_graver_alarms_the_desk_and_its_unit_until_somebody_writes_what_was_done() -> None:
    story = accepted()
    told = story.does(KNIFE, MACHINE).effects
    assert {(one.level, one.unit) for one in told} == {
        (Level.UNIT_DESK, UNIT_A),
        (Level.DISPATCH_DESK, DESK),
    }
    (task,) = story.incident.desk_tasks()
    assert (task.doubts, task.asked, task.words) == ((e.Doubt.GRAVER,), "i2", "动刀")
    assert story.clock(DeadlineKind.DESK).limit_at == NOON + 5 * MINUTE
    story.does(e.Progressed("the unit was told by phone"), ALICE)
    assert story.incident.desk_tasks()
    story.does(e.Progressed("the police are on their way"), DESK_CLERK)
    assert not story.incident.desk_tasks()


def test_what_is_graver_tells_the_level_of_the_policy_too() -> None:
    told = accepted().does(replace(KNIFE, told=Level.CENTRE), MACHINE).effects
    assert (Level.CENTRE, "graver") in {(one.level, one.about) for one in told}


def test_lists_show_by_which_words_the_last_report_made_it_graver_also_when_that_is_settled() -> None:
    story = accepted()
    assert story.incident.graver is None
    story.does(replace(KNIFE, severity=2, words="推搡"), MACHINE)
    story.does(replace(KNIFE, by="i3"), MACHINE)
    story.does(e.Progressed("the police are on their way"), DESK_CLERK)
    shown = replace(story.incident, card=Card("r", "grid", NOON, NOON))
    assert summary(shown)["graver"] == {"by": "i3", "words": "动刀"}
    assert summary(replace(shown, sensitive=True))["graver"] is None


def test_a_repeat_tells_the_level_of_the_policy_and_asks_nobody() -> None:
    story = accepted()
    told = story.does(THIRD, MACHINE).effects
    assert [(one.level, one.about) for one in told] == [
        (Level.UNIT_DESK, "raised"),
        (Level.CENTRE, "repeat"),
    ]
    assert not story.incident.desk_tasks()


def test_a_link_tells_that_level_before_there_is_a_unit_too() -> None:
    told = queued().does(e.Linked(("i5",), 2, True, Level.CENTRE), MACHINE).effects
    assert [(one.level, one.unit, one.about) for one in told] == [(Level.CENTRE, DESK, "repeat")]
    assert not queued().does(e.Linked(("i5",), 2, True, Level.UNIT_LEADER), MACHINE).effects


def test_what_waits_at_the_desk_waits_shorter() -> None:
    story = queued(severity=4)
    assert story.clock(DeadlineKind.DESK).limit_at == NOON + 2 * HOUR
    story.does(KNIFE, MACHINE)
    assert {d.limit_at for d in story.incident.deadlines} == {NOON + 5 * MINUTE}


def test_a_pause_goes_on_and_its_rest_is_shorter() -> None:
    story = suspended(days=10)
    story.after(DAY).does(KNIFE, MACHINE)
    assert story.incident.status is Status.SUSPENDED
    assert story.clock(DeadlineKind.FINISH).paused_at == NOON
    story.does(e.Resumed())
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + DAY + 2 * HOUR


def test_what_is_done_is_put_before_the_desk_and_no_clock_of_the_unit_starts() -> None:
    story = resolved()
    story.does(KNIFE, MACHINE)
    running = {d.kind for d in story.incident.deadlines if d.is_running}
    assert running == {DeadlineKind.VERIFY, DeadlineKind.DESK}


def test_a_limit_of_its_category_is_kept_where_it_is_the_shorter_one() -> None:
    story = accepted(finish_limit=limit("1 EH"))
    story.does(THIRD, MACHINE)
    assert (story.incident.severity, story.incident.finish_limit) == (2, limit("1 EH"))


def test_a_shorter_limit_under_the_same_class_is_told() -> None:
    decision = accepted().does(e.Raised(e.Cause.REPEAT, "i2", 3, "C", limit("1 EH")), MACHINE)
    data = decision.data or {}
    assert (data["from_class"], data["to_class"]) == ("C", "C")
    assert (data["from_finish"], data["to_finish"]) == ("5 WD", "1 EH")
    assert "to_finish" not in (accepted().does(e.Raised(e.Cause.GRAVER, "i2", 2, "C"), MACHINE).data or {})


def test_a_unit_raises_nothing() -> None:
    with pytest.raises(NotYours):
        accepted().does(KNIFE, ALICE)


def test_the_end_is_no_place_for_raising() -> None:
    story = Story()
    story.does(e.Queued((e.Doubt.NO_GRID,)), MACHINE)
    story.does(e.Declined("private"))
    with pytest.raises(Exception, match="not possible while declined"):
        story.does(KNIFE, MACHINE)
