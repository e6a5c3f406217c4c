"""Danger, weapons and violence make any matter graver, and call those who can stop it."""

from datetime import UTC, datetime

import pytest

from gridward.domain.limits import Limit
from gridward.policy.assign import Assignment, assign
from gridward.policy.called import called
from gridward.policy.check import problems
from gridward.policy.classify import Danger, classify
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing, raised
from gridward.policy.schema import PolicyBundle, RaiseRow
from gridward.policy.tells import called_ahead

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
GRID = "990101101001001"
POLICE, CLINIC, VILLAGE, FIRE = "99010110120002", "99010110140005", "99010110160001", "99010110130004"
MEDIATED = Standing(4, "M", Limit.parse("30 CD"))


def danger_in(text: str, policy: Policy) -> Danger | None:
    return classify([text], policy)[0].danger


def standing(text: str, category: str, policy: Policy) -> Standing:
    return raised(MEDIATED, category, policy.attributes.read(text), NOON, policy, danger_in(text, policy))


def assigned(text: str, category: str, policy: Policy) -> Assignment:
    found = assign(category, GRID, policy)
    read, danger = policy.attributes.read(text), danger_in(text, policy)
    return called(found, category, GRID, read, NOON, policy, danger)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("两家争田埂，老二举着锄头追着人打", "0104"),
        ("我男人又动手打我了，我躲在厕所", "0101"),
        ("为车位吵架，他说要把这栋楼点了", "0102"),
        ("老板不给钱，工友爬上塔吊了", "0106"),
        ("租客说要跟房东拼命", "0107"),
        ("停电了，我爸的呼吸机没电了", "0809"),
        ("楼道里电瓶车冒烟了", "0302"),
        ("老人在家摔倒动不了", "0801"),
    ],
)
def test_lives_in_danger_do_not_wait_with_what_is_mediated(text: str, category: str, policy: Policy) -> None:
    made = standing(text, category, policy)
    assert made.limit_class == "A"
    assert made.severity <= 2
    assert "正文有“" in made.why[0]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("两家争田埂，各自扛着锄头下地去了，没有动手", "0104"),
        ("夫妻吵架，没打起来，已经劝开了", "0101"),
        ("没发现有人要跳楼", "0106"),
        ("小区停电两小时，什么时候来电", "0809"),
    ],
)
def test_what_is_denied_or_over_changes_nothing(text: str, category: str, policy: Policy) -> None:
    assert standing(text, category, policy) == MEDIATED


@pytest.mark.parametrize(
    ("text", "category", "lead", "joint"),
    [
        ("我男人又动手打我了，我躲在厕所", "0101", POLICE, VILLAGE),
        ("邻居拎着斧头追我", "0102", POLICE, VILLAGE),
        ("疯子拿镰刀追着人砍", "0803", POLICE, CLINIC),
        ("停电了，我爸的呼吸机没电了", "0809", None, CLINIC),
        ("楼道里电瓶车冒烟了", "0302", FIRE, VILLAGE),
        ("工友爬上塔吊要跳下来", "0310", None, POLICE),
    ],
)
def test_who_can_stop_it_is_called(
    text: str, category: str, lead: str | None, joint: str, policy: Policy
) -> None:
    usual, found = assign(category, GRID, policy), assigned(text, category, policy)
    assert found.unit == (lead or usual.unit)
    assert joint in found.joint
    assert found.unit not in found.joint
    assert {usual.unit, *usual.joint} <= {found.unit, *found.joint}
    assert "正文有“" in found.why


def test_what_calls_nobody_is_assigned_as_ever(policy: Policy) -> None:
    assert assigned("邻居空调滴水", "0102", policy) == assign("0102", GRID, policy)


def test_whoever_is_called_is_told_before_the_desk_names_the_kind(policy: Policy) -> None:
    text = "邻居拎着斧头追我，我爸被砍伤，血止不住"
    read, danger = policy.attributes.read(text), danger_in(text, policy)
    told = called_ahead("0102", read, NOON, GRID, (), policy, danger)
    assert [one.unit for one in told] == [POLICE, CLINIC]
    assert all("不等派单" in one.why for one in told)
    assert [one.unit for one in called_ahead("0102", read, NOON, GRID, [POLICE], policy, danger)] == [CLINIC]


def test_a_rule_of_an_older_policy_calls_nobody() -> None:
    rule = RaiseRow(name="五人以上", people=5, severity=2, limit_class="B")
    assert (rule.danger, rule.lead, rule.joint) == (None, None, [])


def with_rule(bundle: PolicyBundle, rule: RaiseRow) -> PolicyBundle:
    rows = bundle.attributes.model_copy(update={"raises": [rule]})
    return bundle.model_copy(update={"attributes": rows})


def test_law_keeps_what_it_keeps_also_from_whom_a_text_calls(bundle: PolicyBundle) -> None:
    rule = RaiseRow(name="村里去", danger=1, severity=1, limit_class="A", lead="村社区", categories=["02"])
    assert any("不得由村社区主办" in one for one in problems(with_rule(bundle, rule)))


def test_a_kind_that_nobody_defines_is_named(bundle: PolicyBundle) -> None:
    rule = RaiseRow(name="谁去", danger=1, severity=1, limit_class="A", joint=["派出锁"])
    assert any("派出锁" in one for one in problems(with_rule(bundle, rule)))
