"""`gridward worker`: what a person may tell a running worker."""

from typing import Annotated

import httpx
import typer

from gridward.settings import Settings

UNREACHABLE = 2

app = typer.Typer(help="工作进程 The worker", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keeps `resume` a command of its own: Typer would make a single one the whole program."""


@app.command("resume")
def resume(
    url: Annotated[str, typer.Option(help="工作进程地址 the worker's address")] = "",
) -> None:
    """恢复暂停的处理 Let agents that stopped after ten unexpected errors go on from where they stand."""
    settings = Settings()
    address = url or f"http://{settings.host}:{settings.worker_port}"
    try:
        answer = httpx.post(f"{address}/resume", timeout=10).raise_for_status()
        resumed: list[str] = answer.json()["resumed"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        typer.echo(f"工作进程不可达 / the worker cannot be reached at {address}: {error}", err=True)
        raise typer.Exit(UNREACHABLE) from None
    if resumed:
        typer.echo(f"已恢复 / resumed: {', '.join(resumed)}")
    else:
        typer.echo("没有暂停的处理 / nothing was paused")
