"""What cells say in Chinese where the policy has a code: limits (4 WH: 4 工作小时), and the values of closed lists."""

import re
from typing import Any

from infra.policy_xlsx.fields import allowed, is_limit

# In a cell -> in the policy. The first word for a value is the one that is written; the others are understood.
VALUES = {
    "乡镇": ("town", "township"),
    "村": ("village",),
    "村组": ("group",),
    "道路": ("road",),
    "路口": ("crossing",),
    "学校": ("school",),
    "小区": ("estate",),
    "地标": ("landmark",),
    "网格": ("grid",),
    "县": ("county",),
    "乡": ("town", "township"),
    "镇": ("town", "township"),
    "街道": ("town", "township"),
    "村庄": ("village",),
    "社区": ("village",),
    "组": ("group",),
    "路": ("road",),
    "县级": ("county",),
    "乡镇级": ("township",),
}
UNITS = {
    "分钟": "MIN",
    "小时": "EH",
    "工作小时": "WH",
    "工作日": "WD",
    "自然日": "CD",
    "工作时": "WH",
    "天": "CD",
}
_OF_VALUE = {value: word for word, values in reversed(VALUES.items()) for value in values}
_OF_UNIT = {unit: word for word, unit in reversed(UNITS.items())}
_LIMIT = re.compile(rf"(\d+(?:\.\d+)?)\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})")


def said(value: Any, wanted: Any) -> Any:
    """A value of the policy as its cell says it; itself where there is no plainer word."""
    if not isinstance(value, str):
        return value
    amount, _, unit = value.partition(" ")
    if is_limit(wanted) and unit in _OF_UNIT:
        return f"{amount} {_OF_UNIT[unit]}"
    return _OF_VALUE.get(value, value) if value in allowed(wanted) else value


def meant(text: Any, wanted: Any) -> Any:
    """What the policy calls what a cell says; a text that is no such word is itself."""
    if not isinstance(text, str):
        return text
    if is_limit(wanted) and (limit := _LIMIT.fullmatch(text.strip())):
        return f"{limit[1]} {UNITS[limit[2]]}"
    values = allowed(wanted)
    return next((one for one in VALUES.get(text.strip(), ()) if one in values), text)
