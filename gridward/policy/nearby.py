"""Matters beside a special grid (专属网格) that policy watches: near a school in school hours the police lead.

The road outside is not the school's own grid, so the table of category and grid alone would not tell it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.policy.assign import Assignment, is_own_grid
from gridward.policy.schema import NearbyRow
from gridward.policy.units import unit_serving
from gridward.policy.windows import holds

if TYPE_CHECKING:
    from gridward.policy.policy import Policy

Near = Sequence[tuple[str, float]]  # special grids: code, metres; nearest first


def rows_for(category: str, moment: datetime, policy: "Policy") -> Iterable[NearbyRow]:
    """The rows that hold for the category (4 digits) at the moment, wherever it is."""
    for row in policy.bundle.responsibility.nearby:
        if category[:2] in row.groups and (
            row.when is None or holds(row.when, moment, policy.responsibility.windows)
        ):
            yield row


def beside(
    found: Assignment, category: str, grid: str, near: Near, moment: datetime, policy: "Policy"
) -> Assignment:
    """`found`, or by the first row that holds: its kind leads, who led before joins, and who owns the place joins.

    On that place's own ground a rule that the table has for just that ground stands.
    """
    if found.is_own_ground:
        return found
    for row in rows_for(category, moment, policy):
        owned = next((one for one in near if _counts(one, row, policy)), None)
        lead = unit_serving(policy.responsibility.areas.get(row.lead), grid)
        if owned is not None and lead is not None:
            return _led_by(lead, found, row, owned, policy)
    return found


def _counts(one: tuple[str, float], row: NearbyRow, policy: "Policy") -> bool:
    code, metres = one
    return metres <= row.within and is_own_grid(row.special, code, policy.responsibility)


def _led_by(
    lead: str, found: Assignment, row: NearbyRow, owned: tuple[str, float], policy: "Policy"
) -> Assignment:
    code, metres = owned
    told = unit_serving(policy.responsibility.areas.get(row.told), code)
    others = (found.unit, *found.joint, told)
    joint = tuple(dict.fromkeys(unit for unit in others if unit and unit != lead))
    window = policy.responsibility.windows[row.when].name or row.when if row.when else None
    why = f"{found.why}；距{row.special}网格 {code} {metres:.0f} 米（{row.within:g} 米以内）"
    why += f"，报告时刻在“{window}”时段内" if window else ""
    why += f"：由{policy.units[lead].name}主办"
    why += f"，{policy.units[told].name}参与" if told else ""
    return replace(found, unit=lead, joint=joint, why=why, window=row.when or found.window, beside=owned)
