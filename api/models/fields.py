"""Kinds of field that several bodies share: moments, written text, codes."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.characters import clean, control_at
from gridward.domain.rules import CHINA

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class Body(BaseModel):
    """What a client sends: an unknown field is a typing slip, and said so."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def fault(zh: str, en: str) -> PydanticCustomError:
    """A reason in both languages, which `api.errors` finds again."""
    return PydanticCustomError("gridward", "{en}", {"zh": zh, "en": en})


def parse_moment(value: Any) -> datetime:
    """ISO 8601 with date and time. One without an offset is China's time (Asia/Shanghai)."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or len(value) < 16 or value[10] not in "Tt ":
        raise fault("要写成 2026-11-22T10:10:10+08:00 这样的时间", "must be a date and time, ISO 8601")
    try:
        moment = datetime.fromisoformat(value.upper())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        in_range = EARLIEST <= moment <= LATEST
    except (ValueError, OverflowError):
        raise fault("不是有效的时间", "is no valid date and time") from None
    if not in_range:
        raise fault("时间不合常理（1970 年至 2200 年以外）", "lies outside the years 1970 to 2200")
    return moment


def _no_controls(text: str) -> str:
    position = control_at(text)
    if position is not None:
        name = f"U+{ord(text[position]):04X}"
        raise fault(
            f"第 {position + 1} 个字符是不允许的控制字符 {name}",
            f"character {position + 1} is the control character {name}",
        )
    return text


def _says_something(text: str) -> str:
    if not clean(text).text:
        raise fault("没有内容", "must not be empty")
    return text


_MOMENT_SCHEMA = {
    "type": "string",
    "format": "date-time",
    "description": "ISO 8601; without an offset it is taken as Asia/Shanghai",
}
Moment = Annotated[datetime, BeforeValidator(parse_moment), WithJsonSchema(_MOMENT_SCHEMA)]

Text = Annotated[str, AfterValidator(_no_controls)]
Line = Annotated[Text, Field(min_length=1, max_length=200), AfterValidator(_says_something)]
Words = Annotated[Text, Field(min_length=1, max_length=2000), AfterValidator(_says_something)]
OptionalWords = Annotated[Text, Field(max_length=2000)]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]
UnitCode = Annotated[str, Field(pattern=r"^[0-9]{2,20}$", examples=["99010110120002"])]
GridCode = Annotated[str, Field(pattern=r"^[0-9]{2,20}$", examples=["990101101001001"])]
CategoryCode = Annotated[str, Field(pattern=r"^[0-9]{4}$", examples=["0501"])]
