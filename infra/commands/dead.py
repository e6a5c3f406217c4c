"""`gridward dead`: the messages that could never be handled; look at them, and send them again once they can."""

import logging
from typing import Annotated

import orjson
import typer
from rich.markup import escape
from rich.table import Table

from gridward.clock import SystemClock
from gridward.domain.personal import mask_text
from gridward.domain.rules import CHINA
from gridward.settings import Settings
from infra.commands.findings_table import console_for
from infra.commands.outage import one_clear_line
from infra.dead.letters import Letter, read_letters, text_of
from infra.dead.replay import Replayer
from infra.kafka_log import KafkaLog

NOT_FOUND = 1

app = typer.Typer(help="死信 Dead letters: list, show, replay", no_args_is_help=True)

Contains = Annotated[
    str, typer.Option("--reason-contains", help="只限原因含此文字的 only with this in the reason")
]


@app.command("list")
def list_letters(
    all: Annotated[bool, typer.Option("--all", help="含已重放的 the replayed ones, too")] = False,
    reason_contains: Contains = "",
    json: Annotated[bool, typer.Option("--json", help="输出 JSON print JSON")] = False,
) -> None:
    """列出死信 Dead letters that wait for somebody, with their reasons."""
    letters = [one for one in read() if (all or one.replayed_at is None) and reason_contains in one.reason]
    if json:
        typer.echo(orjson.dumps([as_json(letter) for letter in letters], option=orjson.OPT_INDENT_2))
        return
    console = console_for()
    console.print(table_of(letters))
    console.print(f"{len(letters)} 封死信 dead letters", highlight=False)


@app.command("show")
def show(key: Annotated[str, typer.Argument(help="主题:分区:位点 topic:partition:offset")]) -> None:
    """查看一封死信 One dead letter with its message; personal fields are ciphertext or masked."""
    letter = find(key, read())
    for name, value in as_json(letter).items():
        typer.echo(f"{name}: {value}")
    typer.echo(body_of(letter.value))


@app.command("replay")
def replay(
    key: Annotated[str, typer.Argument(help="主题:分区:位点；或 --all")] = "",
    all: Annotated[bool, typer.Option("--all", help="全部未重放的 all that are open")] = False,
    reason_contains: Contains = "",
) -> None:
    """重放死信 Send a dead letter again, or all of them; what fails again is listed again."""
    if bool(key) == all:
        raise typer.BadParameter("给出一个编号或 --all，二者取一 / name one key, or --all")
    letters = read()
    chosen = [find(key, letters)] if key else [one for one in letters if one.replayed_at is None]
    chosen = [letter for letter in chosen if reason_contains in letter.reason]
    settings = Settings()
    with one_clear_line(), Replayer(settings.kafka, settings.topic_prefix, SystemClock()) as replayer:
        replayer.replay(chosen)
    typer.echo(f"已重放 {len(chosen)} 封 / replayed")


def read() -> list[Letter]:
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    settings = Settings()
    with one_clear_line(), KafkaLog(settings.kafka) as log:
        return read_letters(log, settings.topic_prefix)


def find(key: str, letters: list[Letter]) -> Letter:
    for letter in letters:
        if letter.key == key:
            return letter
    typer.echo(f"没有这封死信 / there is no such dead letter: {key}", err=True)
    raise typer.Exit(NOT_FOUND)


def table_of(letters: list[Letter]) -> Table:
    table = Table("编号 key", "时间 time", "原因 reason", "内容 text", "重放 replayed")
    for letter in letters:
        again = f"\n重放后又失败 failed again after {letter.failed_before}" if letter.failed_before else ""
        table.add_row(
            letter.key,
            f"{letter.set_aside_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
            escape(mask_text(letter.reason).text + again),
            escape(letter.excerpt),
            f"{letter.replayed_at.astimezone(CHINA):%m-%d %H:%M}" if letter.replayed_at else "–",
        )
    return table


def as_json(letter: Letter) -> dict[str, str | None]:
    return {
        "key": letter.key,
        "set_aside_at": letter.set_aside_at.isoformat(),
        "reason": mask_text(letter.reason).text,
        "text": letter.excerpt,
        "failed_before": letter.failed_before,
        "replayed_at": letter.replayed_at.isoformat() if letter.replayed_at else None,
    }


def body_of(value: bytes) -> str:
    """The message as JSON when it is some, else as text; numbers of people masked either way."""
    try:
        whole = orjson.dumps(orjson.loads(value), option=orjson.OPT_INDENT_2).decode()
    except ValueError:
        return text_of(value)
    return mask_text(whole).text
