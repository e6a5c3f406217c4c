"""`gridward units`: a units file made from the published boundaries, and the county's own one put in force."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gridward.clock import SystemClock
from gridward.domain.errors import Refused
from gridward.domain.place import GridRecord
from gridward.policy.alarms import by_missing, grid_alarms, unserved_text
from gridward.policy.check import unserved, warnings
from gridward.policy.files import load_file
from gridward.policy.policy import Policy
from gridward.policy.roster import gaps
from gridward.policy.schema import PolicyBundle
from gridward.policy.template import as_yaml, template, townships_of
from gridward.policy.unit_rows import Units
from gridward.settings import Settings
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set
from infra.commands.outage import one_clear_line
from infra.commands.policy_publish import put_in_force, standing
from infra.commands.policy_source import policy_in_force
from infra.console import plain_console

app = typer.Typer(help="责任单位 Units: make a template, put a county's own in force", no_args_is_help=True)

NAMED = 12  # warnings that are shown one by one; a template has hundreds that wait to be filled in

DatabaseUrl = Annotated[str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")]


@app.command("template")
def write_template(
    out: Annotated[Path, typer.Option(help="写到 where to write")] = Path("units.yaml"),
    boundary: Annotated[int | None, typer.Option(help="边界版本，缺省为现行版本 boundary version")] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """生成单位模板 One unit of each kind for every township of the boundaries, contacts left to be filled in."""
    with one_clear_line():
        if out.exists():
            raise Refused(f"{out} 已存在, exists already")
        units = asyncio.run(_template(database_url or Settings().database_url, boundary))
        out.write_text(as_yaml(units), "utf-8")
    plain_console().print(
        f"已写出 {len(units.units)} 个单位到 {out}。Wrote {len(units.units)} units.", highlight=False
    )


@app.command("import")
def import_units(
    file: Annotated[Path, typer.Argument(help="单位文件 units file (YAML)")],
    database_url: DatabaseUrl = None,
) -> None:
    """导入单位 Publish a policy version with these units; says which township lacks a unit that rules call for."""
    console = plain_console()
    with one_clear_line():
        units = load_file(file, Units)
        url = database_url or Settings().database_url
        bundle, version, missing = asyncio.run(_import(url, units, file.name))
    found = warnings(bundle)
    for line in found[:NAMED]:
        console.print(f"注意 warning: {line}", markup=False, highlight=False)
    if len(found) > NAMED:
        console.print(f"注意 warning: …… 另有 {len(found) - NAMED} 处 more of them", highlight=False)
    for line in missing:
        console.print(f"缺单位 no unit: {line}", markup=False, highlight=False)
    console.print(
        f"已发布策略版本 {version}：{len(units.units)} 个单位。Policy version {version} is published;"
        " 工作进程数秒内启用 a running worker takes it up within seconds.",
        highlight=False,
    )


@app.command("duty")
def duty(
    file: Annotated[
        Path | None, typer.Option(help="单位文件，缺省为现行策略 units file, else in force")
    ] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """值班空档 The hours ahead in which nobody is on duty for a unit, by its roster; grids that no unit serves."""
    console = plain_console(soft_wrap=True)
    with one_clear_line():
        policy, codes = (
            (None, []) if file else asyncio.run(_in_force(database_url or Settings().database_url))
        )
        units = policy.bundle.units if policy else load_file(file or Path(), Units)
    found = gaps(units, SystemClock().now())
    for gap in found:
        console.print(gap.text, markup=False, highlight=False)
    days = units.look_ahead_days
    console.print(
        f"今后 {days} 天有 {len(found)} 处无人值班。{len(found)} gaps in the next {days} days."
        if found
        else f"今后 {days} 天各单位均有人值班。Somebody is on duty everywhere for {days} days.",
        highlight=False,
    )
    if policy:
        _print_unserved(console, policy, codes)


def _print_unserved(console: Console, policy: Policy, codes: list[str]) -> None:
    alarms = grid_alarms(policy, codes)
    for missing, grids in by_missing(alarms):
        more = f" 等 {len(grids)} 个" if len(grids) > NAMED else ""
        line = f"{unserved_text(missing, len(grids))}：{'、'.join(grids[:NAMED])}{more}"
        console.print(line, markup=False, highlight=False)
    console.print(
        f"{len(alarms)} 个网格缺单位。{len(alarms)} grids lack a unit."
        if alarms
        else f"{len(codes)} 个网格均有单位管辖。All {len(codes)} grids have their units."
        if codes
        else "还没有发布网格边界，网格未核对。No boundaries are published: grids were not looked at.",
        highlight=False,
    )


async def _template(database_url: str, boundary: int | None) -> Units:
    grids = await _grids(database_url, boundary)
    if not grids:
        raise Refused("还没有发布网格边界, 请先 gridward grids import; no boundaries are published yet")
    bundle = (await policy_in_force(database_url)).bundle
    return template(bundle.responsibility, townships_of((grid.code, grid.name) for grid in grids))


async def _import(database_url: str, units: Units, name: str) -> tuple[PolicyBundle, int, list[str]]:
    seen = await standing(database_url)
    bundle = seen.to_change().model_copy(update={"units": units})
    version = await put_in_force(database_url, bundle, seen, f"units: {name}", by="")
    townships = townships_of((grid.code, grid.name) for grid in await _grids(database_url, None))
    return bundle, version, unserved(bundle, townships)


async def _in_force(database_url: str) -> tuple[Policy, list[str]]:
    """The policy in force, and the grids' codes."""
    policy = await policy_in_force(database_url)
    return policy, [grid.code for grid in await _grids(database_url, None)]


async def _grids(database_url: str, boundary: int | None) -> list[GridRecord]:
    async with boundary_transaction(database_url) as conn:
        version = boundary or await current_version(conn)
        return await load_boundary_set(conn, version) if version is not None else []
