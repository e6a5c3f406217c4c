"""`gridward bench`: the figures that docs/performance.md quotes, measured on this machine in one run."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.bench import deadlines, live, memory, throughput
from infra.bench.figures import Figure, as_json
from infra.stack.kafka import BROKER
from infra.stack.postgres import SETTINGS
from infra.stack.system import System

METHODS = {
    "throughput": (throughput.__doc__ or "").strip(),
    "live": (live.__doc__ or "").strip(),
    "deadlines": (deadlines.__doc__ or "").strip(),
    "memory": (memory.__doc__ or "").strip(),
}


def bench(
    out: Annotated[Path, typer.Option(help="结果文件 JSON result")] = Path(".gridward/bench.json"),
    runs: Annotated[int, typer.Option(help="每项次数 runs of each", min=1)] = 3,
    reports: Annotated[int, typer.Option(help="每次上报数 reports of a run", min=1000)] = 20_000,
    seconds: Annotated[int, typer.Option(help="每次秒数 seconds of a run", min=5)] = 20,
) -> None:
    """测量本机性能 Measure this machine: throughput, live latency, deadlines, memory."""
    console = Console()
    root = Path(tempfile.mkdtemp(prefix="gridward-bench-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        figures = measure(root, runs, reports, seconds, console)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(as_json(figures, METHODS), ensure_ascii=False, indent=1))
    console.print(table(figures))
    console.print(f"→ {out}")


def measure(root: Path, runs: int, reports: int, seconds: int, console: Console) -> list[Figure]:
    from infra.commands.policy import load_demo

    figures: list[Figure] = []
    with System(root, {**SETTINGS, "track_commit_timestamp": "on"}, BROKER) as system:
        system.start_servers()
        load_demo(system.addresses.database_url)
        console.print("吞吐 throughput ...")
        figures += throughput.measure(system, reports, runs)
        system.start_processes()
        console.print("实时 live ...")
        figures += live.measure(system, seconds, runs)
        console.print("时限 deadlines ...")
        figures += deadlines.measure(system, seconds, runs)
        figures += memory.measure(system)
    return figures


def table(figures: list[Figure]) -> Table:
    shown = Table("figure", "median", "least", "most", "unit", "aim", "runs")
    for one in figures:
        numbers = [
            f"{value:,.2f}" if value < 100 else f"{value:,.0f}" for value in (one.median, one.least, one.most)
        ]
        shown.add_row(one.name, *numbers, one.unit, one.aim, str(one.runs))
    return shown
