"""The stored boundary sets: which there are, which stands when, publishing one of them, taking one back."""

import asyncio
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gridward.clock import SystemClock
from gridward.domain.errors import Refused
from gridward.domain.place import GridRecord
from gridward.domain.rules import CHINA
from gridward.settings import Settings
from gridward.store.boundaries import (
    BoundaryVersion,
    boundary_transaction,
    boundary_versions,
    current_version,
    load_boundary_set,
    publish,
    withdraw,
)
from infra.commands.findings_table import console_for
from infra.commands.handover_table import print_changes, who_would_change
from infra.commands.outage import one_clear_line

Version = Annotated[int, typer.Argument(help="边界版本 boundary version")]
Database = Annotated[str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")]
EffectiveOption = Annotated[
    str | None,
    typer.Option(
        "--effective",
        help="生效时间，如 2027-01-01T00:00，缺省立即；without an offset China's time; else at once",
    ),
]
DryRunOption = Annotated[
    bool,
    typer.Option(
        "--dry-run", help="只看哪些未结事件会换网格 only show which open incidents would change hands"
    ),
]


def list_versions(database_url: Database = None) -> None:
    """列出边界版本 List the stored boundary sets and from when each stands."""
    with one_clear_line():
        current, versions = asyncio.run(_versions(_url(database_url)))
    table = Table(
        "版本 version", "名称 name", "网格 grids", "入库 stored", "生效 in effect from", "状态 state"
    )
    for one in versions:
        moments = [shown(one.stored_at), shown(one.effective_at)]
        table.add_row(str(one.version), escape(one.name), str(one.grid_count), *moments, _state(one, current))
    console_for().print(table)


def publish_version(
    version: Version,
    effective: EffectiveOption = None,
    dry_run: DryRunOption = False,
    database_url: Database = None,
) -> None:
    """发布已入库的版本 Publish a stored set, now or for later; first say which open incidents it would move."""
    console = console_for()
    with one_clear_line():
        moment, url = moment_of(effective), _url(database_url)
        records = asyncio.run(_records(url, version))
        print_changes(console, *asyncio.run(who_would_change(url, records)))
        if dry_run:
            return
        asyncio.run(_publish(url, version, moment))
        console.print(f"{said_of(version, moment)}：{len(records)} 个网格 grids.")
        say_what_waits(console, url)


def withdraw_version(version: Version, database_url: Database = None) -> None:
    """撤回待生效的版本 Take back a set that waits for its moment."""
    with one_clear_line():
        asyncio.run(_withdraw(_url(database_url), version))
    console_for().print(f"已撤回边界版本 {version} 的发布。Boundary version {version} will not take effect.")


def say_what_waits(console: Console, database_url: str) -> None:
    """Sets that will replace the one just published, which who published it may have forgotten."""
    _, versions = asyncio.run(_versions(database_url))
    for one in versions:
        if _waits(one):
            console.print(
                f"待生效 waits: 版本 version {one.version} {one.name}，{shown(one.effective_at)}；"
                f"撤回 take it back: gridward grids withdraw {one.version}",
                markup=False,
                highlight=False,
            )


def moment_of(text: str | None) -> datetime | None:
    """The moment that a person wrote, in China's time unless an offset says otherwise. Raises Refused."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            f"生效时间 {text[:40]} 应如 2027-01-01T00:00; write the moment like 2027-01-01T00:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def said_of(version: int, moment: datetime | None) -> str:
    if moment is None:
        return f"已发布边界版本 Published boundary version {version}"
    return f"边界版本 {version} 将于 {shown(moment)} 生效 Boundary version {version} takes effect then"


def shown(moment: datetime | None) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}" if moment else ""


def _state(one: BoundaryVersion, current: int | None) -> str:
    if one.version == current:
        return "现行 current"
    if one.effective_at is None:
        return "未发布 not published"
    return "待生效 waits" if _waits(one) else "已被取代 replaced"


def _waits(one: BoundaryVersion) -> bool:
    return one.effective_at is not None and one.effective_at > SystemClock().now()


def _url(given: str | None) -> str:
    return given or Settings().database_url


async def _versions(url: str) -> tuple[int | None, list[BoundaryVersion]]:
    async with boundary_transaction(url) as conn:
        return await current_version(conn), await boundary_versions(conn)


async def _records(url: str, version: int) -> list[GridRecord]:
    async with boundary_transaction(url) as conn:
        return await load_boundary_set(conn, version)


async def _publish(url: str, version: int, moment: datetime | None) -> None:
    async with boundary_transaction(url) as conn:
        await publish(conn, version, SystemClock().now(), moment)


async def _withdraw(url: str, version: int) -> None:
    async with boundary_transaction(url) as conn:
        await withdraw(conn, version)
