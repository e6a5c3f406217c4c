"""Where in a YAML file a field stands, and what to write there instead: for messages that people can act on."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

Place = Sequence[str | int]
EITHER = r"^(\d{2}|\d{4})?$"  # the group or the category of a rule


def line_of(root: yaml.Node | None, place: Place) -> int | None:
    """The line (from 1) of the field at `place`, or of the nearest thing around it that the file has."""
    if root is None:
        return None
    node, line = root, root.start_mark.line
    for step in place:
        found = _child(node, step)
        if found is None:
            break
        line, node = found
    return line + 1


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    """The line (from 0) and the value of one step; a field's line is that of its name."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    return None


def advice(error: ErrorDetails, shape: type[BaseModel]) -> str:
    """What to write instead of a wrong value or an unknown field, empty where nothing can be named."""
    context = error.get("ctx", {})
    if error["type"] in ("literal_error", "enum"):
        return f"；可写 {context['expected'].replace(' or ', ', ')} (may be written)"
    if error["type"] == "string_pattern_mismatch":
        return _form(context["pattern"])
    if error["type"] != "extra_forbidden":
        return ""
    near = get_close_matches(str(error["loc"][-1]), _fields_at(shape, error["loc"][:-1]), n=1)
    return f"；是不是 {near[0]}？did you mean {near[0]}?" if near else ""


def _form(pattern: str) -> str:
    """How many digits a code has, for the patterns of digits that the schema knows."""
    found = re.fullmatch(r"\^\\d\{(\d+)(?:,(\d+))?\}\$", pattern)
    if found is None:
        return "；应为两位或四位数字 write two or four digits" if pattern == EITHER else ""
    digits = found[1] if found[2] is None else f"{found[1]}-{found[2]}"
    return f"；应为 {digits} 位数字 write {digits} digits"


def _fields_at(shape: type[BaseModel], place: Place) -> list[str]:
    """The names that the row at `place` may have, as they are written in YAML."""
    kinds: list[Any] = [shape]
    for step in place:
        kinds = [
            kind.model_fields[name].annotation if name else kind
            for kind in kinds
            if (name := _field(kind, step)) is not None
        ]
        kinds = [model for kind in kinds for model in _models(kind)]
    return [field.alias or name for kind in kinds for name, field in kind.model_fields.items()]


def _field(model: type[BaseModel], step: str | int) -> str | None:
    """The field that a step leads to; empty for a step within a list or dict, which keeps the model."""
    for name, field in model.model_fields.items():
        if step in (name, field.alias):
            return name
    return ""


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The row models within an annotation such as `list[Row]` or `Row | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
