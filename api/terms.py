"""The words of the one glossary (词汇表), which pages, API and notices share."""

import json
from functools import cache
from importlib import resources

from gridward.domain.limits import Limit, LimitUnit

_UNITS = {
    LimitUnit.MINUTE: "分钟",
    LimitUnit.URGENT_HOUR: "小时",
    LimitUnit.WORK_HOUR: "工作时",
    LimitUnit.WORK_DAY: "工作日",
    LimitUnit.DAY: "天",
}

Glossary = dict[str, dict[str, dict[str, str]]]


@cache
def glossary() -> Glossary:
    """group -> key -> {zh, en}"""
    data: Glossary = json.loads(resources.files("gridward").joinpath("glossary.json").read_text("utf-8"))
    return data


def term(group: str, key: str | None) -> str:
    """The Chinese word for an enum's value; the value itself where the glossary has none, so nothing is hidden."""
    if key is None:
        return ""
    return glossary().get(group, {}).get(key, {}).get("zh", key)


def limit_in_words(limit: Limit) -> str:
    """`4 WH` -> `4 工作时`."""
    return f"{limit.amount:g} {_UNITS[limit.unit]}"
