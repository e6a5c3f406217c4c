"""What a command says when it cannot go on: one clear line, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from gridward.domain.errors import Refused, Unavailable
from gridward.settings import Settings
from infra.console import say_aside

UNUSABLE = 2  # exit code

START = "请先执行 ./run up，或检查 GRIDWARD_DATABASE_URL 与 GRIDWARD_KAFKA"
START_EN = "start ./run up first, or look at GRIDWARD_DATABASE_URL and GRIDWARD_KAFKA"


def said(error: Refused | Unavailable) -> str:
    """An outage, with where it was looked for and the way out of it; a refusal as it is."""
    if isinstance(error, Refused):
        return str(error)
    where = Settings()
    database = where.database_url.rpartition("@")[2]
    return f"{error}（{database}，{where.kafka}）。{START} | {START_EN}"


@contextmanager
def one_clear_line() -> Iterator[None]:
    """What stops the command is said in one line, without a traceback."""
    try:
        yield
    except (Refused, Unavailable) as error:
        say_aside(f"错误 error: {said(error)}")
        raise typer.Exit(UNUSABLE) from None
