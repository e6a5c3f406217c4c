"""What a boundary set would change for the open incidents, as a table for people."""

from dataclasses import dataclass

import asyncpg
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geo.handover import Change, by_grid, changes
from geo.index import GridIndex
from gridward.domain.errors import Unavailable
from gridward.domain.place import GridRecord
from gridward.policy.assign import Case, assign
from gridward.policy.policy import Policy
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set
from gridward.store.open_places import open_with_a_place
from gridward.store.policies import current_policy
from infra.commands.policy_source import connection

DESK = "待调度台选择 the desk"


@dataclass(frozen=True, slots=True)
class Handover:
    """A change of grid, and the names of the unit that has the incident and of the one that the new grid's rules name;
    empty where there is none, or the kind is not known yet.
    """

    change: Change
    old_unit: str
    new_unit: str


async def who_would_change(database_url: str, records: list[GridRecord]) -> tuple[int, list[Handover]]:
    """How many open incidents have a place, and which of them these grids give to another grid than those in force.

    By the tolerance and the rules of the policy in force. Raises `Unavailable`.
    """
    async with connection(database_url) as conn:
        policy = await _policy(conn)
        incidents = await open_with_a_place(conn)
    standing = await _standing(database_url) if incidents else None
    within = policy.nearest_within_m if policy else 0.0
    found = changes(incidents, standing, GridIndex(records, 0), within)
    return len(incidents), [_handover(one, policy) for one in found]


def _handover(change: Change, policy: Policy | None) -> Handover:
    incident = change.incident
    if policy is None:
        return Handover(change, incident.unit or "", "")
    unit = None
    if incident.category and incident.category in policy.categories and change.grid:
        case = Case(incident.severity, incident.received_at)
        unit = assign(incident.category, change.grid, policy, case).unit
    return Handover(change, _name(incident.unit, policy), _name(unit, policy))


def _name(unit: str | None, policy: Policy) -> str:
    known = policy.units.get(unit or "")
    return known.name if known else unit or ""


async def _standing(database_url: str) -> GridIndex | None:
    async with boundary_transaction(database_url) as conn:
        version = await current_version(conn)
        return GridIndex(await load_boundary_set(conn, version), version) if version is not None else None


async def _policy(conn: asyncpg.Connection) -> Policy | None:
    try:
        return await current_policy(conn)
    except Unavailable:
        return None  # no policy yet, and no incident either


def print_changes(console: Console, count: int, found: list[Handover]) -> None:
    """Counts by grid, then the incidents one by one, and that nothing of them is rewritten."""
    console.print(
        f"未结事件 {count} 件有位置，其中 {len(found)} 件在新边界下换网格 | "
        f"{count} open incidents have a place, {len(found)} of them would be in another grid",
        highlight=False,
    )
    if not found:
        return
    counts = Table("原网格 old grid", "新网格 new grid", "件 incidents")
    for old, new, number in by_grid([one.change for one in found]):
        counts.add_row(old or DESK, new or DESK, str(number))
    console.print(counts)
    each = Table(
        "事件 incident",
        "原网格 old grid",
        "新网格 new grid",
        "依据 how",
        "原单位 has it",
        "新单位 would lead",
    )
    for one in found:
        incident, grid, how = one.change.incident, one.change.grid, one.change.how
        units = escape(one.old_unit), escape(one.new_unit or DESK)
        each.add_row(incident.number, incident.grid or DESK, grid or DESK, how, *units)
    console.print(each)
    console.print(
        "已作的决定不改写，需要时请重新派单。Decisions made stay as they are; dispatch anew where needed."
    )
