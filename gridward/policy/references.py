"""Names in a policy's rows that must lead somewhere: kinds of unit, classes of limits, ladders, windows, flags."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from gridward.policy.assign import rule_id
from gridward.policy.problem import Place, Problem
from gridward.policy.schema import EVERY_FILE, PolicyBundle

Sort = Literal["kind", "class", "ladder", "window", "flag", "group"]
CALLED: dict[Sort, tuple[str, str]] = {
    "kind": ("单位类型", "kind of unit"),
    "class": ("时限类", "class of limits"),
    "ladder": ("提级方案", "ladder"),
    "window": ("时段", "window"),
    "flag": ("标记", "flag"),
    "group": ("大类", "group"),
}

MOST = 12  # names that are listed where none is near


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a row uses. `about` is what people call the row."""

    sort: Sort
    name: str | None
    file: str
    place: Place
    about: str = ""


def unknown_names(bundle: PolicyBundle, readable: Collection[str] = EVERY_FILE) -> Iterator[Problem]:
    """One for each name that nothing has, where it stands first, with the name that was meant where one is near.

    `readable`: the only files of the bundle that may be read.
    """
    unknown: dict[tuple[Sort, str], list[Reference]] = {}
    known = {sort: names(bundle) for sort, (file, names) in HELD.items() if file in readable}
    units = bundle.units.units if "units" in readable else ()
    kinds_of_units = {unit.name: "、".join(unit.kinds) for unit in units}
    for one in references(bundle, readable):
        if one.name is not None and one.sort in known and one.name not in known[one.sort]:
            unknown.setdefault((one.sort, one.name), []).append(one)
    for (_, name), (one, *others) in unknown.items():
        chinese, english = CALLED[one.sort]
        what = f"没有{chinese}“{name}” there is no {english} {name}"
        if one.sort == "kind" and name in kinds_of_units:
            what += f"；这是单位的名称，请写类型 {kinds_of_units[name]} (a unit's name: write its kind)"
        elif near := get_close_matches(name, known[one.sort], n=1, cutoff=0.5):
            what += f"；是不是 {near[0]}？did you mean {near[0]}?"
        else:
            what += f"；可写 (may be written): {'、'.join(list(known[one.sort])[:MOST])}"
        if others:
            what += f"；另有 {len(others)} 处也这样写 and in {len(others)} more places"
        yield Problem(one.file, one.place, what, about=one.about)


# The file that has the names of each sort, and where in it.
HELD: dict[Sort, tuple[str, Callable[[PolicyBundle], Mapping[str, object]]]] = {
    "kind": ("responsibility", lambda bundle: bundle.responsibility.kinds),
    "class": ("limits", lambda bundle: bundle.limits.classes),
    "ladder": ("limits", lambda bundle: bundle.limits.ladders),
    "window": ("responsibility", lambda bundle: bundle.responsibility.windows),
    "flag": ("attributes", lambda bundle: bundle.attributes.flags),
    "group": ("categories", lambda bundle: bundle.categories.groups),
}


def references(bundle: PolicyBundle, readable: Collection[str]) -> Iterator[Reference]:
    for file, of_file in USED.items():
        if file in readable:
            yield from of_file(bundle)


def _of_categories(bundle: PolicyBundle) -> Iterator[Reference]:
    for number, row in enumerate(bundle.categories.categories):
        place = ("categories", number, "limit_class")
        yield Reference("class", row.limit_class, "categories", place, f"{row.code}: limit_class")


def _of_limits(bundle: PolicyBundle) -> Iterator[Reference]:
    limits = bundle.limits
    yield Reference("class", limits.unsure.limit_class, "limits", ("unsure", "limit_class"))
    yield Reference("class", limits.urgent_class, "limits", ("urgent_class",))
    for name, row in limits.classes.items():
        yield Reference("ladder", row.ladder, "limits", ("classes", name, "ladder"))


