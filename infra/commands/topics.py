"""`gridward topics`: the topics that should be there, as the broker has them, with the worker's lag."""

from typing import Annotated

import typer
from kafka.errors import KafkaError
from rich.console import Console
from rich.table import Column, Table

from gridward.bus import full_name
from gridward.settings import Settings
from infra.console import plain_console
from infra.stack.topics import TopicAdmin, TopicState
from infra.stack.trouble import Trouble

_DAY_MS = 86_400_000
PATIENCE_S = 5.0


def topics(
    create: Annotated[bool, typer.Option("--create", help="创建缺少的主题 create the missing ones")] = False,
) -> None:
    """主题一览 Topics with partitions, retention and the worker's lag; exits 1 when one is missing."""
    settings = Settings()
    console = plain_console()
    try:
        with TopicAdmin(settings.kafka, settings.topic_prefix, PATIENCE_S) as admin:
            absent = _show(console, admin, settings.topic_prefix, create)
    except KafkaError as error:
        raise Trouble(f"连不上 Kafka（{settings.kafka}）", f"Kafka does not answer: {error}") from None
    if absent:
        console.print(f"缺少主题 missing: {', '.join(absent)}（gridward topics --create）")
        raise typer.Exit(1)


def _show(console: Console, admin: TopicAdmin, prefix: str, create: bool) -> list[str]:
    """Print the table; gives back the names that are missing."""
    if create:
        for name in admin.create_missing():
            console.print(f"已创建 created {name}")
    console.print(_table(admin.states()))
    return [full_name(topic.name, prefix) for topic in admin.missing()]


def _table(states: list[TopicState]) -> Table:
    table = Table(
        Column("主题 topic", no_wrap=True),
        "内容 meaning",
        "分区 partitions",
        "保留 retention",
        "消息 messages",
        "积压 lag",
    )
    for state in states:
        lag = "–" if state.lag is None else str(state.lag)
        kept = _retention(state.retention_ms)
        table.add_row(state.name, state.meaning, str(state.partitions), kept, str(state.messages), lag)
    return table


def _retention(milliseconds: int) -> str:
    return "永久 for ever" if milliseconds < 0 else f"{milliseconds / _DAY_MS:g} 天 days"
