"""What a message must be to count as a report; and what its refusal may say, which is kept for ever."""

import json
import math
from typing import Any, get_args

import pytest

from api.models.report import Report as Sent
from geo.crs import SHIFTED
from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused
from gridward.fields import Fields
from gridward.reports import SYSTEMS, external_of, from_bytes, to_bytes
from tests.stream.little_system import report

PHONE = "13812345678"
NAME = "王五"
DUE = {"system": "12345", "number": "1", "due": "2026-12-01T15:59:59Z"}


def message(**changes: Any) -> bytes:
    """A good report with these fields changed."""
    return json.dumps({**json.loads(to_bytes(report())), **changes}).encode()


def without(name: str) -> bytes:
    data = json.loads(to_bytes(report()))
    del data[name]
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    "one",
    [
        report(),
        report(lon=None, lat=None, accuracy_m=None),
        report(lon=-180, lat=90, accuracy_m=0, crs="bd09"),
        report(external=DUE, flags=("clock_ahead",), address="村口"),
        report(external={"system": "12345", "number": "1", "due": None}),
        report(sealed=Sealed("reports-2026-11-22", b"x", b"y")),
        report(sealed=Sealed("reports-2026-11-22", b"x")),
        report("字" * 5000),
        report(same_as="6f0d2d0e-6f4e-5c0a-9b57-0e4b1c9d7a31"),
    ],
)
def test_what_the_door_writes_is_read_again(one: Any) -> None:
    assert from_bytes(to_bytes(one)) == one


WRONG = [
    ("id", "1", "id: "),
    ("id", f"{NAME}{PHONE}", "id: "),
    ("id", "6F0D2D0E-6F4E-5C0A-9B57-0E4B1C9D7A31", "id: "),
    ("id", "{6f0d2d0e-6f4e-5c0a-9b57-0e4b1c9d7a31}", "id: "),
    ("id", None, "id: "),
    ("text", None, "text: "),
    ("text", {"a": PHONE}, "text: "),
    ("text", f"{NAME}\0{PHONE}", "text: "),
    ("source", NAME, "source: "),
    ("source", ["grid"], "source: "),
    ("occurred_at", PHONE, "occurred_at: "),
    ("occurred_at", "2026-11-22T10:00:00", "occurred_at: "),
    ("occurred_at", "0001-01-01T00:00:00+08:00", "occurred_at: "),
    ("received_at", "9999-12-31T23:59:59Z", "received_at: "),
    ("received_at", 1700000000, "received_at: "),
    ("body_hash", NAME, "body_hash: "),
    ("body_hash", "", "body_hash: "),
    ("lon", 180.5, "lon: "),
    ("lat", -90.01, "lat: "),
    ("lat", "28.1", "lat: "),
    ("lon", True, "lon: "),
    ("lon", None, "lon, lat: "),
    ("accuracy_m", -1, "accuracy_m: "),
    ("accuracy_m", PHONE, "accuracy_m: "),
    ("crs", "epsg:4490", "crs: "),
    ("crs", None, "crs: "),
    ("address", f"{NAME}\0", "address: "),
    ("address", [NAME], "address: "),
    ("external", PHONE, "external: "),
    ("external", DUE | {"due": f"{NAME} {PHONE}"}, "external.due: "),
    ("external", DUE | {"due": "2026-12-01T10:00:00"}, "external.due: "),
    ("external", DUE | {"due": ""}, "external.due: "),
    ("external", DUE | {"number": ["1", f"{NAME}\0"]}, "external: "),
    ("external", DUE | {"number": {"a": 1}}, "external: "),
    ("flags", PHONE, "flags: "),
    ("flags", [1], "flags: "),
    ("flags", ["\0"], "flags: "),
    ("same_as", NAME, "same_as: "),
    ("sealed", {}, "sealed.key_id: "),
    ("sealed", NAME, "sealed: "),
    ("sealed", {"key_id": "k", "ciphertext": PHONE + NAME, "caller_hash": None}, "sealed.ciphertext: "),
    ("sealed", {"key_id": "k", "ciphertext": "00", "caller_hash": 7}, "sealed.caller_hash: "),
]


@pytest.mark.parametrize(("field", "value", "said"), WRONG)
def test_a_wrong_field_is_refused_by_name_and_never_quoted(field: str, value: Any, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        from_bytes(message(**{field: value}))
    reason = str(refusal.value)
    assert reason.startswith(f"not a report: {said}")
    for part in (PHONE, NAME, "2026", "9999", "epsg", "28.1"):
        assert part not in reason
    assert refusal.value.__cause__ is None  # or a traceback would quote it


def test_a_message_from_before_people_could_say_what_it_repeats_is_read() -> None:
    assert from_bytes(without("same_as")).same_as is None


@pytest.mark.parametrize("field", json.loads(to_bytes(report())).keys() - {"same_as"})
def test_a_missing_field_is_named(field: str) -> None:
    with pytest.raises(Refused, match=f"^not a report: {field}: 缺失 is missing$"):
        from_bytes(without(field))


@pytest.mark.parametrize(
    "value", [None, b"", b"\xff\x00", PHONE.encode() + b"x", message(lon=math.nan), message(lat=math.inf)]
)
def test_what_is_no_json_is_refused_unquoted(value: bytes | None) -> None:
    with pytest.raises(Refused) as refusal:
        from_bytes(value)
    assert str(refusal.value) == "not a report: JSONDecodeError: 不是 JSON is not JSON in UTF-8"


@pytest.mark.parametrize("value", [b"[]", b"null", b"7", f'"{PHONE}"'.encode()])
def test_what_is_no_object_is_refused_unquoted(value: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        from_bytes(value)
    assert str(refusal.value) == "not a report: message: 不是 JSON 对象 is not a JSON object"


def test_door_bus_and_geometry_know_the_same_coordinate_systems() -> None:
    assert set(SYSTEMS) == SHIFTED.keys() == set(get_args(Sent.model_fields["crs"].annotation))


def test_of_an_external_ticket_only_what_the_door_writes_is_kept() -> None:
    """Whatever else another producer sends along, however deeply nested, is nobody's business."""
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    fields = Fields({"external": DUE | {"more": deep, f"{NAME}\0": 1}}, "report")
    assert external_of(fields) == DUE
