"""How good the answers are, for one set of examples: what `gridward quality` prints and docs/triage.md quotes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridward.policy.classify import Classification
from infra.training.examples import Example

Bools = NDArray[np.bool_]
RIGHT_ENOUGH = 0.95  # of what is dispatched without a person


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares between 0 and 1 of `n` examples; NaN where there was nothing to measure."""

    n: int
    top1: float  # a second category that a reader gave counts as right
    top3: float
    first_level: float
    macro_top1: float  # the mean over categories, so that a rare one counts like a common one
    severity_within_one: float
    urgent_recall: float
    urgent_precision: float
    calibration_error: float
    dispatched: float  # without a person, by the threshold of the policy
    dispatched_right: float
    at_95: float  # that could be dispatched, were the threshold set for 95 % right on this very set
    unit_right: float  # of those dispatched: the right unit, be it for a neighbouring category


def measure(
    examples: Sequence[Example], found: Sequence[Classification], units: Mapping[str, str]
) -> Quality:
    """`units`: category -> the kind of unit that leads."""
    right = np.array([_is_right(one, it.code) for one, it in zip(examples, found, strict=True)])
    among = np.array(
        [
            any(_is_right(one, code) for code, _, _ in it.alternatives[:3])
            for one, it in zip(examples, found, strict=True)
        ]
    )
    sent = np.array([it.doubt is None for it in found])
    sure = np.array([it.confidence for it in found])
    told = np.array([it.urgent for one, it in zip(examples, found, strict=True) if one.urgent is not None])
    true = np.array([one.urgent for one in examples if one.urgent is not None])
    unit = np.array([_right_unit(one, it.code, units) for one, it in zip(examples, found, strict=True)])
    return Quality(
        len(examples),
        _mean(right),
        _mean(among),
        _mean(np.array([_same_group(one, it.code) for one, it in zip(examples, found, strict=True)])),
        _macro(examples, right),
        _mean(
            np.array([abs(one.severity - it.severity) <= 1 for one, it in zip(examples, found, strict=True)])
        ),
        _mean(told[true]) if len(told) else float("nan"),
        _mean(true[told]) if len(told) else float("nan"),
        calibration_error(sure, right),
        _mean(sent),
        _mean(right[sent]),
        share_at(sure, right, RIGHT_ENOUGH),
        _mean(unit[sent]),
    )


def share_at(sure: NDArray[np.float64], right: Bools, enough: float) -> float:
    """The largest share of answers, the surest first, of which `enough` are right."""
    so_far = np.cumsum(right[np.argsort(-sure, kind="stable")]) / np.arange(1, len(right) + 1)
    good = np.flatnonzero(so_far >= enough)
    return float((good[-1] + 1) / len(right)) if len(good) else 0.0


def calibration_error(sure: NDArray[np.float64], right: Bools, parts: int = 10) -> float:
    """Expected calibration error: how far the stated surety lies from the share of right answers, on average."""
    part = np.minimum((sure * parts).astype(int), parts - 1)
    gaps = [
        abs(sure[part == n].mean() - right[part == n].mean()) * (part == n).mean()
        for n in range(parts)
        if (part == n).any()
    ]
    return float(sum(gaps))


def _is_right(one: Example, code: str | None) -> bool:
    return code is not None and code in (one.code, one.also)


def _same_group(one: Example, code: str | None) -> bool:
    return code is not None and code[:2] in (one.code[:2], (one.also or "")[:2])


def _right_unit(one: Example, code: str | None, units: Mapping[str, str]) -> bool:
    return code is not None and units[code] in (units.get(one.code), units.get(one.also or ""))


def _macro(examples: Sequence[Example], right: Bools) -> float:
    codes = np.array([one.code for one in examples])
    return _mean(np.array([right[codes == code].mean() for code in np.unique(codes)]))


def _mean(values: NDArray[Any]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
