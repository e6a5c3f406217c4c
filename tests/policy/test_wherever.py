"""A matter whose grid is open goes to whoever leads it in every grid that it may lie in."""

from gridward.policy.assign import Assignment
from gridward.policy.wherever import agreed

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
