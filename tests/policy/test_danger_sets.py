"""Of people in danger whom strangers to the word lists describe hardly any is missed, and not all alarms are false."""

import json
from pathlib import Path

import pytest

from gridward.policy.classify import classify
from gridward.policy.policy import Policy

SETS = Path(__file__).parent / "dangers"
RECALL, IN_VAIN = 0.95, 0.5  # of the urgent ones; of those that only sound like danger


@pytest.mark.parametrize("name", ["north", "south"])
def test_hardly_anybody_in_danger_is_missed(policy: Policy, name: str) -> None:
    rows = [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    found = classify([row["text"] for row in rows], policy)
    heard = [one.urgent for row, one in zip(rows, found, strict=True) if row["urgent"]]
    harmless = [one.urgent for row, one in zip(rows, found, strict=True) if not row["urgent"]]
    assert sum(heard) >= RECALL * len(heard)
    assert sum(harmless) <= IN_VAIN * len(harmless)


@pytest.mark.parametrize("name", ["north", "south"])
def test_who_is_in_danger_waits_at_the_desk_before_what_is_not(policy: Policy, name: str) -> None:
    rows = [json.loads(line) for line in (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    found = classify([row["text"] for row in rows], policy)
    grave = policy.unsure.urgent_severity
    waiting = [
        one for row, one in zip(rows, found, strict=True) if row["urgent"] and one.doubt and one.urgent
    ]
    assert waiting
    assert all(one.severity <= grave for one in waiting)
