"""Which other incidents a view names, and what is left of it without those."""

import asyncio
from dataclasses import fields
from typing import Any, get_args
from uuid import uuid4

import pytest

from api.withheld import NAMED, fields_without, reading_of, summary_without, withheld
from gridward.domain import events as e
from gridward.domain.errors import Unavailable
from gridward.wire import event_name

LIKELY, INTO, GRAVER, CHILD, ELSEWHERE = (str(uuid4()) for _ in range(5))
UNIT, DESK = "99010110130001", "desk"
NAMES_ANOTHER = {"into", "child", "earlier", "later", "by"}


def a_summary() -> dict[str, Any]:
    return {
        "sensitive": False,
        "likely_repeats": [LIKELY],
        "merged_into": INTO,
        "graver": {"by": GRAVER, "words": "动刀"},
        "tasks": [
            {"unit": UNIT, "asked": ""},
            {"unit": DESK, "asked": "2.5"},
            {"unit": DESK, "asked": GRAVER},
        ],
    }


def an_entry(type_: str, **event: Any) -> dict[str, Any]:
    return {"type": type_, "event": event}


def test_every_place_that_names_another_incident_is_known() -> None:
    journal = [an_entry("child_joined", child=CHILD), an_entry("progressed", text="已致电")]
    reading = reading_of(a_summary(), journal, [ELSEWHERE])
    assert reading.names == {LIKELY, INTO, GRAVER, CHILD, ELSEWHERE}
    assert reading.units == {UNIT, DESK}


def test_so_is_every_event_that_names_one() -> None:
    naming = {
        event_name(kind): field.name
        for kind in get_args(e.Event)
        for field in fields(kind)
        if field.name in NAMES_ANOTHER
    }
    assert naming == NAMED


def test_a_summary_names_all_but_what_is_hidden() -> None:
    shown = summary_without(a_summary(), {LIKELY, GRAVER})
    assert (shown["likely_repeats"], shown["merged_into"]) == ([], INTO)
    assert [task["asked"] for task in shown["tasks"]] == ["", "2.5", None]
    assert shown["graver"] is None, "its words are those of the hidden report"
    assert summary_without(a_summary(), ()) == a_summary()


@pytest.mark.parametrize(
    ("type_", "event", "left"),
    [
        ("merged", {"into": CHILD}, {"into": None}),
        ("linked", {"earlier": [INTO, CHILD], "nth": 3}, {"earlier": [INTO], "nth": 3}),
        ("raised", {"by": INTO, "words": "动刀"}, {"by": INTO, "words": "动刀"}),
        ("raised", {"by": CHILD, "words": "动刀"}, {"by": None, "words": ""}),
        ("progressed", {"text": CHILD}, {"text": CHILD}),
    ],
)
def test_so_does_an_entry(type_: str, event: dict[str, Any], left: dict[str, Any]) -> None:
    assert fields_without(type_, event, {CHILD}) == left


class Away:
    """A database that fails, or keeps everybody waiting."""

    def __init__(self, *, is_slow: bool) -> None:
        self.is_slow = is_slow

    async def fetch(self, *_: object) -> list[Any]:
        if self.is_slow:
            await asyncio.sleep(60)
        raise Unavailable("away")


@pytest.mark.parametrize("is_slow", [False, True])
async def test_nothing_is_named_while_nobody_can_say_who_may_know(
    monkeypatch: pytest.MonkeyPatch, *, is_slow: bool
) -> None:
    monkeypatch.setattr("api.withheld.LOOK_WITHIN", 0.05)
    reading = reading_of(a_summary())
    assert await withheld([reading], Away(is_slow=is_slow)) == [reading.names]  # type: ignore[arg-type]


async def test_what_names_no_other_asks_nobody() -> None:
    bare = {"sensitive": False, "tasks": []}
    assert await withheld([reading_of(bare)], None) == [frozenset()]  # type: ignore[arg-type]
