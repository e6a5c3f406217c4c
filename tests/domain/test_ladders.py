"""Who is told when nobody acts: the desk's ladder, a unit's ladder, and whom the night spares."""

from datetime import datetime

import pytest

from gridward.domain import events as e
from gridward.domain.draft import MACHINE
from gridward.domain.rules import CHINA, DeadlineKind, Level, Light
from tests.domain.story import ALICE, DAY, HOUR, MINUTE, UNIT_A, Story, dispatched, queued

DESK_LEVELS = [Level.DISPATCH_DESK, Level.DUTY_CHIEF, Level.LEADER_ON_DUTY]
TEN_AT_NIGHT = datetime(2026, 3, 2, 22, 0, tzinfo=CHINA)
SEVEN_NEXT_MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=CHINA)


@pytest.mark.parametrize(("severity", "minutes"), [(1, 5), (2, 15), (3, 120), (4, 120)])
def test_a_queued_matter_climbs_from_the_desk_to_the_leader_on_duty(severity: int, minutes: int) -> None:
    story = queued(severity=severity)
    for step in range(1, 4):
        story.after((minutes - 1) * MINUTE)
        assert story.levels() == DESK_LEVELS[: step - 1]
        story.after(MINUTE)
        assert story.levels() == DESK_LEVELS[:step]
    assert story.clock(DeadlineKind.DESK).due_at is None


def test_the_night_does_not_spare_the_leader_on_duty() -> None:
    story = queued(severity=1, limit_class="C", now=TEN_AT_NIGHT).after(HOUR)
    assert story.levels() == DESK_LEVELS
    assert all(effect.not_before is None for effect in story.told)


def test_an_unaccepted_task_is_reminded_then_amber_then_red() -> None:
    story = dispatched()
    seen = []
    for hours in (2, 2, 4):
        story.after(hours * HOUR)
        seen.append((story.levels()[-1], story.lights().get(DeadlineKind.ACCEPT)))
    assert seen == [
        (Level.UNIT_DESK, None),
        (Level.UNIT_LEADER, Light.AMBER),
        (Level.CENTRE, Light.RED),
    ]
    assert {effect.unit for effect in story.told} == {UNIT_A}


@pytest.mark.parametrize("limit_class", ["C", "D"])
def test_at_night_classes_c_and_d_reach_those_above_the_unit_in_the_morning(limit_class: str) -> None:
    due = {"C": 8 * HOUR, "D": 2 * DAY}[limit_class]  # red: twice the accept limit
    story = dispatched(limit_class=limit_class, now=TEN_AT_NIGHT + HOUR - due)
    story.after(due)
    (centre,) = [
        effect for effect in story.told if effect.level is Level.CENTRE and effect.kind is DeadlineKind.ACCEPT
    ]
    assert centre.not_before == SEVEN_NEXT_MORNING
    below = [effect for effect in story.told if effect.level is not Level.CENTRE]
    assert all(effect.not_before is None for effect in below)


@pytest.mark.parametrize("limit_class", ["A", "B"])
def test_an_emergency_wakes_everyone(limit_class: str) -> None:
    story = dispatched(limit_class=limit_class, severity=1, now=TEN_AT_NIGHT).after(8 * HOUR)
    assert Level.LEADER_IN_CHARGE in story.levels()
    assert all(effect.not_before is None for effect in story.told)


@pytest.mark.parametrize(
    ("hour", "minute", "spared"),
    [
        (21, 59, False),
        (22, 0, True),
        (23, 59, True),
        (0, 0, True),
        (6, 59, True),
        (7, 0, False),
        (12, 0, False),
    ],
)
def test_the_night_runs_from_22_to_7_in_china(hour: int, minute: int, spared: bool) -> None:
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=CHINA)
    end = Story().rules.night.ends_after(moment)
    assert (end is not None) is spared
    if end:
        assert (end.hour, end.minute) == (7, 0)
        assert 0 * HOUR < end - moment <= 9 * HOUR


def test_two_deadlines_due_at_the_same_instant_both_act() -> None:
    story = dispatched(limit_class="D")  # accept and contact: one day each
    accept, contact = story.clock(DeadlineKind.ACCEPT), story.clock(DeadlineKind.CONTACT)
    assert accept.due_at == contact.due_at
    for clock in (accept, contact):
        assert story.does(e.DeadlinePassed(clock.task, clock.kind, clock.generation), MACHINE).happened
    assert story.levels() == [Level.UNIT_DESK, Level.UNIT_DESK]


def test_a_deadline_acts_once_however_often_it_is_delivered() -> None:
    story = dispatched()
    clock = story.clock(DeadlineKind.ACCEPT)
    passed = e.DeadlinePassed(clock.task, clock.kind, clock.generation)
    assert [story.does(passed, MACHINE).happened for _ in range(3)] == [True, False, False]


def test_a_deadline_that_was_met_meanwhile_is_ignored() -> None:
    story = dispatched()
    clock = story.clock(DeadlineKind.ACCEPT)
    story.does(e.Accepted(), ALICE)
    before = story.incident
    decision = story.does(e.DeadlinePassed(clock.task, clock.kind, clock.generation), MACHINE)
    assert decision.incident is before
    assert not decision.happened


def test_a_passed_deadline_says_on_the_journal_whom_it_told() -> None:
    story = dispatched()
    clock = story.clock(DeadlineKind.ACCEPT)
    decision = story.does(e.DeadlinePassed(clock.task, clock.kind, clock.generation), MACHINE)
    assert clock.due_at
    assert decision.data == {
        "task": 1,
        "kind": "accept",
        "generation": clock.generation,
        "step": 0,
        "light": None,
        "told": "unit_desk",
        "due_at": clock.due_at.isoformat(),
    }
