"""What law keeps from lower levels is given to them neither by a rule nor by a click."""

import pytest

from api.action_events import event_of
from api.problems import Problem
from gridward.domain.events import Dispatched
from gridward.policy.check import problems
from gridward.policy.schema import PolicyBundle, RuleRow
from tests.api.test_excluded import asked
from tests.policy.test_check import with_rules

VILLAGE, POLICE = "99010110160001", "99010110120002"


def test_a_rule_that_pushes_a_duty_down_is_refused_with_the_law(bundle: PolicyBundle) -> None:
    found = problems(with_rules(bundle, RuleRow(category="0203", lead="村社区")))
    assert len(found) == 1
    assert "0203" in found[0]
    assert "治安管理处罚法" in found[0]


def test_the_bundled_rules_push_nothing_down(bundle: PolicyBundle) -> None:
    assert bundle.responsibility.matters
    assert problems(bundle) == []


def test_the_desk_is_told_the_law() -> None:
    with pytest.raises(Problem) as refused:
        event_of(asked("chief", (), action="dispatch", unit=VILLAGE, category="0203"))
    assert refused.value.status == 422
    event = event_of(asked("desk", (), action="dispatch", unit=POLICE, joint=[VILLAGE], category="0203"))
    assert isinstance(event, Dispatched)
