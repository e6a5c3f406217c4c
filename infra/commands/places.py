"""`gridward places`: what the gazetteer makes of a text, and a county's list of divisions put into it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from geo.named import NamedGrids
from gridward.domain.errors import Refused
from gridward.policy.divisions import places_of_divisions
from gridward.policy.gazetteer import Gazetteer
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.schema import PolicyBundle
from gridward.policy.spots import candidates, good
from gridward.settings import Settings
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set
from infra.commands.outage import one_clear_line
from infra.commands.policy_publish import put_in_force, standing
from infra.commands.policy_source import policy_in_force
from infra.console import plain_console

app = typer.Typer(
    help="地名词库 Gazetteer: divisions into it, and what it makes of a text", no_args_is_help=True
)

DatabaseUrl = Annotated[str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")]


@app.command("import")
def import_divisions(
    file: Annotated[
        Path, typer.Argument(help="区划表 CSV of divisions with columns code12 and name (UTF-8)")
    ],
    under: Annotated[str, typer.Option(help="只取此编码下的 only those whose code begins so")] = "",
    database_url: DatabaseUrl = None,
) -> None:
    """导入区划名称 Publish a policy version whose gazetteer knows these towns and villages; earlier imports go."""
    with one_clear_line():
        entries = places_of_divisions(_lines(file), under)
        version = asyncio.run(_import(database_url or Settings().database_url, entries, file.name))
    plain_console().print(
        f"已发布策略版本 {version}：{len(entries)} 个区划地名。Policy version {version} is published.",
        highlight=False,
    )


@app.command("find")
def find(
    text: Annotated[str, typer.Argument(help="上报文字 what a report says")],
    database_url: DatabaseUrl = None,
) -> None:
    """试一试 What the gazetteer in force makes of a text, and whether a report would go by it."""
    with one_clear_line():
        gazetteer = asyncio.run(_gazetteer(database_url or Settings().database_url))
    found = candidates(gazetteer, text)
    best = good(found, gazetteer)
    table = Table("地名 place", "得分", "精度 m", "lon, lat", "理由 reason")
    for one in found:
        place = one.place
        point = f"{place.lon:.5f}, {place.lat:.5f}" if place.lon is not None else ", ".join(place.grids[:3])
        table.add_row(
            ("✓ " if one is best else "") + escape(place.name),
            f"{one.score:.2f}",
            f"{one.precision_m:.0f}",
            point,
            escape(one.reason),
        )
    console = plain_console()
    console.print(table if found else "没有认出地名。No known name.")
    if found:
        console.print("据此定位。A report goes by it." if best else "转派单席选择。The desk chooses.")


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise Refused(f"{file} 读不了，请检查路径 | cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file} 不是 UTF-8，请另存为 UTF-8 | is not UTF-8, save it so") from None


async def _import(database_url: str, entries: list[PlaceEntry], name: str) -> int:
    seen = await standing(database_url)
    changed = with_divisions(seen.to_change(), entries)
    return await put_in_force(database_url, changed, seen, f"places: {name}", by="")


def with_divisions(bundle: PolicyBundle, entries: list[PlaceEntry]) -> PolicyBundle:
    """The bundle with these divisions in place of those of an earlier import; its own places stay."""
    own = [row for row in bundle.gazetteer.places if row.code is None]
    gazetteer = bundle.gazetteer.model_copy(update={"places": [*own, *entries]})
    return bundle.model_copy(update={"gazetteer": gazetteer})


async def _gazetteer(database_url: str) -> Gazetteer:
    policy = await policy_in_force(database_url)
    async with boundary_transaction(database_url) as boundaries:
        version = await current_version(boundaries)
        records = await load_boundary_set(boundaries, version) if version is not None else []
    return NamedGrids(records, version or 0).gazetteer(policy) if records else policy.gazetteer
