"""Whose a matter is wherever it may lie: a village has many grids, and its town one fire brigade.

Pure. Nobody guesses the grid: it stays open, and only whom to send is known.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gridward.policy.assign import Assignment, Case, applies, rule_id

if TYPE_CHECKING:
    from gridward.policy.policy import Category, Policy


def may_lie_anywhere(severity: int, policy: "Policy") -> bool:
    """Whether a matter so grave goes out though its grid is not known, where that changes nothing."""
    return severity <= policy.bundle.limits.place.wherever


def needs_no_place(category: "Category", severity: int, policy: "Policy") -> bool:
    """Whether such a matter goes out though nothing is known of where it is: a question, or lives in danger."""
    return category.placeless or severity <= policy.bundle.limits.place.nowhere


def without_a_place(category: str, case: Case, policy: "Policy") -> Assignment | None:
    """Whose a matter without a place is: the only unit of the kind that leads it; None where there are several."""
    table = policy.responsibility
    everywhere = (rule for rule in table.rules if not rule.area and rule.special is None)
    fitting = (rule for rule in everywhere if category.startswith(rule.category))
    rule = next((rule for rule in fitting if applies(rule, case, table.windows)), None)
    lead = table.unit_of(rule.lead, None) if rule else None
    if rule is None or lead is None:
        return None
    joint = (table.unit_of(kind, None) for kind in rule.joint)
    others = tuple(dict.fromkeys(unit for unit in joint if unit and unit != lead))
    why = f"规则 {rule_id(rule)}：由{rule.lead}主办；没有地点，而这类单位只有{policy.units[lead].name}"
    return Assignment(lead, others, rule_id(rule), why, (), rule.when, rule.limit_class)


def agreed(found: Sequence[Assignment]) -> Assignment | None:
    """What all assignments, one for each grid that it may lie in, have in common; None unless one unit leads them all.

    The window and the special grid that decided one of them decide nothing where another lies elsewhere.
    """
    leads = {one.unit for one in found}
    if len(leads) != 1 or None in leads:
        return None
    first, *others = found
    joint = tuple(unit for unit in first.joint if all(unit in one.joint for one in others))
    why = f"{first.why}；网格未定，可能的 {len(found)} 个网格都由它主办" if others else first.why
    return replace(first, joint=joint, why=why)
