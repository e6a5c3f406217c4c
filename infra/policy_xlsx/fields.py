"""What kind of value the policy's schema wants in a field, found from the models themselves."""

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from gridward.policy import spelling
from gridward.policy.files import FILES
from gridward.policy.row import LimitText
from infra.policy_xlsx.tables import Nested

_LIMIT = get_args(LimitText)[1]


def columns(annotation: Any, above: str = "") -> list[str]:
    """The fields of a row model; those of a nested row by dotted path. A plain value has none."""
    found: list[str] = []
    for model in [one for one in _options(annotation) if _is_model(one)]:
        for name, field in model.model_fields.items():
            said = f"{above}{field.alias or name}"
            found += columns(field.annotation, f"{said}.") or [said]
    return found


def at(annotation: Any, place: Sequence[str]) -> Any:
    """The annotation of the value at `place`; None where the schema knows no such place."""
    for step in place:
        annotation = next((one for option in _options(annotation) for one in _within(option, step)), None)
    return annotation


def entry_of(annotation: Any, depth: int) -> Any:
    """The annotation of a table's entry: within a list, or `depth` dicts."""
    return at(annotation, ["[1]"] if depth == 0 else ["?"] * depth)


def entry_of_list(nested: Nested) -> Any:
    """The annotation of a row of a list that the entries of another table hold."""
    return at(FILES[nested.file], [nested.outer, "[1]" if nested.by else "?", nested.inner, "[1]"])


def is_list(annotation: Any) -> bool:
    return any(get_origin(one) is list for one in _options(annotation))


def has_hours(annotation: Any) -> bool:
    """Whether it is a list of hours, which people write as 08:00-18:00."""
    inner = at(annotation, ["[1]"])
    return any(_is_model(one) and set(one.model_fields) == {"start", "end"} for one in _options(inner))


def types(annotation: Any) -> set[Any]:
    return set(_options(annotation)) if annotation is not None else set()


def patterns(annotation: Any) -> list[str]:
    """The regular expressions that a text must match."""
    own = [one.pattern for one in _metadata(annotation) if getattr(one, "pattern", None)]
    return own + [found for part in get_args(annotation) for found in patterns(part)]


def is_checked_text(annotation: Any) -> bool:
    """Whether a text has a form of its own, such as a code or a limit, and is not free writing of some length.

    Words are written freely, whatever choices they are spelt with: 姓名： keeps its colon.
    """
    formed = any(
        getattr(one, "pattern", None) or getattr(one, "func", None) not in (None, spelling.checked)
        for one in _metadata(annotation)
    )
    return formed or any(is_checked_text(part) for part in get_args(annotation))


def is_limit(annotation: Any) -> bool:
    """Whether it is an amount of time, such as 4 WH."""
    return _LIMIT in _metadata(annotation) or any(is_limit(part) for part in get_args(annotation))


def allowed(annotation: Any) -> list[str]:
    """The values of a closed list, empty if any may be written."""
    if annotation is None:
        return []
    found: list[str] = []
    for one in _options(annotation):
        if get_origin(one) is Literal:
            found += [str(value) for value in get_args(one)]
        elif isinstance(one, type) and issubclass(one, Enum):
            found += [str(value.value) for value in one]
        elif one is bool:
            found += ["是", "否"]
    return found


def _metadata(annotation: Any) -> list[Any]:
    if get_origin(annotation) is not Annotated:
        return []
    flat: list[Any] = []
    for one in get_args(annotation)[1:]:
        flat += [one, *getattr(one, "metadata", ())]
    return flat


def _options(annotation: Any) -> Iterator[Any]:
    """The alternatives of a union, bare of `Annotated` and None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in (list, dict, Literal, tuple) or not get_args(annotation):
        if annotation is not type(None):
            yield annotation
    else:
        for part in get_args(annotation):
            yield from _options(part)


def _within(annotation: Any, step: str) -> Iterator[Any]:
    if get_origin(annotation) in (list, tuple):
        yield get_args(annotation)[0]
    elif get_origin(annotation) is dict:
        yield get_args(annotation)[1]
    elif _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if step in (name, field.alias):
                yield Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def key_of(annotation: Any, depth: int) -> Any:
    """The annotation of the keys `depth` dicts down."""
    for _ in range(depth):
        annotation = at(annotation, ["?"])
    found = next((one for one in _options(annotation) if get_origin(one) is dict), None)
    return get_args(found)[0] if found is not None else None
