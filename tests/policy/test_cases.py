"""Severity, windows and dates in the responsibility table: the most specific rule wins, a tie is an error."""

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from gridward.domain.rules import CHINA
from gridward.policy.assign import Assignment, Case, assign
from gridward.policy.check import problems
from gridward.policy.files import bundle_from_json, canonical_json
from gridward.policy.load import compile_policy
from gridward.policy.schema import PolicyBundle, RuleRow
from tests.policy.test_check import with_rules

FIELD = "990101101002003"
DAY, NIGHT = datetime(2026, 11, 25, 10, tzinfo=CHINA), datetime(2026, 11, 25, 23, tzinfo=CHINA)


def rule(**more: Any) -> RuleRow:
    return RuleRow.model_validate({"category": "0203", "lead": "综治中心"} | more)


def answer(bundle: PolicyBundle, *rules: RuleRow, severity: int = 3, moment: datetime = DAY) -> Assignment:
    return assign("0203", FIELD, compile_policy(with_rules(bundle, *rules), 1), Case(severity, moment))


def test_a_rule_for_the_night_holds_at_night_and_says_so(bundle: PolicyBundle) -> None:
    at_night = rule(when="night", limit_class="A")
    assert answer(bundle, at_night).rule == "02"
    found = answer(bundle, at_night, moment=NIGHT)
    assert (found.rule, found.window, found.limit_class) == ("0203·night", "night", "A")
    assert "夜间" in found.why


def test_one_policy_answers_by_the_moment_of_each_case(bundle: PolicyBundle) -> None:
    policy = compile_policy(with_rules(bundle, rule(when="night")), 1)
    asked = [assign("0203", FIELD, policy, Case(3, moment)).rule for moment in (NIGHT, DAY, NIGHT)]
    assert asked == ["0203·night", "02", "0203·night"]


def test_a_grave_matter_can_have_a_rule_of_its_own(bundle: PolicyBundle) -> None:
    grave = rule(severity=2)
    assert [answer(bundle, grave, severity=n).rule for n in (1, 2, 3)] == [
        "0203·2级以上",
        "0203·2级以上",
        "02",
    ]


def test_a_rule_is_in_effect_from_its_first_day_to_its_last(bundle: PolicyBundle) -> None:
    dated = rule(**{"from": "2026-11-25", "until": "2026-11-25"})
    moments = [DAY.replace(day=24, hour=23), DAY.replace(hour=0), NIGHT, DAY.replace(day=26, hour=0)]
    used = [answer(bundle, dated, moment=moment).rule != "02" for moment in moments]
    assert used == [False, True, True, False]


def test_without_a_case_only_rules_without_conditions_hold(bundle: PolicyBundle) -> None:
    policy = compile_policy(with_rules(bundle, rule(when="night")), 1)
    assert assign("0203", FIELD, policy).rule == "02"


def test_the_order_of_what_is_more_specific(bundle: PolicyBundle) -> None:
    ladder = [
        rule(),
        rule(**{"from": "2026-01-01"}),
        rule(when="night"),
        rule(severity=3),
        rule(severity=1),
        rule(area="990101"),
    ]
    for number in range(1, len(ladder)):
        best = answer(bundle, *ladder[: number + 1], severity=1, moment=NIGHT).rule
        alone = answer(bundle, ladder[number], severity=1, moment=NIGHT).rule
        assert best == alone


@pytest.mark.parametrize(
    ("one", "other", "is_tie"),
    [
        ({"when": "night"}, {"when": "holiday"}, True),
        ({"when": "night"}, {"when": "school_hours"}, False),
        ({"from": "2026-01-01"}, {"until": "2026-12-31"}, True),
        ({"from": "2027-01-01"}, {"until": "2026-12-31"}, False),
        ({"severity": 1}, {"severity": 2}, False),
        ({"severity": 2}, {"severity": 2}, True),
        ({"when": "night"}, {}, False),
        ({"when": "night", "until": "2026-12-01"}, {"when": "holiday", "from": "2026-11-01"}, False),
        ({"special": "学校"}, {"special": "环卫所"}, False),  # no grid is both's own
        ({"category": "02"}, {"severity": 1}, None),
    ],
)
def test_two_rules_that_can_both_hold_are_an_error(
    bundle: PolicyBundle, one: dict[str, Any], other: dict[str, Any], is_tie: bool | None
) -> None:
    found = problems(with_rules(bundle, rule(**one), rule(**other)))
    if is_tie is None:  # with the group's own rule, that is in the file already
        assert len(found) == 1
        assert "02 与 02" in found[0]
    else:
        assert len(found) == int(is_tie)


def test_names_that_lead_nowhere_are_errors(bundle: PolicyBundle) -> None:
    found = problems(with_rules(bundle, rule(when="full_moon", limit_class="Z")))
    assert len(found) == 2
    assert "full_moon" in found[0]
    assert "Z" in found[1]


def test_a_conditional_rule_does_not_serve_a_category_alone(bundle: PolicyBundle) -> None:
    table = bundle.responsibility
    fewer = [one for one in table.rules if one.category not in ("02", "0203")] + [rule(when="night")]
    poorer = bundle.model_copy(update={"responsibility": table.model_copy(update={"rules": fewer})})
    assert any("category 0203 has no rule" in line for line in problems(poorer))


def test_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="never holds"):
        rule(**{"from": "2027-01-02", "until": "2027-01-01"})


def test_a_stored_policy_keeps_its_windows_and_an_older_one_has_none(bundle: PolicyBundle) -> None:
    new = with_rules(bundle, rule(**{"from": "2026-01-01", "when": "night"}))
    assert bundle_from_json(canonical_json(new)) == new
    old = new.model_dump(mode="json", by_alias=True)
    del old["responsibility"]["windows"]
    for row in old["responsibility"]["rules"]:
        for later in ("severity", "when", "from", "until", "limit_class"):
            del row[later]
    read = bundle_from_json(old)
    assert read.responsibility.windows == {}
    assert read.responsibility.rules[-1].since is None
    assert date(2026, 1, 1) == new.responsibility.rules[-1].since
