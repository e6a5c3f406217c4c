"""Who held a task is told when it is taken away, and when a pause is over."""

import pytest

from gridward.domain import events as e
from gridward.domain.draft import MACHINE, Actor
from gridward.domain.rules import Level
from tests.domain.story import (
    ALICE,
    DESK_CLERK,
    JOAN,
    JOINT_UNIT,
    NOON,
    REVIEWER,
    UNIT_A,
    UNIT_B,
    Story,
    accepted,
    closed,
    dispatched,
    queued,
    resolved,
    returned,
    suspended,
)


def told_of(story: Story, event: e.Event, by: Actor = DESK_CLERK) -> list[tuple[str, str]]:
    """The units that the event tells, with what it means to them, in order."""
    effects = story.does(event, by).effects
    return [(effect.unit, effect.about) for effect in effects if effect.level is Level.UNIT_DESK]


def with_joint(story: Story) -> Story:
    story.does(e.JointAdded(JOINT_UNIT))
    return story


def test_a_unit_that_loses_the_lead_is_told_before_the_one_that_gets_it() -> None:
    for story in (dispatched(), accepted()):
        assert told_of(story, e.Dispatched(UNIT_B)) == [(UNIT_A, "withdrawn"), (UNIT_B, "dispatched")]


def test_a_unit_that_gets_the_lead_again_at_once_hears_of_the_new_task_only() -> None:
    assert told_of(accepted(), e.Dispatched(UNIT_A, designated=True)) == [(UNIT_A, "dispatched")]


def test_a_joint_unit_is_told_too_unless_it_gets_another_task_at_once() -> None:
    assert told_of(with_joint(accepted()), e.Dispatched(UNIT_A)) == [
        (JOINT_UNIT, "withdrawn"),
        (UNIT_A, "dispatched"),
    ]
    assert told_of(with_joint(dispatched()), e.Dispatched(JOINT_UNIT)) == [
        (UNIT_A, "withdrawn"),
        (JOINT_UNIT, "dispatched"),
    ]
    assert told_of(with_joint(accepted()), e.Dispatched(UNIT_A, (JOINT_UNIT,))) == [
        (UNIT_A, "dispatched"),
        (JOINT_UNIT, "joint_added"),
    ]


def test_a_unit_that_becomes_a_joint_one_hears_that_the_lead_is_gone() -> None:
    assert told_of(accepted(), e.Dispatched(UNIT_B, (UNIT_A,))) == [
        (UNIT_A, "withdrawn"),
        (UNIT_B, "dispatched"),
        (UNIT_A, "joint_added"),
    ]


def test_who_gave_it_back_or_has_finished_has_nothing_to_lose() -> None:
    assert told_of(returned(), e.Dispatched(UNIT_B)) == [(UNIT_B, "dispatched")]
    assert told_of(returned(), e.Declined("private")) == []
    story = with_joint(accepted())
    story.does(e.JointResolved("done"), JOAN)
    assert told_of(story, e.Merged("i2")) == [(UNIT_A, "withdrawn")]
    reopened = closed()
    reopened.does(e.Reopened("it is back"))
    assert told_of(reopened, e.Dispatched(UNIT_B)) == [(UNIT_B, "dispatched")]


def returned_with_joint() -> Story:
    story = with_joint(accepted())
    story.does(e.Returned("not ours"), ALICE)
    return story


@pytest.mark.parametrize(
    ("story", "ending", "units"),
    [
        (with_joint(dispatched()), e.Cancelled("mistake"), [UNIT_A, JOINT_UNIT]),
        (with_joint(accepted()), e.HandedOver("110", "officer", NOON), [UNIT_A, JOINT_UNIT]),
        (with_joint(accepted()), e.Merged("i2"), [UNIT_A, JOINT_UNIT]),
        (suspended(), e.Merged("i2"), [UNIT_A]),
        (returned_with_joint(), e.Declined("private"), [JOINT_UNIT]),
        (queued(), e.Cancelled("mistake"), []),
    ],
)
def test_an_ending_tells_every_unit_that_still_had_something_to_do(
    story: Story, ending: e.Event, units: list[str]
) -> None:
    assert told_of(story, ending) == [(unit, "withdrawn") for unit in units]


def test_a_passed_verification_tells_the_joint_units_that_nothing_is_left_to_do() -> None:
    story = with_joint(accepted())
    story.does(e.Resolved("done", e.Outcome.SOLVED), ALICE)
    assert told_of(story, e.VerificationPassed(), REVIEWER) == [(JOINT_UNIT, "withdrawn")]
    assert told_of(resolved(), e.VerificationPassed(), REVIEWER) == []


def test_the_lead_is_told_that_the_pause_is_over() -> None:
    assert told_of(suspended(), e.Resumed(), MACHINE) == [(UNIT_A, "resumed")]