def _of_responsibility(bundle: PolicyBundle) -> Iterator[Reference]:
    table, file = bundle.responsibility, "responsibility"
    yield Reference("kind", table.centre, file, ("centre",))
    for name, row in table.kinds.items():
        yield Reference("kind", row.backup, file, ("kinds", name, "backup"))
    for number, rule in enumerate(table.rules):
        about, at = f"rule {rule_id(rule)}", ("rules", number)
        yield Reference("kind", rule.lead, file, (*at, "lead"), about)
        yield Reference("kind", rule.special, file, (*at, "special"), about)
        yield Reference("window", rule.when, file, (*at, "when"), about)
        yield Reference("class", rule.limit_class, file, (*at, "limit_class"), about)
        for index, kind in enumerate(rule.joint):
            yield Reference("kind", kind, file, (*at, "joint", index), about)
    for number, near in enumerate(table.nearby):
        about, at = f"nearby: {near.special}", ("nearby", number)
        for field, kind in (("special", near.special), ("lead", near.lead), ("told", near.told)):
            yield Reference("kind", kind, file, (*at, field), about)
        yield Reference("window", near.when, file, (*at, "when"), about)
        for index, group in enumerate(near.groups):
            yield Reference("group", group, file, (*at, "groups", index), about)
    for index, kind in enumerate(table.across.superiors if table.across else ()):
        yield Reference("kind", kind, file, ("across", "superiors", index))
    for number, matter in enumerate(table.matters):
        for index, kind in enumerate(matter.never_led_by):
            place = ("matters", number, "never_led_by", index)
            yield Reference("kind", kind, file, place, f"matters: {matter.category}")


def _of_attributes(bundle: PolicyBundle) -> Iterator[Reference]:
    accused, file = bundle.attributes.accused, "attributes"
    for kind in accused.kinds:
        yield Reference("kind", kind, file, ("accused", "kinds", kind))
    for kind in accused.staff:
        yield Reference("kind", kind, file, ("accused", "staff", kind))
    for index, kind in enumerate(accused.told):
        yield Reference("kind", kind, file, ("accused", "told", index))
    yield Reference("kind", accused.instead, file, ("accused", "instead"))
    for level, kind in bundle.attributes.tells.items():
        yield Reference("kind", kind, file, ("tells", level))
    for number, row in enumerate(bundle.attributes.raises):
        about, at = f"raises: {row.name}", ("raises", number)
        yield Reference("class", row.limit_class, file, (*at, "limit_class"), about)
        yield Reference("kind", row.lead, file, (*at, "lead"), about)
        for index, kind in enumerate(row.joint):
            yield Reference("kind", kind, file, (*at, "joint", index), about)
        for index, flag in enumerate(row.flags):
            yield Reference("flag", flag, file, (*at, "flags", index), about)
        for index, flag in enumerate(row.beside):
            yield Reference("flag", flag, file, (*at, "beside", index), about)


def _of_repeats(bundle: PolicyBundle) -> Iterator[Reference]:
    rows = bundle.same.repeat
    for name, stricter in rows.steps.items():
        for one in (name, stricter):
            yield Reference("class", one, "same", ("repeat", "steps", name))
    for index, flag in enumerate(rows.facts):
        yield Reference("flag", flag, "same", ("repeat", "facts", index))
    for index, kind in enumerate(bundle.same.graver.joins):
        yield Reference("kind", kind, "same", ("graver", "joins", index))
    for index, flag in enumerate(bundle.same.graver.joins_on):
        yield Reference("flag", flag, "same", ("graver", "joins_on", index))
    for group in bundle.same.graver.becomes or ():  # what it becomes is looked for among all codes
        yield Reference("group", group, "same", ("graver", "becomes", group))


def _of_units(bundle: PolicyBundle) -> Iterator[Reference]:
    for number, unit in enumerate(bundle.units.units):
        about = f"{unit.code} {unit.name}"
        for index, kind in enumerate(unit.kinds):
            yield Reference("kind", kind, "units", ("units", number, "kinds", index), about)


# The names that each file uses.
USED: dict[str, Callable[[PolicyBundle], Iterator[Reference]]] = {
    "categories": _of_categories,
    "limits": _of_limits,
    "responsibility": _of_responsibility,
    "attributes": _of_attributes,
    "same": _of_repeats,
    "units": _of_units,
}
