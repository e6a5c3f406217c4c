"""From a bundle back to YAML files that people can go on writing: one row a line; comments are not kept."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

import yaml
from pydantic import BaseModel

from gridward.policy.schema import PolicyBundle

WIDTH = 110  # characters of a line, where a list of words is broken
ROW_WIDTH = 400  # a longer row is written with a line for each field
PLAIN = re.compile(r"[\w一-鿿（）／、，。]([\w一-鿿（）／、，。 ./-]*[\w一-鿿（）／、，。])?")

RESOLVER = yaml.resolver.Resolver()


def files_of(bundle: PolicyBundle) -> dict[str, str]:
    """File name -> YAML text; read back, they are the same policy."""
    return {f"{name}.yaml": "\n".join(_block(data)) + "\n" for name, data in plain(bundle).items()}


def files_of_data(data: Mapping[str, Any]) -> dict[str, str]:
    """The same of a version's data as it is stored, whatever is wrong with it."""
    return {
        f"{name}.yaml": "\n".join(_block(part) if isinstance(part, dict) else [_flow(part)]) + "\n"
        for name, part in data.items()
    }


def plain(bundle: BaseModel) -> dict[str, Any]:
    """The data as people write it: texts, numbers, lists and dicts, without optional fields that say nothing.

    An optional figure is written out even where it has its default, which a later program might change.
    """
    whole = bundle.model_dump(by_alias=True)
    given = bundle.model_dump(by_alias=True, exclude_defaults=True)
    return {name: _said(part, given.get(name, {})) for name, part in whole.items() if part is not None}


def _said(whole: Any, given: Any) -> Any:
    if isinstance(whole, dict):
        said = given if isinstance(given, dict) else {}
        return {
            _scalar(key): _said(one, said.get(key))
            for key, one in whole.items()
            if key in said or not _says_nothing(one)
        }
    if isinstance(whole, list | tuple):
        rows = given if isinstance(given, list | tuple) else [None] * len(whole)
        return [_said(one, row) for one, row in zip(whole, rows, strict=True)]
    return _scalar(whole)


def _says_nothing(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {}, ())


def _scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _block(data: dict[Any, Any], indent: str = "") -> Iterator[str]:
    for key, value in data.items():
        yield from _field(f"{indent}{_text(key)}:", value, indent)


def _field(name: str, value: Any, indent: str) -> Iterator[str]:
    """One field: on its own line if it is a row, else with a line for each row in it."""
    line = f"{name} {_flow(value)}"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield name
        for row in value:
            yield from _item(row, f"{indent}  ")
    elif isinstance(value, dict) and value and (not indent or len(line) > WIDTH * 2 or _holds_rows(value)):
        yield name
        yield from _block(value, f"{indent}  ")
    elif isinstance(value, list) and len(line) > WIDTH:
        yield f"{name} ["
        yield from _wrapped(value, f"{indent}  ")
        yield f"{indent}  ]"
    else:
        yield line


def _item(row: Any, indent: str) -> Iterator[str]:
    line = f"{indent}- {_flow(row)}"
    if len(line) <= ROW_WIDTH or not isinstance(row, dict):
        yield line
        return
    first, *rest = _block(row, f"{indent}  ")
    yield f"{indent}- {first.lstrip()}"
    yield from rest


def _holds_rows(value: dict[Any, Any]) -> bool:
    return any(isinstance(one, list) and one and isinstance(one[0], dict) for one in value.values())


def _wrapped(words: list[Any], indent: str) -> Iterator[str]:
    line = indent
    for word in words:
        one = f"{_flow(word)}, "
        if len(line) + len(one) > WIDTH and line.strip():
            yield line.rstrip()
            line = indent
        line += one
    yield line.rstrip().rstrip(",")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _text(value)


def _text(value: Any) -> str:
    """A scalar; a text that YAML would take for something else is quoted."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if not isinstance(value, str):
        return str(value)
    if PLAIN.fullmatch(value) and not value[0].isdigit() and _is_text(value):
        return value
    if re.fullmatch(r"\d+ [A-Z]+", value):  # a limit, such as 4 WH
        return value
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(one if one.isprintable() else f"\\U{ord(one):08x}" for one in quoted)


def _is_text(value: str) -> bool:
    """Whether YAML reads the bare word as text, and not as a number, a truth or nothing."""
    tag: str = RESOLVER.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return tag == "tag:yaml.org,2002:str"
