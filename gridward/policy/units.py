"""The responsible units (责任单位) of a policy, and which of a kind serves a grid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gridward.policy.unit_rows import UnitRow

PLACEHOLDER = "待填"  # a name or number that the county has yet to give


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A body that can be made responsible. `areas` are prefixes of grid codes."""

    code: str
    name: str
    kinds: tuple[str, ...]
    areas: tuple[str, ...]
    parent: str | None
    backup: str | None
    duty: Contact
    leader: Contact


def unit_of(row: UnitRow) -> Unit:
    return Unit(
        row.code,
        row.name,
        tuple(row.kinds),
        tuple(row.areas),
        row.parent,
        row.backup,
        Contact(row.duty.name, row.duty.phone),
        Contact(row.leader.name, row.leader.phone),
    )


def areas_by_kind(units: Iterable[Unit]) -> dict[str, dict[str, str]]:
    """For each kind: area prefix -> unit code."""
    areas: dict[str, dict[str, str]] = {}
    for unit in units:
        for kind in unit.kinds:
            areas.setdefault(kind, {}).update(dict.fromkeys(unit.areas, unit.code))
    return areas


def unit_serving(areas: Mapping[str, str] | None, grid: str) -> str | None:
    """The unit of the longest prefix of `grid` in `areas`; None when no area covers the grid, or there are none."""
    served = serving(areas or {}, grid)
    return served[1] if served else None


def only_or_serving(areas: Mapping[str, str] | None, grid: str | None) -> str | None:
    """The unit that serves the grid; where no grid is known, the only one that `areas` has."""
    if grid is not None:
        return unit_serving(areas, grid)
    units = set((areas or {}).values())
    return units.pop() if len(units) == 1 else None


def serving(areas: Mapping[str, str], grid: str) -> tuple[str, str] | None:
    """The longest prefix of `grid` in `areas`, with its unit; None when no area covers the grid."""
    for length in range(len(grid), 0, -1):
        unit = areas.get(grid[:length])
        if unit is not None:
            return grid[:length], unit
    return None
