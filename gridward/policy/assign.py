"""Who answers for a matter: category x grid -> kind of unit -> unit, with the rule and the reason.

Pure, and remembered by the policy: the same category in the same grid has the same answer for a version's life.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gridward.domain.events import Doubt
from gridward.policy.schema import RuleRow
from gridward.policy.units import serving

if TYPE_CHECKING:
    from gridward.policy.accused import Accused
    from gridward.policy.policy import Policy

GRID_DIGITS = 15  # 12 of the village, 3 of the grid


@dataclass(frozen=True, slots=True)
class Assignment:
    """The unit that leads, those that join, and why. `unit` is None when nobody serves the place: no_unit."""

    unit: str | None
    joint: tuple[str, ...]
    rule: str | None
    why: str  # in Chinese, for people
    excluded: tuple[str, ...] = ()  # units that the text accuses: neither lead nor join

    @property
    def doubt(self) -> Doubt | None:
        return None if self.unit else Doubt.NO_UNIT


@dataclass(frozen=True, slots=True)
class Responsibility:
    """The rules, the most specific first, the areas that each kind of unit serves, and the sequence numbers of
    special grids (专属网格: schools, parks, markets).
    """

    rules: tuple[RuleRow, ...]
    areas: Mapping[str, Mapping[str, str]]
    special: range


def assign(category: str, grid_code: str | None, policy: "Policy") -> Assignment:
    """Who leads and who joins for `category` (4 digits) in the grid.

    Without a grid only a unit that serves the whole county can be found by nothing but its area, so there is
    none: the desk decides.
    """
    key = (category, grid_code)
    known = policy.assignments.get(key)
    if known is None:
        known = policy.assignments[key] = _assign(category, grid_code, policy)
    return known


def assign_without(
    category: str, grid_code: str | None, accused: tuple["Accused", ...], policy: "Policy"
) -> Assignment:
    """As `assign`, with the accused units left out.

    If the lead is accused, its backup of the same legal power leads; where there is none, or the complaint is about
    conduct, the kind that policy names for it (discipline inspection). If that is accused too: no unit, the desk.
    """
    found = assign(category, grid_code, policy)
    if not accused or grid_code is None:
        return found
    out = tuple(one.unit for one in accused)
    rows = policy.attributes.rows.accused
    areas = policy.responsibility.areas
    why = found.why + "".join(f"；{_name(one.unit, policy)}回避：{one.text}" for one in accused)
    told = tuple(unit[1] for kind in rows.told if (unit := serving(areas.get(kind, {}), grid_code)))
    lead = found.unit
    if lead in out:
        lead = _instead(lead, category, grid_code, out, policy)
        why += f"；改由{_name(lead, policy)}主办" if lead else "；没有可以代替的单位，由派单席决定"
    joint = dict.fromkeys(unit for unit in (*found.joint, *told) if unit not in out and unit != lead)
    return Assignment(lead, tuple(joint), found.rule, why, out)


def _instead(
    lead: str | None, category: str, grid: str, out: tuple[str, ...], policy: "Policy"
) -> str | None:
    rows = policy.attributes.rows.accused
    backup = policy.units[lead].backup if lead and category not in rows.matters else None
    if backup is not None and backup not in out:
        return backup
    served = serving(policy.responsibility.areas.get(rows.instead or "", {}), grid)
    return served[1] if served and served[1] not in out else None


def _name(unit: str | None, policy: "Policy") -> str:
    return policy.units[unit].name if unit else ""


def specificity(rule: RuleRow) -> tuple[int, bool, int]:
    """The longer category wins, then a rule for special grids, then the longer area."""
    return len(rule.category), rule.special is not None, len(rule.area)


def rule_id(rule: RuleRow) -> str:
    """The name a rule goes by in explanations, such as `0401@学校` or `05#990101101`."""
    special = f"@{rule.special}" if rule.special else ""
    area = f"#{rule.area}" if rule.area else ""
    return (rule.category or "*") + special + area


def rule_for(category: str, grid: str, table: Responsibility) -> RuleRow | None:
    """The most specific rule that fits."""
    return next((rule for rule in table.rules if _fits(rule, category, grid, table)), None)


def _fits(rule: RuleRow, category: str, grid: str, table: Responsibility) -> bool:
    return (
        category.startswith(rule.category)
        and grid.startswith(rule.area)
        and (rule.special is None or _is_own_grid(rule.special, grid, table))
    )


def _is_own_grid(kind: str, grid: str, table: Responsibility) -> bool:
    """Whether this is a special grid that a unit of this kind names, whole, as its own."""
    is_special = len(grid) >= GRID_DIGITS and int(grid[12:15]) in table.special
    return is_special and grid[:GRID_DIGITS] in table.areas.get(kind, {})


def _assign(category: str, grid: str | None, policy: "Policy") -> Assignment:
    if grid is None:
        return Assignment(None, (), None, "没有网格，无法确定责任单位")
    table = policy.responsibility
    rule = rule_for(category, grid, table)
    if rule is None:
        return Assignment(None, (), None, f"责任清单没有 {category} 的规则")
    lead = serving(table.areas.get(rule.lead, {}), grid)
    if lead is None:
        return Assignment(None, (), rule_id(rule), f"{rule.lead}没有覆盖网格 {grid} 的单位")
    area, unit = lead
    why = f"规则 {rule_id(rule)}：由{rule.lead}主办；{policy.units[unit].name}负责 {area} 片区"
    return Assignment(unit, _joint(rule, grid, unit, table), rule_id(rule), why)


def _joint(rule: RuleRow, grid: str, lead: str, table: Responsibility) -> tuple[str, ...]:
    """The units that join; a unit that already leads, or that two kinds name, is asked once."""
    found = (serving(table.areas.get(kind, {}), grid) for kind in rule.joint)
    return tuple(dict.fromkeys(one[1] for one in found if one and one[1] != lead))
