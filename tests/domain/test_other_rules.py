"""A category brings the rules along that it was read from; what was promised is not moved by them unsaid."""

from datetime import timedelta

import pytest

from gridward.domain import events as e
from gridward.domain.draft import MACHINE
from gridward.domain.errors import Refused
from gridward.domain.rules import DeadlineKind, Level
from tests.domain.story import (
    DAY,
    DESK_CLERK,
    HOUR,
    MINUTE,
    NOON,
    UNIT_B,
    Story,
    accepted,
    dispatched,
    queued,
    returned,
)

NEW_MATTER = e.Dispatched(UNIT_B, category="0301", limit_class="E", rules_version=2)
SAME_MATTER = e.Dispatched(UNIT_B, category="0101", limit_class="C", rules_version=2)


@pytest.mark.parametrize("begun", [queued, dispatched, accepted, returned])
@pytest.mark.parametrize("limit_class", ["C", "D"])  # version 2 has no D
def test_a_class_that_only_a_later_version_knows_can_be_given(begun: type[Story], limit_class: str) -> None:
    story = begun(limit_class=limit_class)
    decision = story.does(NEW_MATTER)
    assert (story.incident.rules_version, story.incident.limit_class) == (2, "E")
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + 3 * DAY
    said = decision.data or {}
    assert (said["from_rules"], said["to_rules"]) == (1, 2)
    assert ("finish_to" in said) == (begun is not queued)


def test_a_dispatch_without_a_version_keeps_the_rules_that_the_incident_has() -> None:
    story = dispatched()
    with pytest.raises(Refused, match="policy 1 knows no limit class E"):
        story.does(e.Dispatched(UNIT_B, category="0301", limit_class="E"))
    assert story.does(e.Dispatched(UNIT_B, category="0101", limit_class="C")).data == {}
    assert story.incident.rules_version == 1


def test_the_version_that_it_has_already_is_nothing_to_tell() -> None:
    assert dispatched().does(e.Dispatched(UNIT_B, category="0101", rules_version=1)).data == {}


def test_what_a_later_version_grants_the_same_matter_moves_no_promise() -> None:
    story = accepted().after(DAY)
    decision = story.does(SAME_MATTER)
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + 5 * DAY
    assert decision.data == {"from_rules": 1, "to_rules": 2}
    assert story.clock(DeadlineKind.ACCEPT).limit_at == story.now + 8 * HOUR  # the new task's own


@pytest.mark.parametrize("limit_class", ["C", "E"])
def test_what_only_has_another_name_by_now_keeps_the_end_that_was_promised(limit_class: str) -> None:
    story = accepted().after(DAY)
    promised = story.clock(DeadlineKind.FINISH).limit_at
    renamed = e.Dispatched(
        UNIT_B, category="0181", limit_class=limit_class, rules_version=2, same_matter=True
    )
    decision = story.does(renamed)
    assert (story.incident.category, story.clock(DeadlineKind.FINISH).limit_at) == ("0181", promised)
    assert decision.data == {"from_rules": 1, "to_rules": 2}


def test_another_matters_limit_counts_from_the_same_start_and_the_journal_says_so() -> None:
    story = accepted(limit_class="B").after(HOUR)
    decision = story.does(e.Dispatched(UNIT_B, category="0301", limit_class="C", rules_version=2))
    until = NOON + 9 * DAY
    assert story.clock(DeadlineKind.FINISH).limit_at == until
    assert (decision.data or {})["finish_from"] == (NOON + DAY).isoformat()
    assert (decision.data or {})["finish_to"] == until.isoformat()


def test_what_others_have_set_caps_the_limits_of_the_new_rules_too() -> None:
    story = dispatched(external_due=NOON + 2 * DAY)
    story.does(NEW_MATTER)
    assert story.clock(DeadlineKind.FINISH).limit_at == NOON + 2 * DAY


@pytest.mark.parametrize("event", [SAME_MATTER, e.Dispatched(UNIT_B)])
def test_steps_that_were_taken_are_not_taken_again(event: e.Dispatched) -> None:
    story = accepted().after(6 * DAY)
    story.does(event)
    steps = story.clock(DeadlineKind.FINISH).step
    story.told.clear()
    story.after(MINUTE)
    assert (steps, story.levels()) == (2, [])
    story.after(30 * DAY)
    finish = [one.level for one in story.told if one.kind is DeadlineKind.FINISH]
    assert finish == [Level.CENTRE]


def test_a_conflict_at_the_desk_goes_by_the_ladder_of_the_new_rules() -> None:
    """The old ladder has three steps, the new one a single one: nothing is left to climb, and nothing breaks."""
    story = dispatched()
    story.does(e.ReportConflicted("r1", "ab12"), MACHINE)
    story.after(3 * HOUR)
    old = story.clock(DeadlineKind.DESK)
    assert old.step == 1
    story.does(NEW_MATTER, DESK_CLERK)
    late = story.does(e.DeadlinePassed(old.task, old.kind, old.generation), MACHINE)
    assert not late.happened
    story.after(timedelta(days=400))
    assert (story.clock(DeadlineKind.DESK).step, story.clock(DeadlineKind.DESK).is_running) == (1, True)
