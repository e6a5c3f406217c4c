"""A report (上报) as it travels from the door to triage: already checked, its personal fields sealed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused
from gridward.fields import Fields


class Source(StrEnum):
    GRID = "grid"  # 网格员
    HOTLINE = "hotline"  # 12345
    RESIDENT = "resident"  # 居民
    WINDOW = "window"  # 窗口
    POLICE = "110"  # 110 转办
    UPPER = "upper"  # 上级交办
    IOT = "iot"  # 物联网
    MEDIA = "media"  # 舆情
    SWEEP = "sweep"  # 排查


SOURCES = frozenset(Source)
SYSTEMS = ("wgs84", "gcj02", "bd09")  # that a place may be sent in


@dataclass(frozen=True, slots=True)
class Report:
    """`lon` and `lat` are as sent, in `crs`; `text` has phone and ID numbers masked; `flags` say what was odd."""

    id: str
    text: str
    source: str
    occurred_at: datetime
    received_at: datetime
    body_hash: bytes
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    crs: str = "wgs84"
    address: str | None = None
    external: dict[str, Any] | None = None
    flags: tuple[str, ...] = ()
    sealed: Sealed | None = None
    same_as: str | None = None  # the incident that the reporter says it is about

    @property
    def external_due(self) -> datetime | None:
        due = self.external.get("due") if self.external else None
        return datetime.fromisoformat(due) if due else None


def to_bytes(report: Report) -> bytes:
    """The value of a message on `incident.reports`: JSON, bytes as hex."""
    sealed = report.sealed
    return orjson.dumps(
        {
            "id": report.id,
            "text": report.text,
            "source": report.source,
            "occurred_at": report.occurred_at,
            "received_at": report.received_at,
            "body_hash": report.body_hash.hex(),
            "lon": report.lon,
            "lat": report.lat,
            "accuracy_m": report.accuracy_m,
            "crs": report.crs,
            "address": report.address,
            "external": report.external,
            "flags": report.flags,
            "same_as": report.same_as,
            "sealed": sealed
            and {
                "key_id": sealed.key_id,
                "ciphertext": sealed.ciphertext.hex(),
                "caller_hash": sealed.caller_hash.hex() if sealed.caller_hash else None,
            },
        }
    )


def from_bytes(value: bytes | None) -> Report:
    """Read a message again. Raises `Refused` for what the door would never have let in, and could not be kept."""
    try:
        fields = Fields(orjson.loads(value or b""), "report")
    except orjson.JSONDecodeError:
        raise Refused("not a report: JSONDecodeError: 不是 JSON is not JSON in UTF-8") from None
    lon, lat = place_of(fields)
    return Report(
        fields.uuid("id"),
        fields.text("text"),
        fields.one_of("source", SOURCES),
        fields.moment("occurred_at"),
        fields.moment("received_at"),
        fields.hex("body_hash"),
        lon,
        lat,
        fields.number("accuracy_m", 0, 100_000),
        fields.one_of("crs", SYSTEMS),
        fields.text_or_none("address"),
        external_of(fields),
        fields.texts("flags"),
        sealed_of(fields),
        # Messages from before people could say so have no such field.
        fields.uuid("same_as") if fields.data.get("same_as") is not None else None,
    )


def place_of(fields: Fields) -> tuple[float | None, float | None]:
    lon, lat = fields.number("lon", -180, 180), fields.number("lat", -90, 90)
    if (lon is None) != (lat is None):
        raise fields.fault("lon, lat", "只有一个 only one of them is given")
    return lon, lat


def external_of(fields: Fields) -> dict[str, Any] | None:
    """What another system holds is kept as it came; only its limit is read."""
    external = fields.inner("external")
    if external is None:
        return None
    if external.data.get("due") is not None:
        external.moment("due")
    kept = {name: external.data[name] for name in ("system", "number", "due") if name in external.data}
    if not all(value is None or isinstance(value, str) for value in kept.values()):
        raise external.fault("", "不是文本 holds something that is not text")
    fields.storable("external", kept)
    return kept


def sealed_of(fields: Fields) -> Sealed | None:
    sealed = fields.inner("sealed")
    if sealed is None:
        return None
    return Sealed(sealed.text("key_id"), sealed.hex("ciphertext"), sealed.hex_or_none("caller_hash"))
