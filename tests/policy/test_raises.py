"""Many people, weapons and threats make a matter graver and faster, never milder or slower."""

from datetime import UTC, datetime

import pytest

from gridward.domain.limits import Limit
from gridward.policy.check import problems
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing, raised
from gridward.policy.schema import PolicyBundle

AUTUMN = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
MILD = Standing(4, "M", None)


def after_reading(
    text: str, policy: Policy, category: str | None = "0102", at: datetime = AUTUMN, start: Standing = MILD
) -> Standing:
    return raised(start, category, policy.attributes.read(text), at, policy)


@pytest.mark.parametrize(
    ("text", "severity", "limit_class"),
    [
        ("四个人吵架", 4, "M"),
        ("五个人吵架", 2, "B"),
        ("二三十人吵架", 1, "A"),
        ("两人吵架，一人拿刀", 2, "B"),
        ("两人吵架，没有人拿刀", 4, "M"),
    ],
)
def test_a_dispute_is_raised_by_what_is_told(
    policy: Policy, text: str, severity: int, limit_class: str
) -> None:
    made = after_reading(text, policy)
    assert (made.severity, made.limit_class) == (severity, limit_class)
    assert bool(made.why) == (severity < 4)


@pytest.mark.parametrize("category", [None, "0507", "0808"])
@pytest.mark.parametrize(
    "text",
    ["两个村械斗四十余人", "40多号人堵了路", "几十口子人把工地大门堵了", "五十几个人坐在镇政府大厅不走"],
)
def test_a_crowd_that_acts_is_grave_whatever_it_is_about(
    policy: Policy, text: str, category: str | None
) -> None:
    made = after_reading(text, policy, category)
    assert (made.severity, made.limit_class) == (1, "A")
    assert "聚众三十人以上" in made.why[-1]


@pytest.mark.parametrize("text", ["小区三百多人没水喝", "一百多人在广场跳舞太吵", "八个人堵了路", "大门堵了"])
def test_many_who_only_want_something_are_no_crowd_that_acts(policy: Policy, text: str) -> None:
    assert after_reading(text, policy, "0507") == MILD


def test_the_reason_names_rule_and_words(policy: Policy) -> None:
    many = "规则“聚众三十人以上”：正文有“三十个人”、“堵了路”，严重程度 4 升为 1，时限类别 M 升为 A"
    assert after_reading("三十个人堵了路", policy, None).why == (many,)
    assert after_reading("十几个人吵架", policy).why == (
        "规则“五人以上”：正文有“十几个人”，严重程度 4 升为 2，时限类别 M 升为 B",
    )


def test_a_question_that_many_ask_is_no_danger(policy: Policy) -> None:
    assert after_reading("我们一家五口怎么办社保", policy, "9901") == MILD


def test_nothing_is_slowed_down(policy: Policy) -> None:
    grave, own = Standing(1, "A", None), Standing(1, "T", Limit.parse("1 EH"))
    assert after_reading("五个人打架", policy, "0203", start=grave) == grave
    assert after_reading("三十人打架", policy, "0203", start=own) == own


@pytest.mark.parametrize(
    ("moment", "is_raised"),
    [
        (datetime(2027, 1, 5, 15, 59, tzinfo=UTC), False),
        (datetime(2027, 1, 5, 16, 0, tzinfo=UTC), True),  # midnight in China
        (datetime(2027, 2, 5, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 2, 5, 16, 0, tzinfo=UTC), False),
    ],
)
def test_before_the_spring_festival_three_are_enough(
    policy: Policy, moment: datetime, is_raised: bool
) -> None:
    assert (after_reading("三个人讨薪", policy, "0106", moment) != MILD) == is_raised


def test_a_raise_to_an_unknown_class_or_flag_is_a_problem(bundle: PolicyBundle) -> None:
    odd = bundle.attributes.raises[2].model_copy(update={"limit_class": "Z", "flags": ["nothing"]})
    rows = bundle.attributes.model_copy(update={"raises": [odd]})
    found = "\n".join(problems(bundle.model_copy(update={"attributes": rows})))
    assert "没有时限类“Z”" in found
    assert "没有标记“nothing”" in found
