"""`gridward demo`: replays reports through the front door and says what became of them."""

import asyncio
import time
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import httpx
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from gridward.domain.errors import Refused
from gridward.settings import Settings
from infra.commands.findings_table import console_for
from infra.commands.outage import one_clear_line
from infra.replay.lines import Line, chosen, demo_lines, read_lines
from infra.replay.outcome import Outcome, outcome_of
from infra.replay.sender import Answers, Sender

NOT_ALL = 1  # exit code
NAMED = 20
AGAIN = 0.5  # seconds between two looks at the door


def demo(
    file: Annotated[
        Path | None, typer.Option(help="上报文件 JSON lines; 缺省为自带文本 our own texts")
    ] = None,
    speed: Annotated[float, typer.Option(min=0, help="每秒条数 reports per second, 0: 尽快 at once")] = 20,
    clients: Annotated[int, typer.Option(min=1, max=64, help="并发客户端 clients at once")] = 4,
    shuffle: Annotated[int | None, typer.Option(help="打乱次序的种子 seed of another order")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="只用前 N 行 the first N lines")] = None,
    api: Annotated[str, typer.Option(help="接口地址 address of the API")] = "",
    patience: Annotated[
        float, typer.Option(min=1, help="无进展时最多等待秒数 seconds without any new incident")
    ] = 120,
    wait: Annotated[
        float,
        typer.Option(min=0, help="受理端未启动时最多等待秒数 seconds to wait for an API that is starting"),
    ] = 5,
) -> None:
    """演示 Replay reports; exits 1 unless every accepted report became an incident."""
    settings = Settings()
    address = api or f"http://{settings.host}:{settings.port}"
    console = console_for()
    with one_clear_line():
        lines = chosen(lines_of(file), shuffle, limit)
        if not asyncio.run(answers_at(address, wait)):
            raise Refused(
                f"受理端 {address} 无应答：请先执行 ./run up | nobody answers there: start ./run up first"
            )
    answers, outcome = asyncio.run(replay(lines, address, speed, clients, patience, console))
    show(console, lines, answers, outcome)
    if outcome.missing or outcome.incidents != len(answers.accepted):
        raise typer.Exit(NOT_ALL)


def lines_of(file: Path | None) -> list[Line]:
    """The file's, or our own. Raises `Refused`."""
    try:
        return read_lines(file) if file else demo_lines(uuid4())
    except OSError as error:
        raise Refused(str(error)) from error


async def answers_at(address: str, within: float) -> bool:
    """Whether anybody is there within so many seconds. Once they were, a door that goes away is waited for."""
    until = time.monotonic() + within
    async with httpx.AsyncClient(base_url=address, timeout=5) as client:
        while True:
            try:
                await client.get("/healthz")
                return True
            except httpx.TransportError:
                if time.monotonic() >= until:
                    return False
                await asyncio.sleep(AGAIN)


async def replay(
    lines: list[Line], address: str, speed: float, clients: int, patience: float, console: Console
) -> tuple[Answers, Outcome]:
    """Send all, then wait for all."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[yellow]{task.fields[trouble]}"),
    )
    limits = httpx.Limits(max_connections=clients + 8, max_keepalive_connections=clients + 8)
    async with httpx.AsyncClient(base_url=address, timeout=15, limits=limits) as client:
        with Progress(*columns, console=console) as progress:
            sending = progress.add_task("上报 sending", total=len(lines), trouble="")

            def told(trouble: str) -> None:
                progress.update(sending, advance=0 if trouble else 1, trouble=trouble)

            answers = await Sender(client, speed, told).send_all(lines, clients)
            becoming = progress.add_task("成案 incidents", total=len(answers.accepted), trouble="")
            outcome = await outcome_of(
                client, answers.accepted, patience, lambda n: progress.update(becoming, advance=n)
            )
    return answers, outcome


def show(console: Console, lines: list[Line], answers: Answers, outcome: Outcome) -> None:
    ids = len({line.id for line in lines})
    table = Table("汇总 summary", "数量", title="演示结果 demo", title_justify="left")
    table.columns[1].justify = "right"
    rows: list[tuple[str, object]] = [
        ("行 lines", len(lines)),
        ("编号 ids", ids),
        ("重复发送 sent twice", len(lines) - ids),
        ("已受理 accepted", len(answers.accepted)),
        ("被拒 refused", len(answers.refused)),
        ("重试 retries", answers.retries),
        ("事件 incidents", outcome.incidents),
        ("已派单 dispatched", outcome.dispatched),
        ("已并入 joined", outcome.joined),
        ("待派单 in the queue", outcome.queued),
        *((f"  {doubt}", times) for doubt, times in outcome.doubts.most_common()),
        ("自动派单率 auto share", f"{outcome.auto_share:.1%}"),
    ]
    for name, value in rows:
        table.add_row(name, str(value))
    console.print(table)
    name_some(console, "被拒 refused", answers.refused)
    name_some(console, "未成案 accepted, no incident", outcome.missing)


def name_some(console: Console, title: str, names: list[str]) -> None:
    if names:
        console.print(f"[red]{title}[/red]")
    for name in names[:NAMED]:
        console.print(f"  {name}", markup=False, highlight=False, soft_wrap=True)
    if len(names) > NAMED:
        console.print(f"  …… 共 {len(names)} 条 in all")
