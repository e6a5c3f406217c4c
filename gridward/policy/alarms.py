"""Alarms before a report needs somebody: units with nobody on duty, and grids that nobody would answer for.

Pure; the moment is an argument.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gridward.policy.roster import Gap, gaps
from gridward.policy.units import unit_serving

if TYPE_CHECKING:
    from gridward.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class UnitAlarm:
    """Hours in which nobody is on duty for a unit.

    `stands_in`: the unit that has the same legal power and somebody on duty when the gap begins; None: its leader
    answers. `grids`: those of the village that it speaks for (村社区), which then have nobody on duty either.
    """

    gap: Gap
    now: bool
    stands_in: str | None
    leader: str
    grids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GridAlarm:
    """A grid that no unit of these kinds serves, though rules send matters to them."""

    grid: str
    missing: tuple[str, ...]


def unit_alarms(policy: "Policy", grids: Iterable[str], moment: datetime) -> list[UnitAlarm]:
    """Those of now first, then by when they begin. `moment`: aware."""
    found = gaps(policy.bundle.units, moment)
    of_villages = _by_village_unit(policy, grids) if found else {}
    alarms = [
        UnitAlarm(
            gap,
            gap.start <= moment,
            _stands_in(gap, found, policy),
            policy.units[gap.unit].leader.name,
            tuple(of_villages.get(gap.unit, ())),
        )
        for gap in found
    ]
    return sorted(alarms, key=lambda one: (one.gap.start, one.gap.unit))


def grid_alarms(policy: "Policy", grids: Iterable[str]) -> list[GridAlarm]:
    """By code. Kinds of the county level need one unit for the whole county, and are asked for alike.

    Looks up only prefixes as long as some unit's area is: a large county has 10,000 grids and 30 kinds.
    """
    rules = policy.responsibility.rules
    # A rule for one area, or for special grids, asks nothing of the others.
    needed = {
        kind for rule in rules if not rule.area and not rule.special for kind in (rule.lead, *rule.joint)
    }
    served = {kind: policy.responsibility.areas.get(kind, {}) for kind in sorted(needed)}
    lengths = {kind: {len(area) for area in areas} for kind, areas in served.items()}
    alarms = []
    for grid in sorted(grids):
        missing = tuple(
            kind
            for kind, areas in served.items()
            if not any(grid[:length] in areas for length in lengths[kind])
        )
        if missing:
            alarms.append(GridAlarm(grid, missing))
    return alarms


def by_missing(alarms: Iterable[GridAlarm]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Each set of missing kinds with its grids, the most grids first."""
    found: dict[tuple[str, ...], list[str]] = {}
    for one in alarms:
        found.setdefault(one.missing, []).append(one.grid)
    return sorted(found.items(), key=lambda group: (-len(group[1]), group[0]))


def unserved_text(missing: Iterable[str], count: int) -> str:
    """In Chinese, for people, with what to do."""
    return f"{count} 个网格没有{'、'.join(missing)}，请在单位表中补上管辖范围"


def _stands_in(gap: Gap, found: Iterable[Gap], policy: "Policy") -> str | None:
    backup = policy.units[gap.unit].backup
    if backup is None or any(one.unit == backup and one.start <= gap.start < one.end for one in found):
        return None
    return backup


def _by_village_unit(policy: "Policy", grids: Iterable[str]) -> Mapping[str, list[str]]:
    """Unit that speaks for the village (村社区) -> its grids."""
    areas = policy.responsibility.areas.get(policy.attributes.rows.tells.get("village", ""))
    found: dict[str, list[str]] = {}
    for grid in sorted(grids):
        unit = unit_serving(areas, grid)
        if unit is not None:
            found.setdefault(unit, []).append(grid)
    return found
