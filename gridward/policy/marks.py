"""Where in a YAML file a field stands, how its value is written there, and which fields its row may have."""

from collections.abc import Iterator, Sequence
from typing import Any, get_args

import yaml
from pydantic import BaseModel

Place = Sequence[str | int]


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


def written_at(root: yaml.Node | None, place: Place) -> str | None:
    """The value at `place` as it stands in the file; None if it is no single word, number or text."""
    node = root
    for step in place:
        found = _child(node, step) if node is not None else None
        node = found[1] if found else None
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    """The line (from 0) and the value of one step; a field's line is that of its name."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return key.start_mark.line, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line, node.value[step]
    return None


def fields_at(shape: type[BaseModel], place: Place) -> list[str]:
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
