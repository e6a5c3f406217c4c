"""`gridward bench`: the figures that docs/performance.md quotes, measured on this machine in one run."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from infra.bench.figures import Figure
from infra.bench.sections import PROFILE, SECTIONS, Result, Section, Size, measure
from infra.console import plain_console
from infra.stack.kafka import BROKER
from infra.stack.postgres import SETTINGS
from infra.stack.system import System

NOT_ALL = 1


def bench(
    out: Annotated[
        Path | None, typer.Option(help="结果文件 JSON result, .gridward/bench.json or profile.json")
    ] = None,
    runs: Annotated[int, typer.Option(help="每项次数 runs of each", min=1)] = 3,
    reports: Annotated[int, typer.Option(help="每次上报数 reports of a run", min=1000)] = 20_000,
    seconds: Annotated[int, typer.Option(help="每次秒数 seconds of a run", min=5)] = 20,
    armed: Annotated[int, typer.Option(help="待命时限数 deadlines that lie armed", min=1000)] = Size().armed,
    profile: Annotated[
        bool, typer.Option("--profile", help="只看时间去向 only where the worker's time goes")
    ] = False,
    only: Annotated[str | None, typer.Option("--only", help="只测一项 one part only, e.g. locate")] = None,
) -> None:
    """测量本机性能 Measure this machine: locating, throughput, live latency, deadlines, memory, where the time goes."""
    console = plain_console()
    chosen = (PROFILE,) if profile else sections_named(only)
    out = out or Path(".gridward") / f"{'profile' if profile else only or 'bench'}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    root = Path(tempfile.mkdtemp(prefix="gridward-bench-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        with System(root, {**SETTINGS, "track_commit_timestamp": "on"}, BROKER) as system:
            prepare(system)
            result = measure(
                system,
                Size(runs, reports, seconds, armed),
                chosen,
                lambda line: console.print(escape(line), highlight=False, soft_wrap=True),
                lambda result: write(out, result),
            )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    console.print(table(result.figures))
    console.print(f"→ {out}")
    if result.failed:
        console.print(f"未测得 not measured: {', '.join(result.failed)}", highlight=False)
        raise typer.Exit(NOT_ALL)


def sections_named(name: str | None) -> tuple[Section, ...]:
    """All of them without a name."""
    chosen = tuple(one for one in SECTIONS if name in (None, one.name))
    if not chosen:
        known = ", ".join(one.name for one in SECTIONS)
        raise typer.BadParameter(f"没有这一项 no such part: {name}; {known}")
    return chosen


def prepare(system: System) -> None:
    from infra.commands.first_start import load_demo

    system.start_servers()
    load_demo(system.addresses.database_url)


def write(out: Path, result: Result) -> None:
    out.write_text(json.dumps(result.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")


def table(figures: list[Figure]) -> Table:
    shown = Table("figure", "median", "least", "most", "unit", "aim", "runs")
    for one in figures:
        numbers = [
            f"{value:,.2f}" if value < 100 else f"{value:,.0f}" for value in (one.median, one.least, one.most)
        ]
        shown.add_row(one.name, *numbers, one.unit, one.aim, str(one.runs))
    return shown
