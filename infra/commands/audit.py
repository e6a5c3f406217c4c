"""`gridward audit`: proves that nothing was lost and nothing happened twice."""

import asyncio
import logging
from datetime import timedelta
from typing import Annotated

import orjson
import typer

from gridward.domain.errors import Unavailable
from gridward.settings import Settings
from infra.audit.run import audit as run_audit
from infra.audit.show import as_json, show
from infra.commands.findings_table import console_for
from infra.commands.outage import said

NOT_AS_PROMISED, UNUSABLE = 1, 2


def audit(
    grace: Annotated[
        float, typer.Option(min=0, help="在途容许秒数 seconds that something may be under way")
    ] = 60.0,
    json: Annotated[
        bool, typer.Option("--json", help="输出 JSON，列出全部编号 print JSON, naming all")
    ] = False,
) -> None:
    """守恒核对 Prove that every accepted report has its end; exits 1 and names ids when not so."""
    # A broker that is away is a finding, not twenty lines of a library's log.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    try:
        verdict = asyncio.run(run_audit(Settings(), timedelta(seconds=grace)))
    except Unavailable as outage:
        typer.echo(f"数据库不可达，无法核对 / the database cannot be reached: {said(outage)}", err=True)
        raise typer.Exit(UNUSABLE) from None
    if json:
        typer.echo(orjson.dumps(as_json(verdict), option=orjson.OPT_INDENT_2).decode())
    else:
        show(verdict, console_for())
    if not verdict.ok:
        raise typer.Exit(NOT_AS_PROMISED)
