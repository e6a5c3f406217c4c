"""Rules that can hold for the same case with neither more specific (规则冲突), and times that lead nowhere."""

from collections.abc import Iterator
from itertools import combinations

from gridward.policy.assign import GRID_DIGITS, rule_id, specificity
from gridward.policy.problem import Problem
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.policy.windows import meet


def of_times(bundle: PolicyBundle) -> Iterator[str]:
    """Windows whose exceptions are no windows to except."""
    windows = bundle.responsibility.windows
    for name, row in windows.items():
        for other in row.unless:
            if other not in windows or windows[other].unless:
                yield Problem(
                    "responsibility",
                    ("windows", name, "except"),
                    f"{other} 须为没有 except 的已有时段 (must be a window that has no except of its own)",
                )


def ties(bundle: PolicyBundle) -> Iterator[str]:
    """One line for each pair of rules between which nothing decides."""
    rules = bundle.responsibility.rules
    alike: dict[object, list[int]] = {}
    for number, rule in enumerate(rules):
        alike.setdefault((rule.category, rule.area, specificity(rule)), []).append(number)
    for group in alike.values():
        for first, second in combinations(group, 2):
            one, other = rules[first], rules[second]
            if _share_a_place(one, other, bundle) and _share_a_moment(one, other, bundle):
                yield Problem(
                    "responsibility",
                    ("rules", first),
                    f"规则 {rule_id(one)} 与 {rule_id(other)} 可同时适用而不分先后，"
                    "请收窄其中一条 (both can hold and neither is more specific: narrow one)",
                    ("responsibility", ("rules", second)),
                    about="rules",
                )


def _share_a_place(one: RuleRow, other: RuleRow, bundle: PolicyBundle) -> bool:
    """Rules of the same area do, unless they are for special grids of two kinds that own none in common."""
    if one.special is None or other.special is None or one.special == other.special:
        return True
    return bool(_own_grids(one, bundle) & _own_grids(other, bundle))


def _own_grids(rule: RuleRow, bundle: PolicyBundle) -> set[str]:
    return {
        area
        for unit in bundle.units.units
        if rule.special in unit.kinds
        for area in unit.areas
        if len(area) == GRID_DIGITS and area.startswith(rule.area[:GRID_DIGITS])
    }


def _share_a_moment(one: RuleRow, other: RuleRow, bundle: PolicyBundle) -> bool:
    first = max((day for day in (one.since, other.since) if day), default=None)
    last = min((day for day in (one.until, other.until) if day), default=None)
    if first and last and first > last:
        return False
    windows = bundle.responsibility.windows
    names = {name for name in (one.when, other.when) if name}
    if any(name not in windows or set(windows[name].unless) - set(windows) for name in names):
        return False  # an error of its own
    return not names or meet(names, first, last, windows)
