"""Rules that can hold for the same case with neither more specific (规则冲突), and times that lead nowhere."""

from collections.abc import Iterator
from itertools import combinations

from gridward.policy.assign import GRID_DIGITS, rule_id, specificity
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.policy.windows import meet


def of_times(bundle: PolicyBundle) -> Iterator[str]:
    """Windows and limit classes that rules name and nobody defines."""
    windows = bundle.responsibility.windows
    for name, row in windows.items():
        for other in row.unless:
            if other not in windows or windows[other].unless:
                yield (
                    f"responsibility.yaml: windows.{name}: except {other}: 须为没有 except 的已有时段 "
                    "(must be a window that has no except of its own)"
                )
    for rule in bundle.responsibility.rules:
        if rule.when is not None and rule.when not in windows:
            yield f"responsibility.yaml: rule {rule_id(rule)}: 没有时段 {rule.when} (there is no such window)"
        if rule.limit_class is not None and rule.limit_class not in bundle.limits.classes:
            yield f"responsibility.yaml: rule {rule_id(rule)}: 没有时限类别 {rule.limit_class} (no such class)"


def of_nearby(bundle: PolicyBundle) -> Iterator[str]:
    """Rows for matters beside special grids whose names lead nowhere."""
    table = bundle.responsibility
    for row in table.nearby:
        where = f"responsibility.yaml: nearby: {row.special}"
        for kind in (row.special, row.lead, row.told):
            if kind not in table.kinds:
                yield f"{where}: 没有“{kind}”这一类单位 (kind {kind} does not exist)"
        for group in row.groups:
            if group not in bundle.categories.groups:
                yield f"{where}: 没有类别组 {group} (there is no such group)"
        if row.when is not None and row.when not in table.windows:
            yield f"{where}: 没有时段 {row.when} (there is no such window)"


def ties(bundle: PolicyBundle) -> Iterator[str]:
    """One line for each pair of rules between which nothing decides."""
    alike: dict[object, list[RuleRow]] = {}
    for rule in bundle.responsibility.rules:
        alike.setdefault((rule.category, rule.area, specificity(rule)), []).append(rule)
    for group in alike.values():
        for one, other in combinations(group, 2):
            if _share_a_place(one, other, bundle) and _share_a_moment(one, other, bundle):
                yield (
                    f"responsibility.yaml: rules: 规则 {rule_id(one)} 与 {rule_id(other)} 可同时适用而不分先后，"
                    "请收窄其中一条 (both can hold and neither is more specific: narrow one)"
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
