"""From a value of the policy to a cell (单元格) and back, whatever Excel and habit have made of it."""

import json
import re
import unicodedata
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, get_origin

from openpyxl.utils.datetime import from_excel
from pydantic import AwareDatetime

from infra.policy_xlsx.fields import has_hours, is_checked_text, is_list, patterns, types

SEPARATOR = "、"
BETWEEN = re.compile(r"[、，,;；\n]")
TRUTHS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}
EXACT = 10**15  # Excel keeps fifteen digits of a number
FIRST_DAY, LAST_DAY = 20_000, 80_000  # Excel's numbers for days from 1954 to 2119
MOMENTS = {datetime, AwareDatetime}
_TIME = r"(\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)"
HOURS = re.compile(rf"{_TIME}\s*[-－–—~～至到]\s*{_TIME}")
CHINA = timezone(timedelta(hours=8))  # a moment that Excel stripped of its zone


class CellError(ValueError):
    """What to write instead, Chinese first."""


def to_cell(value: Any) -> Any:
    """A list is one text; one with an entry that a separator would tear is JSON."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | dict):
        texts = value if isinstance(value, list) else []
        if texts and all(isinstance(one, dict) and one.keys() == {"start", "end"} for one in texts):
            return SEPARATOR.join(f"{_clock(one['start'])}-{_clock(one['end'])}" for one in texts)
        if texts and all(type(one) is int for one in texts):
            return SEPARATOR.join(map(str, texts))
        if texts and all(isinstance(one, str) and _survives(one) for one in texts):
            return SEPARATOR.join(texts)
        return json.dumps(value, ensure_ascii=False) if value else ("[]" if isinstance(value, list) else "{}")
    return value


def _survives(text: str) -> bool:
    return bool(text) and text == text.strip() and not BETWEEN.search(text) and text[0] not in "[{"


def from_cell(value: Any, wanted: Any) -> Any:
    """The value that the schema wants, None for an empty cell. Raises `CellError`."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if wanted is None:
        return value
    if is_list(wanted):
        return _list(value, wanted)
    kinds = types(wanted)
    if any(get_origin(one) is dict for one in kinds) and isinstance(value, str):
        return _json(value)
    if bool in kinds:
        return TRUTHS.get(narrow(str(value)).lower(), value)
    if kinds & {int, float}:
        return narrow(value) if isinstance(value, str) else value
    if kinds & {time, date, *MOMENTS} or isinstance(value, time | date):
        return _moment(value, kinds)
    return _text(value, wanted)


def _list(value: Any, wanted: Any) -> Any:
    if isinstance(value, str) and value.lstrip()[0] in "[{":
        return _json(value)
    parts = BETWEEN.split(value) if isinstance(value, str) else [value]
    if isinstance(value, str) and has_hours(wanted):
        return [_hours(part) for part in parts if part.strip()]
    if isinstance(value, date | time):
        raise CellError("成了日期，请把单元格设为文本 became a date: make the cell text")
    return [_text(part, wanted) for part in parts if not isinstance(part, str) or part.strip()]


def _hours(text: str) -> dict[str, str]:
    found = HOURS.fullmatch(text.strip())
    if found is None:
        raise CellError(f"时间应写成 08:00-18:00，不是 {text.strip()} hours are written as 08:00-18:00")
    start, end = (time_text.replace("：", ":").zfill(5) for time_text in found.groups())
    return {"start": start, "end": end}


def _clock(text: str) -> str:
    """08:00:00 as people write it."""
    return str(text).removesuffix(":00") if str(text).count(":") == 2 else str(text)


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        raise CellError('不是正确的 JSON，多个值也可用顿号分开 no valid JSON, such as ["a", "b"]') from None


def _moment(value: Any, kinds: set[Any]) -> str:
    if not isinstance(value, date | time):
        value = _serial(value, kinds)
    if isinstance(value, str):
        return value
    if time in kinds:
        return (value.time() if isinstance(value, datetime) else value).isoformat()
    if kinds & MOMENTS and isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).isoformat()
    if date in kinds and isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    raise CellError("成了日期，请把单元格设为文本 became a date: make the cell text")


def _serial(value: Any, kinds: set[Any]) -> Any:
    """Excel's number for a day (45658) or a time of day (0.5), where a cell has lost its format."""
    is_day = isinstance(value, int | float) and FIRST_DAY <= value < LAST_DAY
    is_time = isinstance(value, int | float) and 0 <= value < 1 and time in kinds
    if (is_day and kinds & {date, *MOMENTS}) or is_time:
        return from_excel(value)
    return narrow(str(value))


def _text(value: Any, wanted: Any) -> str:
    if isinstance(value, bool):
        value = str(value).lower()
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            raise CellError(
                "位数太多，Excel 已丢失末几位，请设为文本再填 too long for a number: make the cell text"
            )
        value = str(int(value)) if value == int(value) else str(value)
    text = str(value)
    if not is_checked_text(wanted):
        return text.strip()
    return _padded(narrow(text), patterns(wanted))


def _padded(text: str, forms: list[str]) -> str:
    """A code with the leading zeros that Excel dropped."""
    if text.isdecimal():
        for form in forms:
            padded = (text.zfill(length) for length in range(len(text), 21))
            return next((one for one in padded if re.search(form, one)), text)
    return text


def narrow(text: str) -> str:
    """One width, no blanks around: ０５０１ is 0501."""
    return unicodedata.normalize("NFKC", text).strip()
