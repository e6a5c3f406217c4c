"""The words of the one glossary (词汇表), which pages, API and notices share."""

import json
from functools import cache
from importlib import resources

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
