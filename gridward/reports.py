"""A report (上报) as it travels from the door to triage: already checked, its personal fields sealed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from gridward.domain.commands import Sealed
from gridward.domain.errors import Refused


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
            "sealed": sealed
            and {
                "key_id": sealed.key_id,
                "ciphertext": sealed.ciphertext.hex(),
                "caller_hash": sealed.caller_hash.hex() if sealed.caller_hash else None,
            },
        }
    )


def from_bytes(value: bytes | None) -> Report:
    """Read a message again. Raises `Refused` for what the door would never have let in."""
    try:
        data = orjson.loads(value or b"")
        sealed = data["sealed"]
        return Report(
            data["id"],
            data["text"],
            data["source"],
            datetime.fromisoformat(data["occurred_at"]),
            datetime.fromisoformat(data["received_at"]),
            bytes.fromhex(data["body_hash"]),
            data["lon"],
            data["lat"],
            data["accuracy_m"],
            data["crs"],
            data["address"],
            data["external"],
            tuple(data["flags"]),
            sealed and unsealed_parts(sealed),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"not a report: {type(error).__name__}: {error}") from error


def unsealed_parts(data: dict[str, Any]) -> Sealed:
    caller = data["caller_hash"]
    return Sealed(
        data["key_id"], bytes.fromhex(data["ciphertext"]), bytes.fromhex(caller) if caller else None
    )
