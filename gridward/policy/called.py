"""Whom a text calls besides those that category and place name: an axe in a quarrel calls the police.

Pure. The rules that raise a matter (`raises`) name the kinds of unit.
"""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.policy.assign import Assignment
from gridward.policy.attributes import Attributes
from gridward.policy.raises import holding
from gridward.policy.schema import RaiseRow

if TYPE_CHECKING:
    from gridward.policy.classify import Danger
    from gridward.policy.policy import Policy


def called(
    found: Assignment,
    category: str,
    grid: str | None,
    read: Attributes,
    moment: datetime,
    policy: "Policy",
    danger: "Danger | None" = None,
) -> Assignment:
    """`found` with whom the rules that hold call: the first that names a lead which serves the grid has it lead, who
    led before joins, and so do those that any of them calls.
    """
    led = False
    for rule, line in holding(category, read, moment, policy, danger):
        lead = None if led else policy.responsibility.unit_of(rule.lead, grid)
        found = _with(lead, rule, line, found, grid, policy)
        led = led or lead is not None
    return found


def _with(
    lead: str | None, rule: RaiseRow, line: str, found: Assignment, grid: str | None, policy: "Policy"
) -> Assignment:
    unit = lead or found.unit
    joining = (found.unit, *found.joint, *(policy.responsibility.unit_of(kind, grid) for kind in rule.joint))
    joint = tuple(dict.fromkeys(one for one in joining if one and one != unit))
    if (unit, joint) == (found.unit, found.joint):
        return found
    why = f"{found.why}；{line}："
    why += f"由{policy.units[unit].name}主办" if unit and unit != found.unit else ""
    new = [policy.units[one].name for one in joint if one not in (found.unit, *found.joint)]
    why += ("，" if why[-1] != "：" and new else "") + (f"{'、'.join(new)}参与" if new else "")
    return replace(found, unit=unit, joint=joint, why=why)
