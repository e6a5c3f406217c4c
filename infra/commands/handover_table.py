"""What a boundary set would change for the open incidents, as a table for people."""

import asyncpg
from rich.console import Console
from rich.table import Table

from geo.handover import Change, by_grid, changes
from geo.index import GridIndex
from gridward.domain.errors import Unavailable
from gridward.domain.place import GridRecord
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set
from gridward.store.open_places import open_with_a_place
from gridward.store.policies import current_policy
from infra.commands.policy_source import connection

DESK = "待调度台选择 the desk"
# Each by itself up to here; the counts by grid name them all.
MOST_SHOWN = 50


async def who_would_change(database_url: str, records: list[GridRecord]) -> tuple[int, list[Change]]:
    """How many open incidents have a place, and which of them these grids give to another grid than those in force.

    By the tolerance of the policy in force. Raises `Unavailable`.
    """
    async with connection(database_url) as conn:
        within = await _tolerance(conn)
        incidents = await open_with_a_place(conn)
    standing = await _standing(database_url) if incidents else None
    return len(incidents), changes(incidents, standing, GridIndex(records, 0), within)


async def _standing(database_url: str) -> GridIndex | None:
    async with boundary_transaction(database_url) as conn:
        version = await current_version(conn)
        return GridIndex(await load_boundary_set(conn, version), version) if version is not None else None


async def _tolerance(conn: asyncpg.Connection) -> float:
    try:
        return (await current_policy(conn)).nearest_within_m
    except Unavailable:
        return 0.0  # no policy yet, and no incident either


def print_changes(console: Console, count: int, found: list[Change]) -> None:
    """Counts by grid, then the incidents one by one, and that nothing of them is rewritten."""
    console.print(
        f"未结事件 {count} 件有位置，其中 {len(found)} 件在新边界下换网格 | "
        f"{count} open incidents have a place, {len(found)} of them would be in another grid",
        highlight=False,
    )
    if not found:
        return
    counts = Table("原网格 old grid", "新网格 new grid", "件 incidents")
    for old, new, number in by_grid(found):
        counts.add_row(old or DESK, new or DESK, str(number))
    console.print(counts)
    each = Table("事件 incident", "单位 unit", "原网格 old grid", "新网格 new grid", "依据 how")
    for one in found[:MOST_SHOWN]:
        each.add_row(
            one.incident.number, one.incident.unit or "", one.incident.grid or DESK, one.grid or DESK, one.how
        )
    console.print(each)
    if len(found) > MOST_SHOWN:
        console.print(f"…另有 {len(found) - MOST_SHOWN} 件 and as many more", highlight=False)
    console.print(
        "已作的决定不改写，需要时请重新派单。Decisions made stay as they are; dispatch anew where needed."
    )
