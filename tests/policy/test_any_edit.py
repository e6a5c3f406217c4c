"""Whatever a county edits: written out and read back it is the same policy, and every edit is told."""

import json
import tempfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from gridward.policy.check import problems, slips
from gridward.policy.diff import differences
from gridward.policy.export import files_of
from gridward.policy.files import fingerprint
from gridward.policy.schema import PolicyBundle
from infra.commands.policy_source import read_source

Data = dict[str, Any]
Edit = Callable[[Data], None]

TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
ODD = st.sampled_from(
    ["no", "0501", "22:00", "1e3", "~", "4 WH", "a: b", " x ", "“引号”", "甲\n乙", "=1", "- x"]
)
WORDS = st.one_of(TEXT, ODD)
LIMITS = st.sampled_from(["10 MIN", "2 EH", "4 WH", "1 WD", "3 CD"])


def row_edit(
    table: Callable[[Data], list[Data]], field: str, values: st.SearchStrategy[Any]
) -> st.SearchStrategy[Edit]:
    """One field of one row of a table."""

    def make(pair: tuple[int, Any]) -> Edit:
        number, value = pair

        def edit(data: Data) -> None:
            rows = table(data)
            rows[number % len(rows)][field] = value

        return edit

    return st.tuples(st.integers(0, 500), values).map(make)


def person_edit(value: str) -> Edit:
    def edit(data: Data) -> None:
        data["units"]["units"][0]["duty"]["name"] = value

    return edit


def word_edit(value: str) -> Edit:
    return lambda data: data["words"]["categories"]["0501"].setdefault("3", []).append(value)


def rule_edit(rule: Data) -> Edit:
    return lambda data: data["responsibility"]["rules"].append(rule)


def dropped_rule(number: int) -> Edit:
    def edit(data: Data) -> None:
        rules = data["responsibility"]["rules"]
        del rules[number % len(rules)]

    return edit


def share_edit(value: float) -> Edit:
    return lambda data: data["limits"].update(rework_share=value)


def new_rule() -> st.SearchStrategy[Data]:
    return st.fixed_dictionaries(
        {
            "category": st.sampled_from(["0501", "05", "0102"]),
            "lead": st.sampled_from(["派出所", "司法所", "环卫所"]),
        },
        optional={
            "area": st.sampled_from(["990101", "990101101"]),
            "severity": st.integers(1, 4),
            "from": st.dates().map(str),
            "joint": st.lists(st.sampled_from(["派出所", "司法所"]), max_size=2),
            "limit_class": st.sampled_from(["A", "T"]),
        },
    )


EDITS = st.one_of(
    row_edit(lambda data: data["categories"]["categories"], "name", WORDS),
    row_edit(lambda data: data["categories"]["categories"], "note", WORDS),
    row_edit(lambda data: data["categories"]["categories"], "severity", st.integers(1, 4)),
    row_edit(lambda data: data["categories"]["categories"], "sensitive", st.booleans()),
    row_edit(lambda data: data["categories"]["categories"], "finish_limit", LIMITS),
    row_edit(lambda data: data["categories"]["categories"], "emergency_lines", st.lists(WORDS, max_size=3)),
    row_edit(lambda data: data["units"]["units"], "name", WORDS),
    row_edit(lambda data: data["responsibility"]["rules"], "severity", st.integers(1, 4)),
    WORDS.map(person_edit),
    WORDS.map(word_edit),
    new_rule().map(rule_edit),
    st.integers(0, 500).map(dropped_rule),
    st.floats(0.01, 1).map(share_edit),
)


@pytest.fixture(scope="module")
def base(bundle: PolicyBundle) -> Data:
    return bundle.model_dump(mode="json", by_alias=True)


def edited(base: Data, edits: list[Edit]) -> PolicyBundle | None:
    data = deepcopy(base)
    for edit in edits:
        edit(data)
    try:
        return PolicyBundle.model_validate_json(json.dumps(data))
    except ValidationError:
        return None


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_any_edit_comes_back_and_is_told(bundle: PolicyBundle, base: Data, edits: list[Edit]) -> None:
    changed = edited(base, edits)
    assume(changed is not None)
    assert changed is not None
    assume(not problems(changed) and not slips(changed))
    told, back = differences(bundle, changed), differences(changed, bundle)
    assert bool(told) == bool(back) == (fingerprint(changed) != fingerprint(bundle))
    with tempfile.TemporaryDirectory() as place:
        for name, text in files_of(changed).items():
            (Path(place) / name).write_text(text, "utf-8", newline="")
        again = read_source(Path(place)).bundle
    assert again == changed
    assert fingerprint(again) == fingerprint(changed)
    assert differences(changed, again) == []
