"""What the bundled limits grant, class by class, and how their ladders climb."""

from datetime import timedelta

import pytest

from gridward.domain.rules import DeadlineKind, Ladder, Level, Light
from gridward.policy.policy import Policy

LIMITS = {
    "A": ("10 MIN", "30 MIN", "2 EH"),
    "B": ("30 MIN", "2 EH", "24 EH"),
    "C": ("4 WH", "1 WD", "5 WD"),
    "D": ("1 WD", "1 WD", "15 WD"),
    "M": ("1 WD", "3 CD", "30 CD"),
    "Q": ("4 WH", None, "1 WD"),
    "T": ("4 WH", None, "5 WD"),
}


def climb(ladder: Ladder) -> list[tuple[float, Level, Light | None]]:
    return [(step.at, step.tell, step.light) for step in ladder]


@pytest.mark.parametrize("name", LIMITS)
def test_a_class_grants_the_agreed_limits(policy: Policy, name: str) -> None:
    rule = policy.rules.classes[name]
    granted = tuple(str(limit) if limit else None for limit in (rule.accept, rule.contact, rule.finish))
    assert granted == LIMITS[name]


def test_only_class_a_may_not_be_returned(policy: Policy) -> None:
    assert [name for name, rule in policy.rules.classes.items() if not rule.may_return] == ["A"]


def test_neither_a_nor_b_may_be_extended(policy: Policy) -> None:
    assert [name for name, rule in policy.rules.classes.items() if not rule.may_extend] == ["A", "B"]


def test_an_extension_is_given_once_and_at_most_doubles_the_limit(policy: Policy) -> None:
    assert policy.rules.extension_share == 1.0


@pytest.mark.parametrize("name", ["A", "B"])
def test_urgent_classes_climb_to_the_leader_in_charge(policy: Policy, name: str) -> None:
    rule = policy.rules.classes[name]
    assert rule.above_unit_at_night
    assert climb(rule.ladders[DeadlineKind.ACCEPT]) == [
        (0.5, Level.UNIT_DESK, None),
        (1.0, Level.UNIT_LEADER, Light.AMBER),
        (2.0, Level.CENTRE, Light.RED),
        (3.0, Level.LEADER_IN_CHARGE, None),
    ]


@pytest.mark.parametrize("name", ["C", "D", "M", "Q", "T"])
def test_other_classes_remind_and_light_only_and_wake_nobody_above_the_unit(
    policy: Policy, name: str
) -> None:
    rule = policy.rules.classes[name]
    assert not rule.above_unit_at_night
    assert climb(rule.ladders[DeadlineKind.FINISH]) == [
        (0.8, Level.UNIT_DESK, None),
        (1.0, Level.UNIT_LEADER, Light.AMBER),
        (2.0, Level.CENTRE, Light.RED),
    ]


def test_the_desk_has_its_own_clocks(policy: Policy) -> None:
    desk = {severity: str(limit) for severity, limit in policy.rules.desk.items()}
    assert desk == {1: "5 MIN", 2: "15 MIN", 3: "2 EH", 4: "2 EH"}
    assert [step.tell for step in policy.rules.desk_ladder] == [
        Level.DISPATCH_DESK,
        Level.DUTY_CHIEF,
        Level.LEADER_ON_DUTY,
    ]


def test_verification_waits_three_days(policy: Policy) -> None:
    assert str(policy.rules.verify_within) == "3 CD"


def test_what_counts_before_the_desk_has_named_the_kind(policy: Policy) -> None:
    assert (policy.unsure.severity, policy.unsure.limit_class, policy.urgent_class) == (3, "C", "A")
    assert policy.unsure.sensitive_share == 0.5


def test_a_point_in_no_grid_goes_to_the_desk(policy: Policy) -> None:
    assert policy.nearest_within_m == 0


def test_what_people_may_do(policy: Policy) -> None:
    assert policy.actions.clock_tolerance == timedelta(minutes=2)
    assert policy.actions.kept_severity == 2
