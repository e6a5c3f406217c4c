"""`gridward train`: learns the model of triage anew; `gridward quality`: says how good it is, without replacing it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from gridward.clock import SystemClock
from gridward.policy.files import BUNDLED, load_bundle
from gridward.policy.load import compile_policy
from gridward.policy.model import SHIPPED, Model, write
from gridward.policy.policy import Policy
from gridward.settings import Settings
from infra.commands.outage import one_clear_line
from infra.console import plain_console

WIDTH = (
    140  # columns of the tables: in a narrow window, or written to a file, their lines run on and stay whole
)

Texts = Annotated[
    Path | None, typer.Option(help="共享文本目录 folder of the shared texts, GRIDWARD_SHARED_DATA/text")
]
More = Annotated[
    list[Path] | None, typer.Option(help="更多标注文件 more labelled files, one JSON object a line")
]
Words = Annotated[Path, typer.Option(help="策略目录 folder of the policy whose words speak beside the model")]


def train(
    texts: Texts = None,
    more: More = None,
    policy: Words = BUNDLED,
    out: Annotated[Path, typer.Option(help="模型文件 where the model goes")] = SHIPPED,
) -> None:
    """训练分类模型 Learn the model from labelled reports, and print how good it is on texts held out."""
    _learn(texts, more, policy, out)


def quality(texts: Texts = None, more: More = None, policy: Words = BUNDLED) -> None:
    """分类质量 How good triage is, by cross-validation and for a fixed split; nothing is replaced."""
    _learn(texts, more, policy, None)


def _learn(texts: Path | None, more: list[Path] | None, folder: Path, out: Path | None) -> None:
    # Libraries of half a second each, for these commands only.
    from infra.training.examples import as_today
    from infra.training.ground import gather, tells_how_sure, tells_urgency
    from infra.training.show import as_data, show
    from infra.training.train import train as learn

    console = plain_console(width=max(plain_console().width, WIDTH))
    with one_clear_line():
        material = gather(texts or Settings().shared_data / "text", more or ())
        bundle = load_bundle(folder)

        def policy_with(model: Model) -> Policy:
            return compile_policy(bundle, 0, model)

        examples, left_out = as_today(material.examples, bundle.categories)
        if left_out:
            console.print(said_of(left_out), highlight=False)
        trained = learn(
            examples,
            material.unlabelled,
            policy_with,
            SystemClock().now().date(),
            say=lambda line: console.print(line, style="dim", highlight=False),
            calibrated_by=tells_how_sure,
            alarmed_by=tells_urgency,
        )
        policy = policy_with(trained.model)
        show(console, examples, trained.held_out, policy)
        if out is not None:
            about = dict(trained.model.about) | {"quality": as_data(examples, trained.held_out, policy)}
            write(_with(trained.model, about), out)
            console.print(f"→ {out} ({out.stat().st_size / 1e6:.1f} MB)", highlight=False)


def said_of(left_out: Mapping[str, int]) -> str:
    """What is not learnt from, by code, so that whoever sorted it can sort it anew."""
    codes = ", ".join(f"{code} {count}" for code, count in sorted(left_out.items()))
    return (
        f"类别已拆分、停用或不存在，{sum(left_out.values())} 条不用于训练，请改用现行类别 | "
        f"{sum(left_out.values())} are left out, their category was split or retired or is none: {codes}"
    )


def _with(model: Model, about: dict[str, object]) -> Model:
    return replace(model, about=about)
