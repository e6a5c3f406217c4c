"""Whether what comes in now is like what came in before: a model is only as good as the world stays."""

from collections.abc import Mapping
from math import log

from gridward.policy.word_rows import DriftRow

_LEAST = 1e-3  # a share; nothing is compared with a category that never came


def stability(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index of two distributions, given as counts; 0 when either is empty."""
    all_before, all_now = sum(before.values()), sum(now.values())
    if not all_before or not all_now:
        return 0.0
    shares = (
        (max(before.get(key, 0) / all_before, _LEAST), max(now.get(key, 0) / all_now, _LEAST))
        for key in before.keys() | now.keys()
    )
    return sum((new - old) * log(new / old) for old, new in shares)


def verdict(index: float, bounds: DriftRow) -> str:
    """steady, some or great."""
    return "steady" if index < bounds.some else "some" if index < bounds.great else "great"
