"""Matters between two areas (跨区域): parties or places in two villages or towns go to their common superior.

Pure. Only what a text plainly names counts: a place near a border whose accuracy is poor lies in one area, it is merely
not known in which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gridward.policy.assign import Assignment, Case, assign
from gridward.policy.divisions import TOWN, VILLAGE
from gridward.policy.spots import Candidate
from gridward.policy.units import unit_serving

if TYPE_CHECKING:
    from gridward.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Area:
    """A village (12 digits) or town (9) that a text names, with a grid of it and the words."""

    code: str
    grid: str
    words: str


def area_of(one: Candidate, grid: str | None) -> Area | None:
    """The area that a named place lies in; `grid`: the one that holds its point. None where that is not known."""
    grids = one.place.grids or ((grid,) if grid else ())
    for digits in (VILLAGE, TOWN):
        codes = {code[:digits] for code in grids}
        if len(codes) == 1:
            return Area(codes.pop(), grids[0], one.words)
    return None


def apart(areas: Iterable[Area]) -> tuple[Area, ...]:
    """Those of different areas, in their order: a town does not count beside one of its own villages."""
    found: dict[str, Area] = {}
    for one in areas:
        found.setdefault(one.code, one)
    return tuple(
        one
        for code, one in found.items()
        if not any(other != code and other.startswith(code) for other in found)
    )


def is_across(category: str, areas: Sequence[Area], policy: "Policy") -> bool:
    """Whether policy sends such a matter to the common superior of the areas."""
    rows = policy.bundle.responsibility.across
    return len(areas) > 1 and rows is not None and category.startswith(tuple(rows.categories))


def across(
    found: Assignment, category: str, areas: Sequence[Area], case: Case, policy: "Policy"
) -> Assignment:
    """`found`, or for a matter between areas that have different units: their common superior leads, they join.

    The superior is a backup of the same legal power that all have, or else the first of the kinds that policy names
    which serves all of them. Where there is none nobody leads: the desk decides.
    """
    rows = policy.bundle.responsibility.across
    if rows is None or not is_across(category, areas, policy):
        return found
    each = [assign(category, one.grid, policy, case) for one in areas]
    leads = dict.fromkeys(one.unit for one in each if one.unit)
    grids = tuple(one.grid for one in areas)
    if len(leads) < 2:  # whoever answers for both stands over both already
        return replace(found, across=grids)
    lead = _backup_of_all(leads, policy) or _serves_all(rows.superiors, areas, policy)
    # A school near by is told all the same.
    nearby = (found.unit, *found.joint) if found.beside else ()
    joining = dict.fromkeys(
        (*leads, *(unit for one in each for unit in one.joint), *(unit for unit in nearby if unit))
    )
    joint = tuple(unit for unit in joining if unit != lead)
    named = "、".join(f"“{one.words}”" for one in areas)
    why = f"{found.why}；当事人或地点涉及 {len(areas)} 个片区（{named}）："
    why += (
        f"由共同上级{policy.units[lead].name}主办，各片区单位协办" if lead else "没有共同上级，由派单席决定"
    )
    return replace(found, unit=lead, joint=joint, why=why, across=grids)


def _backup_of_all(leads: Iterable[str], policy: "Policy") -> str | None:
    backups = {policy.units[unit].backup for unit in leads}
    return backups.pop() if len(backups) == 1 else None


def _serves_all(kinds: Iterable[str], areas: Sequence[Area], policy: "Policy") -> str | None:
    for kind in kinds:
        of_kind = policy.responsibility.areas.get(kind)
        served = {unit_serving(of_kind, one.grid) for one in areas}
        if len(served) == 1 and (unit := served.pop()) is not None:
            return unit
    return None
