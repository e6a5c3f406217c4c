"""Who answers for a matter: category x grid x severity x time -> kind of unit -> unit, with rule and reason.

Pure. The policy remembers, for each category in each grid, the rules that come into question with their answers; which
of them holds is asked anew for each case.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.domain.events import Doubt
from gridward.domain.rules import CHINA
from gridward.policy.schema import RuleRow
from gridward.policy.units import only_or_serving, serving, unit_serving
from gridward.policy.windows import Windows, holds

if TYPE_CHECKING:
    from gridward.policy.accused import Accused
    from gridward.policy.policy import Policy

GRID_DIGITS = 15  # 12 of the village, 3 of the grid
LEAST_GRAVE = 5  # a rule that asks for no severity: below the mildest, 4


@dataclass(frozen=True, slots=True)
class Case:
    """What beside category and place decides whose it is: how grave it is, and when it was reported (aware)."""

    severity: int
    moment: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The unit that leads, those that join, and why. `unit` is None when nobody serves the place: no_unit."""

    unit: str | None
    joint: tuple[str, ...]
    rule: str | None
    why: str  # in Chinese, for people
    excluded: tuple[str, ...] = ()  # units that the text accuses: neither lead nor join
    window: str | None = None  # the named time that the rule holds in
    limit_class: str | None = None  # what the rule puts in the place of the category's
    is_own_ground: bool = False  # by a rule for just the special grid that it lies in
    beside: tuple[str, float] | None = None  # the special grid near by that decided (code, metres)
    across: tuple[str, ...] = ()  # a grid of each area, of a matter between several

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
    windows: Windows

    def unit_of(self, kind: str | None, grid: str | None) -> str | None:
        """The unit of a kind that serves the grid; where no grid is known, the only one of its kind."""
        return only_or_serving(self.areas.get(kind or ""), grid)


def assign(category: str, grid_code: str | None, policy: "Policy", case: Case | None = None) -> Assignment:
    """Who leads and who joins for `category` (4 digits) in the grid.

    Without a grid only a unit that serves the whole county can be found by nothing but its area, so there is
    none: the desk decides. Without a case only rules hold that ask for no severity and no time.
    """
    key = (category, grid_code)
    known = policy.assignments.get(key)
    if known is None:
        known = policy.assignments[key] = tuple(_answers(category, grid_code, policy))
    windows = policy.responsibility.windows
    return next(answer for rule, answer in known if rule is None or applies(rule, case, windows))


def without(
    found: Assignment, category: str, grid_code: str, accused: tuple["Accused", ...], policy: "Policy"
) -> Assignment:
    """`found` with the accused units left out.

    If the lead is accused, its backup of the same legal power leads; where there is none, or the complaint is about
    conduct, the kind that policy names for it (discipline inspection). If that is accused too: no unit, the desk.
    """
    if not accused:
        return found
    out = tuple(one.unit for one in accused)
    rows = policy.attributes.rows.accused
    areas = policy.responsibility.areas
    why = found.why + "".join(f"；{_name(one.unit, policy)}回避：{one.text}" for one in accused)
    told = tuple(unit for kind in rows.told if (unit := unit_serving(areas.get(kind), grid_code)))
    lead = found.unit
    if lead in out:
        lead = _instead(lead, category, grid_code, out, policy)
        why += f"；改由{_name(lead, policy)}主办" if lead else "；没有可以代替的单位，由派单席决定"
    joint = dict.fromkeys(unit for unit in (*found.joint, *told) if unit not in out and unit != lead)
    return replace(found, unit=lead, joint=tuple(joint), why=why, excluded=out)


def _instead(
    lead: str | None, category: str, grid: str, out: tuple[str, ...], policy: "Policy"
) -> str | None:
    rows = policy.attributes.rows.accused
    backup = policy.units[lead].backup if lead and category not in rows.matters else None
    if backup is not None and backup not in out:
        return backup
    unit = unit_serving(policy.responsibility.areas.get(rows.instead or ""), grid)
    return unit if unit not in out else None


def _name(unit: str | None, policy: "Policy") -> str:
    return policy.units[unit].name if unit else ""


