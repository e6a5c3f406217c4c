"""What the door lets in, what it puts right, and what it refuses, field by field. No server is needed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from api.body import MAX_DEPTH, parse_json
from api.errors import field_errors
from api.intake import Door
from api.models.report import Report
from api.problems import Problem
from api.routes.reports import wait_of
from gridward.crypto import KeyRing
from gridward.policy.load import bundled_policy
from gridward.reports import Report as Travelling
from gridward.reports import from_bytes, to_bytes
from gridward.testing import ManualClock
from tests.api.system import a_report

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
INTAKE = bundled_policy().intake


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(NOW, INTAKE, KeyRing(tmp_path, ManualClock(NOW)))


def admit(door: Door, **fields: Any) -> Travelling:
    sent = json.dumps(a_report(**fields)).encode()
    return door.admit(Report.model_validate(parse_json(sent)), b"hash")


def faults(door: Door, body: Any) -> dict[str, str]:
    """Field -> reason in Chinese."""
    try:
        door.admit(Report.model_validate(body), b"hash")
    except ValidationError as error:
        found = field_errors(RequestValidationError(error.errors()))
    except Problem as problem:
        found = list(problem.errors)
    else:
        return {}
    return {one.field: one.reason for one in found}


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"id": "7"}, "id", "UUID"),
        ({"id": 7}, "id", "UUID"),
        ({"text": 7}, "text", "文字"),
        ({"text": ""}, "text", "没有内容"),
        ({"text": " \n\t "}, "text", "没有内容"),
        ({"text": "\u202e\u200f"}, "text", "没有内容"),
        ({"text": "长" * 5001}, "text", "最多 5000 个"),
        ({"text": "长" * 20_000}, "text", "有 20000 个字符"),
        ({"text": "好\x00坏"}, "text", "第 2 个字符是不允许的控制字符 U+0000"),
        ({"text": "\x1b[31m红"}, "text", "第 1 个字符是不允许的控制字符 U+001B"),
        ({"text": "a\x85b"}, "text", "U+0085"),
        ({"address": "a\x07"}, "address", "U+0007"),
        ({"source": "rumour"}, "source", "只能是"),
        ({"lon": 400}, "lon", "不能大于 180"),
        ({"lat": 119.5, "lon": 28.1}, "lat", "不能大于 90"),
        ({"lon": "119.5"}, "lon", "数字"),
        ({"lon": True}, "lon", "数字"),
        ({"accuracy_m": -1}, "accuracy_m", "不能小于 0"),
        ({"accuracy_m": 100_001}, "accuracy_m", "不能大于 100000"),
        ({"crs": "mars"}, "crs", "只能是"),
        ({"occurred_at": "2026-11-22T14:10:01+08:00"}, "occurred_at", "在将来"),
        ({"occurred_at": "1999-12-31T23:59:59+08:00"}, "occurred_at", "早于"),
        ({"occurred_at": "1970-01-01T00:00:00Z"}, "occurred_at", "不合常理"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at", "不合常理"),
        ({"occurred_at": "9999-12-31T23:59:59-14:00"}, "occurred_at", "不合常理"),
        ({"occurred_at": 1763791200}, "occurred_at", "这样的时间"),
        ({"occurred_at": "yesterday"}, "occurred_at", "这样的时间"),
        ({"occurred_at": "2026-02-30T10:00:00Z"}, "occurred_at", "不是有效的时间"),
        ({"occurred_at": "2026-11-22"}, "occurred_at", "这样的时间"),
        ({"external": {"system": "12345", "number": "1", "due": "soon"}}, "external.due", "时间"),
        ({"external": {"system": "12345", "number": "1", "due": "2026-13-01"}}, "external.due", "日期"),
        ({"external": {"number": "1"}}, "external.system", "必须填写"),
        ({"reporter": "张三"}, "reporter", "对象"),
        ({"reporter": {"nick": "三"}}, "reporter.nick", "没有这个字段"),
        ({"urgent": True}, "urgent", "没有这个字段"),
    ],
)
def test_each_fault_is_named_with_its_reason(
    door: Door, fields: dict[str, Any], field: str, reason: str
) -> None:
    assert reason in faults(door, {**a_report(), **fields})[field]


def test_a_place_needs_both_numbers(door: Door) -> None:
    body = a_report()
    del body["lat"]
    assert "要么都有" in faults(door, body)["body"]


@pytest.mark.parametrize("body", [None, 7, "text", [], [a_report()]])
def test_what_is_no_object_is_refused(door: Door, body: Any) -> None:
    assert "对象" in faults(door, body)["body"]


def test_everything_wrong_is_said_at_once(door: Door) -> None:
    assert set(faults(door, a_report(id="x", source="x", lon=999))) == {"id", "source", "lon"}


@pytest.mark.parametrize(
    "text",
    [
        "路灯坏了💡🚧👨‍👩‍👧",
        "电话１２３４５，全角",
        "第一行\n第二行\t制表",
        "𠮷野家门口",
        "x" * 5000,
        "<script>alert(1)</script>",
    ],
)
def test_honest_text_passes_as_it_is(door: Door, text: str) -> None:
    report = admit(door, text=text)
    assert report.text == text
    assert report.flags == ()


def test_white_space_around_it_is_trimmed_and_line_ends_become_one(door: Door) -> None:
    assert admit(door, text="  \u3000甲\r\n乙\r ").text == "甲\n乙"


def test_direction_marks_go_and_are_flagged(door: Door) -> None:
    report = admit(door, text="甲\u202e乙\u2066丙\u200f")
    assert (report.text, report.flags) == ("甲乙丙", ("bidi_removed",))


def test_a_fast_phone_clock_is_accepted_and_flagged(door: Door) -> None:
    moment = NOW + INTAKE.future_tolerance
    report = admit(door, occurred_at=moment.isoformat())
    assert (report.occurred_at, report.flags) == (moment, ("clock_ahead",))


def test_without_a_time_it_happened_when_it_came(door: Door) -> None:
    assert admit(door).occurred_at == NOW


def test_a_time_without_an_offset_is_chinas(door: Door) -> None:
    moment = admit(door, occurred_at="2026-11-22T10:00:00").occurred_at
    assert moment == NOW - timedelta(hours=4)


def test_a_phone_without_a_fix_has_no_place_and_is_flagged(door: Door) -> None:
    report = admit(door, lon=0, lat=0.0)
    assert (report.lon, report.lat, report.accuracy_m) == (None, None, None)
    assert report.flags == ("place_zero",)


def test_numbers_in_the_text_travel_sealed(door: Door) -> None:
    report = admit(door, text="找13812345678", reporter={"phone": " ", "name": "张三"})
    assert report.text == "找138****5678"
    assert report.sealed is not None
    assert door.keys.open_sealed(report.sealed) == {
        "name": "张三",
        "found": [{"kind": "mobile", "original": "13812345678"}],
    }
    assert report.sealed.caller_hash is None


def test_a_phone_in_place_of_a_tickets_number_travels_sealed(door: Door) -> None:
    report = admit(door, external={"system": "12345 张三 13987654321", "number": "13812345678"})
    assert report.external == {"system": "12345 张三 139****4321", "number": "138****5678", "due": None}
    assert report.flags == ("numbers_masked",)
    assert report.sealed is not None
    found = door.keys.open_sealed(report.sealed)["found"]
    assert [one["original"] for one in found] == ["13987654321", "13812345678"]


def test_a_tickets_number_travels_as_it_is(door: Door) -> None:
    external = {"system": "浙里办", "number": "331125202611220012"}
    report = admit(door, external=external)
    assert report.external == {**external, "due": None}
    assert (report.flags, report.sealed) == ((), None)


def test_a_callers_hash_is_the_same_however_the_number_is_written(door: Door) -> None:
    sealed = [admit(door, reporter={"phone": p}).sealed for p in ("13812345678", "+86 138-1234-5678")]
    assert len({one.caller_hash for one in sealed if one}) == 1


def test_what_is_admitted_survives_the_bus(door: Door) -> None:
    external = {"system": "12345", "number": "1", "due": "2026-12-01"}
    report = admit(
        door, external=external, reporter={"name": "张三"}, occurred_at="2026-11-22T10:00:00Z"[:19]
    )
    again = from_bytes(to_bytes(report))
    assert again == report
    assert again.external_due == datetime(2026, 12, 1, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "JSON"),
        (b"{", 400, "JSON"),
        (b"id=7", 400, "JSON"),
        ('{"text": "占道"}'.encode("gb18030"), 400, "UTF-8"),
        (b'\xef\xbb\xbf{"a": 1}', 400, "JSON"),
        (b'{"text": "a", "text": "b"}', 400, "text 出现了两次"),
        (b'{"lon": NaN}', 400, "NaN"),
        (b'{"lon": -Infinity}', 400, "-Infinity"),
        (b'{"lon": 1e999}', 400, "超出范围"),
        (b'{"lon": ' + b"9" * 5000 + b"}", 400, "超出范围"),
        (b"[" * 60_000, 400, "嵌套过深"),
        (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), 400, "嵌套过深"),
        (b'{"text": "half \\ud83d"}', 422, "代理对"),
        (b'{"\\udc00": 1}', 422, "代理对"),
        (b'{"text": "\x01"}', 400, "JSON"),
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(
    body: bytes, status: int, reason: str
) -> None:
    with pytest.raises(Problem) as caught:
        parse_json(body)
    assert caught.value.status == status
    assert reason in caught.value.detail
    assert caught.value.response().body  # and can be said


def test_whole_surrogate_pairs_are_characters() -> None:
    assert parse_json(b'{"text": "\\ud83d\\udea7"}') == {"text": "🚧"}


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0),
        ("wait=2", 2),
        ("respond-async, wait=5", 5),
        ("wait=900", 10),
        ("wait=2.5", 0),
        ("wait=-1", 0),
        ("await=3", 0),
        ("wait=x", 0),
    ],
)
def test_the_prefer_header_is_read_as_written(prefer: str | None, seconds: float) -> None:
    assert wait_of(prefer) == seconds
