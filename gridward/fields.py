"""Reads the fields of a message, and says of a wrong one its name and the kind of fault, never what stood in it.

The reason rests in the dead letters without limit, where nothing of people may be.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from gridward.domain.errors import Refused

# What a date may be without any sum of limits leaving the calendar.
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
NUL = "含有空字符 contains the character NUL"


class Fields:
    """One JSON object. Each method takes a field as what it must be; all raise `Refused`.

    `what` is the message's kind, `within` the field that holds this object.
    """

    def __init__(self, data: Any, what: str, within: str = "") -> None:
        self.what = what
        self.within = within
        if not isinstance(data, dict):
            raise self.fault("", "不是 JSON 对象 is not a JSON object")
        self.data = data

    def fault(self, name: str, reason: str) -> Refused:
        place = ".".join(filter(None, (self.within, name))) or "message"
        return Refused(f"not a {self.what}: {place}: {reason}")

    def take(self, name: str) -> Any:
        if name not in self.data:
            raise self.fault(name, "缺失 is missing")
        return self.data[name]

    def inner(self, name: str) -> "Fields | None":
        """An object within this one, or None."""
        value = self.take(name)
        return None if value is None else Fields(value, self.what, name)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise self.fault(name, "不是文本 is not text")
        if "\0" in value:
            raise self.fault(name, NUL)
        return value

    def text_or_none(self, name: str) -> str | None:
        return None if self.take(name) is None else self.text(name)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.take(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.fault(name, "不是文本列表 is not a list of texts")
        self.storable(name, value)
        return tuple(value)

    def one_of(self, name: str, known: Collection[str]) -> str:
        value = self.text(name)
        if value not in known:
            raise self.fault(name, "不是已知的值 is none of the known values")
        return value

    def uuid(self, name: str) -> str:
        """As the door writes it: in lower case with hyphens, since the same id must be the same text."""
        value = self.text(name)
        try:
            same = str(UUID(value)) == value
        except ValueError:
            same = False
        if not same:
            raise self.fault(name, "不是规范的 UUID is not a UUID in its plain form")
        return value

    def moment(self, name: str) -> datetime:
        value = self.text(name)
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise self.fault(name, "不是日期时间 is not a date and time") from None
        if moment.tzinfo is None:
            raise self.fault(name, "没有时区 has no offset from UTC")
        if not EARLIEST <= moment <= LATEST:
            raise self.fault(name, "超出 1970 至 2200 年 lies outside the years 1970 to 2200")
        return moment

    def number(self, name: str, least: float, most: float) -> float | None:
        """Within both bounds (so no NaN), or None."""
        value = self.take(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.fault(name, "不是数字 is not a number")
        if not least <= value <= most:
            raise self.fault(name, f"超出 {least:g} 至 {most:g} is out of range")
        return value

    def hex(self, name: str) -> bytes:
        value = self.text(name)
        try:
            found = bytes.fromhex(value)
        except ValueError:
            raise self.fault(name, "不是十六进制 is not hexadecimal") from None
        if not found:
            raise self.fault(name, "为空 is empty")
        return found

    def hex_or_none(self, name: str) -> bytes | None:
        return None if self.take(name) is None else self.hex(name)

    def storable(self, name: str, value: Any) -> None:
        """PostgreSQL keeps no NUL, in texts or deep in JSON."""
        if _holds_nul(value):
            raise self.fault(name, NUL)


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\0" in value
        case list():
            return any(map(_holds_nul, value))
        case dict():
            return any(map(_holds_nul, value)) or any(map(_holds_nul, value.values()))
        case _:
            return False
