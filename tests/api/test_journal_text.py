"""Lines of the journal as sentences: what a person must read is in them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from api.journal_text import sentence
from api.names import Names
from api.terms import glossary
from api.views import entry_view, event_view
from gridward.domain.events import ReportConflicted

NOBODY = Names()


def test_a_pause_says_what_became_of_an_extension_that_was_asked_for() -> None:
    fields = {"until": "2026-03-12T12:00:00+08:00", "reason": "等法院"}
    assert sentence("suspension_granted", fields, NOBODY) == "同意挂账至 2026-03-12：等法院"
    lapsed = sentence("suspension_granted", {**fields, "extension_lapsed": True}, NOBODY)
    assert lapsed == "同意挂账至 2026-03-12，未答复的延期申请作废（恢复办理后可再申请）：等法院"


def test_a_granted_extension_says_how_much_was_given() -> None:
    whole = {"extended_by": "3 CD", "reason": "下雨"}
    assert sentence("extension_granted", whole, NOBODY) == "同意延期 3 天：下雨"
    capped = {"extended_by": "1.6666666666666667 CD"}
    assert sentence("extension_granted", capped, NOBODY) == "同意延期 1.7 天"
    assert sentence("extension_granted", {}, NOBODY) == "同意延期"


@pytest.mark.parametrize(
    ("kind", "fields", "english"),
    [
        ("accepted", {}, "Accepted"),
        (
            "queued",
            {"doubts": ["no_unit", "no_grid"]},
            "To the dispatch desk, for a person to decide: No unit, In no grid",
        ),
        ("dispatched", {"unit": "u1", "joint": ["u2"]}, "Dispatched to u1, jointly with u2"),
        (
            "deadline_passed",
            {"kind": "accept", "light": "amber", "told": "centre"},
            "Accept limit: amber light, centre told",
        ),
        (
            "deadline_passed",
            {"kind": "finish", "told": "unit_desk"},
            "Finish limit: reminder, unit's desk told",
        ),
        ("extension_granted", {"extended_by": "1.66667 CD"}, "Extension granted 1.7 d"),
        (
            "raised",
            {"nth": 3, "from_severity": 3, "to_severity": 2},
            "Raised (a repeat matter, report no. 3): severity 3 to 2",
        ),
        (
            "raised",
            {"nth": 3, "from_class": "C", "to_class": "C", "from_finish": "5 WD", "to_finish": "1 EH"},
            "Raised (a repeat matter, report no. 3): time to finish 5 working d to 1 h",
        ),
        (
            "raised",
            {"nth": 3, "from_class": "C", "to_class": "C", "told": "centre"},
            "Raised (a repeat matter, report no. 3), centre told",
        ),
        (
            "raised",
            {"cause": "graver", "words": "动刀了", "from_severity": 3, "to_severity": 1},
            "Raised (a later report is graver: “动刀了”): severity 3 to 1",
        ),
        (
            "child_joined",
            {"same_caller": True},
            "The same person reported it again, merged into this one, with nothing new",
        ),
    ],
)
def test_an_entry_reads_in_english_too(kind: str, fields: dict[str, Any], english: str) -> None:
    assert sentence(kind, fields, NOBODY, "en") == english


FULL: dict[str, Any] = {
    "unit": "u1",
    "joint": ["u2"],
    "designated": True,
    "suggested_unit": "u9",
    "outcome": "solved",
    "line": "110",
    "answered_by": "Li",
    "days": 1.5,
    "extended_by": "1 CD",
    "until": "2026-03-12",
    "extension_lapsed": True,
    "source": "hotline",
    "occurred_at": "2026-03-02T04:05:00+00:00",
    "lon": 119.5,
    "lat": 28.1,
    "level": "town",
    "same_caller": True,
    "raised": True,
    "returning": True,
    "nth": 3,
    "told": "centre",
    "cause": "graver",
    "from_class": "C",
    "to_class": "A",
    "from_finish": "5 WD",
    "to_finish": "1 EH",
    "from_rules": 1,
    "to_rules": 2,
    "finish_from": "2026-03-03T12:00:00+08:00",
    "finish_to": "2026-03-11T04:00:00+00:00",
    "kind": "accept",
    "light": "red",
    "doubts": ["no_unit"],
}


@pytest.mark.parametrize("fields", [{}, FULL], ids=["bare", "full"])
@pytest.mark.parametrize("kind", glossary()["journal"])
def test_no_chinese_word_stands_in_an_english_entry(kind: str, fields: dict[str, Any]) -> None:
    """Names and what people typed are as they are; here there are none."""
    made = sentence(kind, {"until": "2026-03-12", **fields}, NOBODY, "en")
    assert made.isascii(), made


def test_a_dispatch_says_which_rules_hold_from_now_and_how_the_limit_moved() -> None:
    fields = {"unit": "派出所", "note": "核实过", "from_rules": 1, "to_rules": 2}
    text = "派给派出所，改按策略第 2 版计时（原第 1 版）"
    assert sentence("dispatched", fields, NOBODY) == f"{text}：核实过"
    ends = {"finish_from": "2026-03-03T12:00:00+08:00", "finish_to": "2026-03-11T04:00:00+00:00"}
    moved = sentence("dispatched", {**fields, **ends}, NOBODY)
    assert moved == f"{text}，办结时限由 2026-03-03 12:00 改为 2026-03-11 12:00：核实过"
    assert sentence("dispatched", {"unit": "派出所"}, NOBODY) == "派给派出所"


def conflict(**fields: object) -> dict[str, Any]:
    """An entry as it comes from the bus or the database."""
    event = ReportConflicted(
        "r1",
        "ab12",
        "有人躺在地上",
        "东街 3 号",
        119.5,
        28.1,
        "hotline",
        datetime(2026, 3, 2, 4, 5, tzinfo=UTC),
    )
    return {
        "no": 3,
        "type": "report_conflicted",
        "at": None,
        "received_at": None,
        "actor": {},
        "event": json.loads(orjson.dumps(replace(event, **fields))),  # type: ignore[arg-type]
        "data": {},
    }


def live(incident: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """The entry as a reader of the live stream gets it."""
    summary = {"status": "queued", "category": None, "grid": None, "unit": None, "doubts": [], "tasks": []}
    message = {"incident": {**summary, **incident}, "entries": [entry], "report_id": "r1"}
    shown: dict[str, Any] = event_view(message, NOBODY, ())["entries"][0]
    return shown


def test_a_conflict_shows_all_that_came_the_second_time() -> None:
    line = entry_view(conflict(), NOBODY, ())
    assert line["text_zh"] == (
        "同一编号再次上报，内容不一致"
        "（来源 12345 热线，发生于 2026-03-02 12:05，地址 东街 3 号，位置 119.500000, 28.100000）：有人躺在地上"
    )
    assert line["data"]["text"] == "有人躺在地上"


def test_a_conflict_from_before_its_body_was_kept_is_the_bare_fact() -> None:
    bare = {"report_id": "r1", "body_hash": "ab12"}
    assert sentence("report_conflicted", bare, NOBODY) == "同一编号再次上报，内容不一致"


@pytest.mark.parametrize(("incident", "other"), [(True, False), (False, True)])
def test_the_other_body_is_hidden_on_the_stream_when_either_matter_is_sensitive(
    incident: bool, other: bool
) -> None:
    shown = live({"sensitive": incident}, conflict(sensitive=other))
    assert not {"text", "address"} & shown["data"].keys()
    assert "躺" not in shown["text_zh"]
    assert "东街" not in shown["text_zh"]
    assert live({"sensitive": False}, conflict())["data"]["text"] == "有人躺在地上"


@pytest.mark.parametrize(("hidden", "said"), [((), "：“动刀了”"), (("other",), "")])
def test_no_word_of_a_hidden_report_stands_in_the_sentence_of_what_it_raised(
    hidden: tuple[str, ...], said: str
) -> None:
    raised = {"cause": "graver", "by": "other", "words": "动刀了"}
    steps = {"from_severity": 3, "to_severity": 1}
    line = entry_view({**conflict(), "type": "raised", "event": raised, "data": steps}, NOBODY, hidden)
    assert line["text_zh"] == f"升级（后来的上报更严重{said}）：严重程度 3 升为 1"
    assert ("动刀了" in str(line)) is (not hidden)


def test_words_of_the_report_that_raised_a_sensitive_matter_are_hidden_on_the_stream() -> None:
    raised = {**conflict(), "type": "raised", "event": {"cause": "graver", "by": None, "words": "动刀了"}}
    assert "动刀" not in str(live({"sensitive": True}, raised))
    assert "动刀" in live({"sensitive": False}, raised)["text_zh"]
