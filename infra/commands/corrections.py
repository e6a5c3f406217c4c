"""`gridward corrections`: what the desk made of the machine's guesses, as labelled texts to train with."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import asyncpg
import typer

from gridward.clock import SystemClock
from gridward.domain.errors import Refused
from gridward.settings import Settings
from gridward.store.connect import passing_errors
from gridward.store.corrections import Correction
from gridward.store.corrections import corrections as read
from infra.commands.outage import one_clear_line
from infra.console import plain_console


def corrections(
    out: Annotated[
        Path, typer.Option("--out", help="输出 JSON 行，可交给 train --more where they go, for train --more")
    ],
    days: Annotated[int, typer.Option(help="最近多少天 how many days back", min=1)] = 365,
) -> None:
    """导出人工更正 Write each category that a person gave, with who and when, as examples to train with.

    内容受保护的不导出 Sensitive texts are left out.
    """
    with one_clear_line():
        found = asyncio.run(_read(days))
        written, kept_back = write_examples(found, out)
    plain_console().print(f"{written} → {out}", highlight=False)
    if kept_back:
        plain_console().print(
            f"另有 {kept_back} 件内容受保护，不导出 | {kept_back} more are sensitive and stay where they are",
            highlight=False,
        )


def write_examples(found: Sequence[Correction], out: Path) -> tuple[int, int]:
    """How many were written, and how many kept back because only their handling chain may read them.

    The last word on an incident counts. Urgency is left open: people do not say it apart, and a model must not learn
    from what the machine found. Raises `Refused` when the file cannot be written.
    """
    last = {one.incident_id: one for one in found}
    open_ones = [one for one in last.values() if not one.sensitive]
    lines = [
        json.dumps(
            {
                "id": one.incident_id,
                "text": one.text,
                "code": one.category,
                "alt": None,
                "sev": one.severity,
                "urgent": None,
                "origin": "corrections",
                "guessed": one.guessed,
                "by": one.by,
                "at": one.at.isoformat(),
            },
            ensure_ascii=False,
        )
        for one in open_ones
    ]
    try:
        out.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise Refused(f"{out}: 无法写入, cannot be written: {error.strerror}") from error
    return len(open_ones), len(last) - len(open_ones)


async def _read(days: int) -> Sequence[Correction]:
    with passing_errors():
        pool = await asyncpg.create_pool(Settings().database_url, min_size=1, max_size=1, timeout=5)
    try:
        return await read(pool, SystemClock().now() - timedelta(days=days))
    finally:
        await pool.close()
