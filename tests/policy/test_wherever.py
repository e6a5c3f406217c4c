"""A matter whose grid is open goes to whoever leads it in every grid that it may lie in."""

from datetime import UTC, datetime

from gridward.policy.assign import Assignment, Case
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.wherever import agreed, without_a_place
from tests.policy.test_check import number_of

CASE = Case(4, datetime(2026, 11, 25, 4, tzinfo=UTC))
HERE = Assignment("A", ("B", "C"), "0701", "规则 0701：由甲主办")


def test_one_lead_everywhere_leads_and_who_joins_everywhere_joins() -> None:
    there = Assignment("A", ("C", "D"), "0701", "规则 0701：由甲主办")
    found = agreed([HERE, there])
    assert found is not None
    assert (found.unit, found.joint) == ("A", ("C",))
    assert found.why.endswith("可能的 2 个网格都由它主办")


def test_two_leads_or_none_are_the_desks() -> None:
    assert agreed([HERE, Assignment("B", (), None, "")]) is None
    assert agreed([HERE, Assignment(None, (), None, "")]) is None
    assert agreed([Assignment(None, (), None, "")]) is None
    assert agreed([]) is None


def test_where_only_one_grid_comes_into_question_nothing_is_open() -> None:
    assert agreed([HERE]) == HERE


def test_a_question_has_no_place_and_goes_to_the_only_unit_that_answers_for_it(
    policy: Policy, bundle: PolicyBundle
) -> None:
    found = without_a_place("9901", CASE, policy)
    assert found is not None
    assert "便民服务中心" in policy.units[found.unit or ""].kinds
    at = number_of(bundle, "便民服务中心")
    second = bundle.units.units[at].model_copy(
        update={"code": "99010110240009", "name": "邻镇便民服务中心", "areas": ["990101102"], "parent": None}
    )
    units = bundle.units.model_copy(update={"units": [*bundle.units.units, second]})
    two = compile_policy(bundle.model_copy(update={"units": units}), 1)
    assert without_a_place("9901", CASE, two) is None
