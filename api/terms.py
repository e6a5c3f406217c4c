"""The words of the one glossary (词汇表), which pages, API and notices share."""

import json
from functools import cache
from importlib import resources
from typing import Literal

from gridward.domain.limits import Limit, LimitUnit

Language = Literal["zh", "en"]

_UNITS: dict[Language, dict[LimitUnit, str]] = {
    "zh": {
        LimitUnit.MINUTE: "分钟",
        LimitUnit.URGENT_HOUR: "小时",
        LimitUnit.WORK_HOUR: "工作时",
        LimitUnit.WORK_DAY: "工作日",
        LimitUnit.DAY: "天",
    },
    "en": {
        LimitUnit.MINUTE: "min",
        LimitUnit.URGENT_HOUR: "h",
        LimitUnit.WORK_HOUR: "working h",
        LimitUnit.WORK_DAY: "working d",
        LimitUnit.DAY: "d",
    },
}

Glossary = dict[str, dict[str, dict[str, str]]]


@cache
def glossary() -> Glossary:
    """group -> key -> {zh, en}"""
    data: Glossary = json.loads(resources.files("gridward").joinpath("glossary.json").read_text("utf-8"))
    return data


def term(group: str, key: str | None, language: Language = "zh") -> str:
    """The word for an enum's value; the value itself where the glossary has none, so nothing is hidden."""
    if key is None:
        return ""
    return glossary().get(group, {}).get(key, {}).get(language, key)


def limit_in_words(limit: Limit, language: Language = "zh") -> str:
    """`4 WH` -> `4 工作时`, `4 working h`."""
    return f"{limit.amount:g} {_UNITS[language][limit.unit]}"
