"""`gridward grids`: checks a county's boundary file, and publishes it as the next boundary version."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

from geo.checks import check as check_records
from geo.findings import Thresholds
from geo.repair import repair
from geo.source import Source, read_grids
from gridward.settings import Settings
from infra.commands.findings_table import console_for, print_findings
from infra.commands.grid_store import store_and_publish
from infra.commands.grid_versions import (
    DryRunOption,
    EffectiveOption,
    list_versions,
    moment_of,
    publish_version,
    said_of,
    say_what_waits,
    withdraw_version,
)
from infra.commands.handover_table import print_changes, who_would_change
from infra.commands.outage import one_clear_line
from infra.console import say_aside

# Exit codes: 1 the boundaries have errors, 2 the file or the database cannot be used.
HAS_ERRORS = 1

app = typer.Typer(help="网格边界 Grid boundaries: check a file, publish it", no_args_is_help=True)

app.command("list")(list_versions)
app.command("publish")(publish_version)
app.command("withdraw")(withdraw_version)

File = Annotated[Path, typer.Argument(help="GeoJSON (.geojson), Shapefile (.shp) 或其 .zip")]
CrsOption = Annotated[
    str | None,
    typer.Option("--crs", help="wgs84 | gcj02 | bd09 | epsg:NNNN；缺省按文件声明 else as declared"),
]
MinArea = Annotated[
    float | None,
    typer.Option(
        min=0, help="重叠与空隙的面积阈值 m² for all; 缺省 default: 1000 overlap, 10 gap, 2000 open gap"
    ),
]
AcceptOption = Annotated[
    bool,
    typer.Option(
        "--accept-findings", help="仍要发布，无效图形自动修复 publish all the same, repairing shapes"
    ),
]


@app.command("check")
def check(
    file: File,
    crs: CrsOption = None,
    min_area: MinArea = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON print JSON")] = False,
) -> None:
    """检查边界 Show what is wrong with a boundary file, by grid code and area; exits 1 when there are errors."""
    with one_clear_line():
        source = read_grids(file, crs)
        findings = check_records(source.records, _thresholds(min_area))
    _warn(source)
    if as_json:
        typer.echo(json.dumps({"crs": source.crs, **findings.as_json()}, ensure_ascii=False, indent=2))
    else:
        print_findings(console_for(), source.crs, findings)
    if findings.errors:
        raise typer.Exit(HAS_ERRORS)


@app.command("import")
def import_grids(
    file: File,
    crs: CrsOption = None,
    name: Annotated[str | None, typer.Option(help="边界名称，缺省为文件名 name of the set")] = None,
    accept_findings: AcceptOption = False,
    min_area: MinArea = None,
    effective: EffectiveOption = None,
    dry_run: DryRunOption = False,
    database_url: Annotated[
        str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")
    ] = None,
) -> None:
    """导入并发布 Check, store and publish a boundary file; refuses one with errors unless they are accepted."""
    console = console_for()
    with one_clear_line():
        moment = moment_of(effective)
        source = read_grids(file, crs)
        findings = check_records(source.records, _thresholds(min_area))
        _warn(source)
        print_findings(console, source.crs, findings)
        if findings.errors and not accept_findings:
            console.print(
                "未发布：请修正，或加 --accept-findings。Not published: correct it, or add --accept-findings."
            )
            raise typer.Exit(HAS_ERRORS)
        records, said = repair(source.records)
        for line in said:
            console.print(f"  {line}")
        url = database_url or Settings().database_url
        print_changes(console, *asyncio.run(who_would_change(url, records)))
        if dry_run:
            console.print("试运行，未入库。A dry run, nothing was stored.")
            return
        stored = store_and_publish(
            url,
            source,
            findings,
            (records, said),
            name=name or file.stem,
            file_name=file.name,
            effective_at=moment,
        )
        version = asyncio.run(stored)
        console.print(f"{said_of(version, moment)}: {len(records)} grids 个网格。")
        say_what_waits(console, url)


def _warn(source: Source) -> None:
    for warning in source.warnings:
        say_aside(f"注意 warning: {warning}")


def _thresholds(min_area: float | None) -> Thresholds:
    return Thresholds() if min_area is None else Thresholds.of_area(min_area)
