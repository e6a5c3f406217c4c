"""Codes of categories (事项类别) wherever a policy's rows speak of them, and those that name no category any more."""

from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Any, get_args, get_origin
from unicodedata import normalize

from pydantic import BaseModel

from gridward.policy.category_rows import Categories
from gridward.policy.history import today
from gridward.policy.problem import Place, Problem
from gridward.policy.schema import EVERY_FILE, PolicyBundle

# A text of such a form is a category or its group.
FORMS = {r"^\d{4}$", r"^(\d{2}|\d{4})$", r"^(\d{2}|\d{4})?$"}
MOST = 3  # codes that are offered for one that is none
OWN = "categories"  # the file that says which codes there are


def unknown_codes(bundle: PolicyBundle, readable: Collection[str] = EVERY_FILE) -> Iterator[Problem]:
    """One for each code that is no category and no group, with the code to write in its place where that is known.

    `readable`: the only files of the bundle that may be read.
    """
    if OWN not in readable:
        return
    known = {row.code for row in bundle.categories.categories} | set(bundle.categories.groups)
    for file in PolicyBundle.model_fields:
        if file == OWN or file not in readable:
            continue
        for place, code in codes_in(getattr(bundle, file)):
            if code and code not in known:
                yield Problem(file, place, _instead(code, bundle.categories))


def codes_in(row: BaseModel, above: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every code within a row, found by the form that its field has; a field that comes later is found as well."""
    for name, field in type(row).model_fields.items():
        wanted = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        yield from _within(getattr(row, name), wanted, (*above, field.alias or name))


def _within(value: Any, wanted: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, BaseModel):
        yield from codes_in(value, place)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _within(one, _part(wanted, list, 0), (*place, number))
    elif isinstance(value, dict):
        for key, one in value.items():
            step = (*place, key)
            yield from _within(key, _part(wanted, dict, 0), step)
            yield from _within(one, _part(wanted, dict, 1), step)
    elif isinstance(value, str) and _is_code(wanted):
        yield place, value


def _part(wanted: Any, origin: type, number: int) -> Any:
    """What a list's entries (0), a dict's keys (0) or its values (1) are."""
    if get_origin(wanted) is origin:
        return get_args(wanted)[number]
    parts = (_part(one, origin, number) for one in get_args(wanted) if get_args(one))
    return next((one for one in parts if one is not None), None)


def _is_code(wanted: Any) -> bool:
    if get_origin(wanted) is not Annotated:
        return any(_is_code(one) for one in get_args(wanted))
    text, *marks = get_args(wanted)
    flat = [one for mark in marks for one in (mark, *getattr(mark, "metadata", ()))]
    return any(getattr(one, "pattern", None) in FORMS for one in flat) or _is_code(text)


def _instead(code: str, table: Categories) -> str:
    names = {row.code: row.name for row in table.categories}
    change = next((one for one in table.changes if code in one.sources), None)
    if change is None:
        meant = "、".join(f"{one} {names[one]}" for one in _near(normalize("NFKC", code), names))
        also = f"；是不是 {meant}？did you mean one of these?" if meant else ""
        return f"没有类别 {code} there is no category {code}{also}"
    heirs = sorted(today(code, table))
    if not heirs:
        return (
            f"类别 {code} 自 {change.since} 起停用，无类别接替，请删去这一处 "
            f"category {code} was retired without a successor: remove it here"
        )
    return (
        f"类别 {code} 自 {change.since} 起停用，请改写 {'、'.join(f'{one} {names[one]}' for one in heirs)} "
        f"category {code} was retired: write {' or '.join(heirs)}"
    )


def _near(code: str, codes: Iterable[str]) -> list[str]:
    """Codes that a slip makes of one another: two digits changed round, else one digit wrong; at most three."""
    alike = [one for one in codes if len(one) == len(code)]
    turned = [one for one in alike if sorted(one) == sorted(code) and _apart(one, code) <= 2]
    return (turned or [one for one in alike if _apart(one, code) == 1])[:MOST]


def _apart(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))
