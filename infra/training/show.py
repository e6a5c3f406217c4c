"""Tables of quality: by set of texts, for the fixed split, by first-level category, and share against rightness."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import numpy as np
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Column, Table

from gridward.policy.classify import Classification
from gridward.policy.policy import Policy
from infra.training.examples import Example
from infra.training.folds import folds_of
from infra.training.held_out import PARTS
from infra.training.measure import Quality, measure

FIELDS = {
    "n": "n",
    "top1": "top-1",
    "top3": "top-3",
    "first_level": "一级 level 1",
    "macro_top1": "macro top-1",
    "severity_within_one": "级别 ±1",
    "urgent_recall": "急 recall",
    "urgent_precision": "急 precision",
    "calibration_error": "校准 ECE",
    "dispatched": "直派 sent",
    "dispatched_right": "正确 right",
    "unit_right": "单位 unit",
    "at_95": "at 95 %",
}
FIXED = 0  # the part of the cross-validation that is the fixed split

Pairs = list[tuple[Example, Classification]]


def show(
    console: Console, examples: Sequence[Example], found: Sequence[Classification], policy: Policy
) -> None:
    """Print every table. A model that had learnt from a text, or from a near-duplicate, never answered for it."""
    pairs = list(zip(examples, found, strict=True))
    units = units_of(policy)
    console.print(_table("交叉验证 cross-validation, by set", by_set(pairs), units))
    fold = folds_of([one.text for one in examples], PARTS)
    fixed = [pair for pair, part in zip(pairs, fold.tolist(), strict=True) if part == FIXED]
    console.print(_table("固定划分 fixed split, by set", by_set(fixed), units))
    console.print(_table("一级类别 by first-level category", by_group(pairs, policy), units))
    console.print(_curve(pairs, units))


def as_data(
    examples: Sequence[Example], found: Sequence[Classification], policy: Policy
) -> dict[str, dict[str, float]]:
    """The figures by set, for the model card."""
    units = units_of(policy)
    return {
        name: {key: round(value, 4) for key, value in asdict(_quality(pairs, units)).items()}
        for name, pairs in by_set(list(zip(examples, found, strict=True)))
    }


def units_of(policy: Policy) -> dict[str, str]:
    """Category -> the kind of unit that leads where no special grid or area says otherwise."""
    plain = [rule for rule in policy.responsibility.rules if not rule.area and not rule.special]
    return {
        code: next(rule.lead for rule in plain if code.startswith(rule.category))
        for code in policy.categories
    }


def by_set(pairs: Pairs) -> list[tuple[str, Pairs]]:
    """All complaints and all short reports, then each set of its own."""
    long = {"gold_dev", "messages"}
    sets = [
        ("complaints", [pair for pair in pairs if pair[0].origin in long]),
        ("short reports", [pair for pair in pairs if pair[0].origin not in long]),
        *((name, [pair for pair in pairs if pair[0].origin == name]) for name in _origins(pairs)),
    ]
    return [(name, some) for name, some in sets if some]


def by_group(pairs: Pairs, policy: Policy) -> list[tuple[str, Pairs]]:
    return [
        (f"{group} {name}", some)
        for group, name in policy.groups.items()
        if (some := [pair for pair in pairs if pair[0].code.startswith(group)])
    ]


def _origins(pairs: Pairs) -> list[str]:
    return sorted({one.origin for one, _ in pairs})


def _quality(pairs: Pairs, units: dict[str, str]) -> Quality:
    return measure([one for one, _ in pairs], [it for _, it in pairs], units)


def _table(title: str, sets: Sequence[tuple[str, Pairs]], units: dict[str, str]) -> Table:
    table = Table(
        Column("set", no_wrap=True), *FIELDS.values(), title=title, box=SIMPLE, padding=(0, 1, 0, 0)
    )
    for name, pairs in sets:
        values = asdict(_quality(pairs, units))
        table.add_row(name, *(_said(values[key]) for key in FIELDS))
    return table


def _curve(pairs: Pairs, units: dict[str, str]) -> Table:
    """What each threshold would send without a person, and how much of that rightly."""
    table = Table(
        "threshold", "set", "dispatched", "category right", "unit right", title="阈值曲线 the curve"
    )
    for name, some in by_set(pairs)[:2]:
        for row in _points(some, units):
            table.add_row(row[0], name, *row[1:])
    return table


def _points(pairs: Pairs, units: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for threshold in np.arange(0.5, 0.99, 0.05):
        sent = [pair for pair in pairs if pair[1].confidence >= threshold]
        if sent:
            right = np.mean([it.code in (one.code, one.also) for one, it in sent])
            unit = np.mean(
                [units.get(it.code or "") in (units[one.code], units.get(one.also or "")) for one, it in sent]
            )
            yield f"{threshold:.2f}", _said(len(sent) / len(pairs)), _said(float(right)), _said(float(unit))


def _said(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.3f}"
