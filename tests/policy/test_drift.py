"""Whether what comes in has changed is measured by one index, and policy says how much of it is much."""

import pytest

from gridward.policy.drift import stability, verdict
from gridward.policy.word_rows import DriftRow

BEFORE, NOW = {"0501": 50, "0506": 50}, {"0501": 70, "0506": 30}


def test_what_stays_as_it_was_has_not_drifted() -> None:
    assert stability(BEFORE, {"0501": 5, "0506": 5}) == 0.0
    assert verdict(0.0, DriftRow()) == "steady"


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (DriftRow(), "some"),
        (DriftRow(some=0.2, great=0.3), "steady"),
        (DriftRow(some=0.05, great=0.1), "great"),
    ],
)
def test_policy_says_how_much_change_is_much(bounds: DriftRow, said: str) -> None:
    assert verdict(stability(BEFORE, NOW), bounds) == said