def specificity(rule: RuleRow) -> tuple[int, bool, int, int, bool, bool]:
    """What makes a rule more specific, the weightiest first.

    The longer category; then one for special grids; then the longer area; then the graver severity; then one for a
    window of time; then one with effective dates. Rules alike in all six must never hold together (`check`).
    """
    return (
        len(rule.category),
        rule.special is not None,
        len(rule.area),
        -(rule.severity or LEAST_GRAVE),
        rule.when is not None,
        rule.since is not None or rule.until is not None,
    )


def rule_id(rule: RuleRow) -> str:
    """The name a rule goes by in explanations, such as `0401@学校`, `05#990101101` or `02·2级以上·night`."""
    special = f"@{rule.special}" if rule.special else ""
    area = f"#{rule.area}" if rule.area else ""
    severity = f"·{rule.severity}级以上" if rule.severity else ""
    when = f"·{rule.when}" if rule.when else ""
    since = f"·{rule.since}起" if rule.since else ""
    until = f"·{rule.until}止" if rule.until else ""
    return (rule.category or "*") + special + area + severity + when + since + until


def is_conditional(rule: RuleRow) -> bool:
    """Whether the rule asks for more than category and place."""
    return any(one is not None for one in (rule.severity, rule.when, rule.since, rule.until))


def applies(rule: RuleRow, case: Case | None, windows: Windows) -> bool:
    """Whether a rule that fits category and place holds in this case too."""
    if case is None or not is_conditional(rule):
        return not is_conditional(rule)
    day = case.moment.astimezone(CHINA).date()
    return (
        (rule.severity is None or case.severity <= rule.severity)
        and (rule.since is None or rule.since <= day)
        and (rule.until is None or day <= rule.until)
        and (rule.when is None or holds(rule.when, case.moment, windows))
    )


def _fits(rule: RuleRow, category: str, grid: str, table: Responsibility) -> bool:
    return (
        category.startswith(rule.category)
        and grid.startswith(rule.area)
        and (rule.special is None or is_own_grid(rule.special, grid, table))
    )


def is_own_grid(kind: str, grid: str, table: Responsibility) -> bool:
    """Whether this is a special grid that a unit of this kind names, whole, as its own."""
    is_special = len(grid) >= GRID_DIGITS and int(grid[12:15]) in table.special
    return is_special and grid[:GRID_DIGITS] in table.areas.get(kind, {})


def _answers(
    category: str, grid: str | None, policy: "Policy"
) -> Iterator[tuple[RuleRow | None, Assignment]]:
    """The rules that fit, the most specific first, down to the first that always holds, each with its answer."""
    if grid is None:
        yield None, Assignment(None, (), None, "没有网格，无法确定责任单位")
        return
    for rule in policy.responsibility.rules:
        if _fits(rule, category, grid, policy.responsibility):
            yield rule, _by(rule, grid, policy)
            if not is_conditional(rule):
                return
    yield None, Assignment(None, (), None, f"责任清单没有 {category} 的规则")


def _by(rule: RuleRow, grid: str, policy: "Policy") -> Assignment:
    table = policy.responsibility
    lead = serving(table.areas.get(rule.lead, {}), grid)
    if lead is None:
        return Assignment(None, (), rule_id(rule), f"{rule.lead}没有覆盖网格 {grid} 的单位")
    area, unit = lead
    why = f"规则 {rule_id(rule)}：由{rule.lead}主办；{policy.units[unit].name}负责 {area} 片区"
    if rule.when:
        why += f"；报告时刻在“{table.windows[rule.when].name or rule.when}”时段内"
    if rule.limit_class:
        why += f"；时限类别为 {rule.limit_class}"
    joint = _joint(rule, grid, unit, table)
    is_own_ground = rule.special is not None
    return Assignment(unit, joint, rule_id(rule), why, (), rule.when, rule.limit_class, is_own_ground)


def _joint(rule: RuleRow, grid: str, lead: str, table: Responsibility) -> tuple[str, ...]:
    """The units that join; a unit that already leads, or that two kinds name, is asked once."""
    found = (unit_serving(table.areas.get(kind), grid) for kind in rule.joint)
    return tuple(dict.fromkeys(unit for unit in found if unit and unit != lead))
