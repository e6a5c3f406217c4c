"""`gridward duplicates`: how well repeats are told from other matters, measured."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from gridward.domain.errors import Refused
from gridward.policy.load import BUNDLED, bundled_policy
from gridward.settings import Settings
from infra.commands.outage import one_clear_line
from infra.console import plain_console
from infra.duplicates.measure import (
    Figures,
    every_kind,
    figures,
    in_doubt_at_one_place,
    invented,
    judge,
    labelled,
    repeats,
)

app = typer.Typer(help="重复事项 Repeats: how well they are told from other matters", no_args_is_help=True)


@app.callback()
def duplicates() -> None:
    """重复事项 Reports that are about one matter."""


@app.command("measure")
def measure(
    folder: Annotated[Path, typer.Argument(help="策略目录 folder of the policy to measure")] = BUNDLED,
    shared_data: Annotated[
        Path | None, typer.Option(help="共享数据目录 folder of shared data, GRIDWARD_SHARED_DATA")
    ] = None,
) -> None:
    """在标注的成对上报上测量 Precision and recall on pairs labelled by hand, invented and real."""
    with one_clear_line():
        found = all_figures(folder, shared_data or Settings().shared_data)
    show(found)


def all_figures(folder: Path, shared_data: Path) -> list[Figures]:
    """Each set of pairs twice: by the policy as it is, and with every kind of matter allowed to join."""
    messages = shared_data / "text"
    if not (messages / "messages_unlabelled.jsonl").exists():
        raise Refused(f"{messages} 里没有 messages_unlabelled.jsonl，请用 --shared-data 指明 is not there")
    policy = bundled_policy(folder)
    rules = policy.bundle.same
    sample, exact = labelled(messages, policy, "sample"), repeats(messages, policy)
    sets = (
        ("自拟成对 invented", invented()),
        ("真实抽样 sample of messages", sample),
        ("全部并入 all that is joined", labelled(messages, policy, "joined")),
        ("原样重复 exact repeats", exact),
        ("类别存疑、同一地点 in doubt, at one place", in_doubt_at_one_place([*invented(), *sample, *exact])),
    )
    return [
        figures(f"{name}{suffix}", judge(pairs, chosen))
        for name, pairs in sets
        for suffix, chosen in (("", rules), ("，不限类别 every kind", every_kind(rules)))
    ]


def show(found: list[Figures]) -> None:
    table = Table("成对 pairs", "数", "同事 same", "并入", "准确率", "召回率", "提示", "准确率", "召回率")
    for one in found:
        table.add_row(
            one.name,
            str(one.pairs),
            str(one.same),
            str(one.joined),
            share(one.precision),
            share(one.recall),
            str(one.likely),
            share(one.likely_precision),
            share(one.likely_recall),
        )
    plain_console(width=140).print(table)


def share(value: float | None) -> str:
    return "—" if value is None else f"{value:.1%}"
