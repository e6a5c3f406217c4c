"""What the schema found wrong, in a clerk's words: Chinese first, then English, and what to write instead."""

import re
import unicodedata
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gridward.policy.marks import fields_at

EITHER = r"^(\d{2}|\d{4})?$"  # the group or the category of a rule
TEXTS = {
    "missing": "缺少这个字段，请补上",
    "string_type": "应为文本，请加引号",
    "int_from_float": "应为整数，不能有小数",
    "int_parsing_size": "数字太大",
    "finite_number": "应为有限的数",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "string_too_short": "不能少于 {min_length} 个字",
    "string_too_long": "不能多于 {max_length} 个字",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "list_type": "应为列表，只有一项也写成 [甲]",
    "dict_type": "应为若干“名称: 值”",
}
# Kinds of value, by how the names of their errors begin.
KINDS = {
    "int": "应为整数，如 3",
    "float": "应为数字，如 0.5",
    "bool": "应为 true（是）或 false（否）",
    "time": '应为时刻，如 "22:00"',
    "date": "应为日期，如 2026-01-01",
    "datetime": "应为带时区的时刻，如 2010-01-01T00:00:00+08:00",
    "timezone": "应为带时区的时刻，如 2010-01-01T00:00:00+08:00",
}
OTHERWISE = "写法不对"
SHOWN = 30  # characters of what was written


def errors_of(error: ValidationError) -> list[ErrorDetails]:
    """The mistakes, each at the field where it stands."""
    found = error.errors(include_url=False)
    for one in found:
        one["loc"] += one.get("ctx", {}).get("spot", ())
    return found


def said(error: ErrorDetails, shape: type[BaseModel], written: str | None = None) -> str:
    """One mistake within `shape`. `written`: how the value stands in the file, where that is known."""
    kind, context = error["type"], error.get("ctx", {})
    english = error["msg"].removeprefix("Value error, ")
    if kind in ("value_error", "mistake_at"):
        return english
    if kind == "extra_forbidden":
        return f"没有这个字段 {english}{_meant(error, shape)}"
    if kind in ("model_type", "model_attributes_type"):
        return _row(error, shape)
    if kind in ("literal_error", "enum"):
        return f"{_shown(error['input'])}可写 {context['expected'].replace(' or ', ', ')} (may be written)"
    if kind == "string_pattern_mismatch":
        return f"{_shown(error['input'])}{_form(context['pattern'])}{_narrow(error['input'])}"
    if kind == "string_type":
        return f"{TEXTS[kind]} {_quoted(error['input'], written)}(put it in quotes)"
    text = TEXTS.get(kind) or KINDS.get(kind.partition("_")[0], OTHERWISE)
    shown = "" if kind == "missing" else _shown(error["input"])
    return f"{shown}{text.format(**context)} {english}{_narrow(error['input'])}"


def place_of(error: ErrorDetails) -> str:
    return ".".join(str(step) for step in error["loc"] if step != "[key]")


def _shown(value: Any) -> str:
    """What was written, if it is short enough to be found again by."""
    text = str(value)
    whole = not isinstance(value, dict | list) and value is not None and text and text.isprintable()
    return f"不能写 {text}，" if whole and len(text) <= SHOWN else ""


def _quoted(value: Any, written: str | None) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return f'"{written or value}" '


def _narrow(value: Any) -> str:
    narrow = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
    return "" if narrow == value else f"；请用半角、不留空格，写 {narrow} (write {narrow})"


def _row(error: ErrorDetails, shape: type[BaseModel]) -> str:
    fields = "、".join(fields_at(shape, error["loc"]))
    if error["input"] is None and not error["loc"]:
        return f"文件是空的，应有字段 the file is empty, these belong in it: {fields}"
    return f"应为若干“字段: 值”，字段有 should be fields with their values: {fields}"


def _meant(error: ErrorDetails, shape: type[BaseModel]) -> str:
    name = str(error["loc"][-1])
    if "：" in name or ":" in name:
        return "；冒号要用半角“:”，后面空一格 use a plain colon and a blank after it"
    fields = fields_at(shape, error["loc"][:-1])
    near = get_close_matches(name.lower(), fields, n=1)
    if near:
        return f"；是不是 {near[0]}？did you mean {near[0]}?"
    return f"；可写 (may be written): {'、'.join(fields)}" if fields else ""


def _form(pattern: str) -> str:
    """How many digits a code has, for the patterns of digits that the schema knows."""
    found = re.fullmatch(r"\^\\d\{(\d+)(?:,(\d+))?\}\$", pattern)
    if found is None:
        if pattern in (EITHER, EITHER.replace("?", "")):
            return "应为两位或四位数字 write two or four digits"
        return f"{OTHERWISE} should match {pattern}"
    digits = found[1] if found[2] is None else f"{found[1]}-{found[2]}"
    return f"应为 {digits} 位数字 write {digits} digits"
