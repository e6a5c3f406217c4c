"""What only all five files together can show: names that lead nowhere, ties, units that nobody can find."""

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator
from difflib import get_close_matches

from gridward.policy import matters, plausible
from gridward.policy.assign import is_conditional, rule_id
from gridward.policy.codes import unknown_codes
from gridward.policy.history import mistakes
from gridward.policy.problem import Problem
from gridward.policy.references import unknown_names
from gridward.policy.schema import EVERY_FILE, PolicyBundle, RuleRow
from gridward.policy.ties import of_times, ties
from gridward.policy.unit_rows import UnitRow
from gridward.policy.units import PLACEHOLDER


def problems(bundle: PolicyBundle, readable: Collection[str] = EVERY_FILE) -> list[str]:
    """Everything that makes the bundle unusable, each with file and place.

    `readable`: the only files of it that may be read; what takes another is not compared.
    """
    return [
        *unknown_names(bundle, readable),
        *(one for one in unknown_codes(bundle, readable) if _makes_unusable(one)),
        *(one for reads, compare in COMPARISONS if reads <= set(readable) for one in compare(bundle)),
    ]


def slips(bundle: PolicyBundle, readable: Collection[str] = EVERY_FILE) -> list[Problem]:
    """What is refused where somebody writes it, and goes without effect in versions that were published with it.

    `readable` as for `problems`.
    """
    wrong = [one for one in unknown_codes(bundle, readable) if not _makes_unusable(one)]
    return [*wrong, *(plausible.mistakes(bundle) if {"limits", "units"} <= set(readable) else ())]


def _makes_unusable(code: Problem) -> bool:
    file, place = code.spots[0]
    return (file, place[0]) == ("words", "categories") or place[:2] == ("accused", "matters")


def warnings(bundle: PolicyBundle) -> list[str]:
    """What a county must still fill in, and what is probably a slip; usable meanwhile."""
    return [*_unstaffed(bundle), *_not_filled_in(bundle), *plausible.oddities(bundle)]


def _unstaffed(bundle: PolicyBundle) -> Iterator[Problem]:
    """Kinds that rules name and no unit is of, at the first rule that names each."""
    there = {kind for unit in bundle.units.units for kind in unit.kinds}
    for number, rule in enumerate(bundle.responsibility.rules):
        for kind in (rule.lead, *rule.joint):
            if kind not in there:
                there.add(kind)
                yield Problem(
                    "responsibility",
                    ("rules", number, "lead" if kind == rule.lead else "joint"),
                    f"单位表中没有{kind}，这样的事项归派单席 no unit is of kind {kind}: the desk gets such matters",
                    about=f"rule {rule_id(rule)}",
                )


def _not_filled_in(bundle: PolicyBundle) -> Iterator[Problem]:
    for number, unit in enumerate(bundle.units.units):
        for field, person in (("duty", unit.duty), ("leader", unit.leader)):
            if PLACEHOLDER in (person.name, person.phone):
                yield Problem(
                    "units",
                    ("units", number, field),
                    f"{field} 尚为“{PLACEHOLDER}” is to be filled in",
                    about=f"{unit.code} {unit.name}",
                )


def unserved(bundle: PolicyBundle, townships: Iterable[str]) -> list[str]:
    """The kinds that rules name but no unit of which covers a township (9-digit code), one line each."""
    needed = {kind for rule in bundle.responsibility.rules for kind in (rule.lead, *rule.joint)}
    return [
        f"{township}: 没有{kind}"
        for township in sorted(set(townships))
        for kind in sorted(needed)
        if not any(_covers(unit, kind, township) for unit in bundle.units.units)
    ]


def _covers(unit: UnitRow, kind: str, township: str) -> bool:
    return kind in unit.kinds and any(township.startswith(area) for area in unit.areas)


def _of_categories(bundle: PolicyBundle) -> Iterator[str]:
    for number, what in mistakes(bundle.categories):
        yield Problem("categories", ("changes",) if number is None else ("changes", number), what)


def _of_rules(bundle: PolicyBundle) -> Iterator[str]:
    table = bundle.responsibility
    for number, row in enumerate(bundle.categories.categories):
        if not any(_everywhere(rule) and row.code.startswith(rule.category) for rule in table.rules):
            yield Problem(
                "responsibility",
                ("rules",),
                f"类别 {row.code} {row.name} 没有适用于所有网格的规则，请加一条 "
                f"category {row.code} has no rule that holds in every grid: add one",
                ("categories", ("categories", number, "code")),
            )


def _of_levels(bundle: PolicyBundle) -> Iterator[Problem]:
    tells = bundle.attributes.tells
    for number, rule in enumerate(bundle.attributes.raises):
        for index, level in enumerate(rule.tell):
            if level not in tells:
                yield Problem(
                    "attributes",
                    ("raises", number, "tell", index),
                    f"tells 未写明 {level} 由哪类单位接收，请补上 tells does not say which kind of unit speaks for it",
                    about=f"raises: {rule.name}",
                )


def _everywhere(rule: RuleRow) -> bool:
    return rule.special is None and rule.area == "" and not is_conditional(rule)


def _of_units(bundle: PolicyBundle) -> Iterator[str]:
    units = {unit.code: unit for unit in bundle.units.units}
    codes: dict[str, int] = {}
    claims: dict[tuple[str, str], list[int]] = {}
    for number, unit in enumerate(bundle.units.units):
        if unit.code in codes:
            yield Problem(
                "units",
                ("units", number, "code"),
                f"单位代码 {unit.code} 写了两次，请只留一条 is given twice: keep one",
                ("units", ("units", codes[unit.code], "code")),
            )
        codes.setdefault(unit.code, number)
        for field, what in _of_unit(unit, units, bundle):
            yield Problem("units", ("units", number, field), what, about=f"{unit.code} {unit.name}")
        for claim in itertools.product(unit.kinds, unit.areas):
            claims.setdefault(claim, []).append(number)
    for (kind, area), numbers in claims.items():
        if len(numbers) > 1:
            first, *others = [("units", ("units", number, "areas")) for number in numbers]
            yield Problem(
                *first,
                f"{len(numbers)} 个{kind}都服务区域 {area}，请只留一个 "
                f"{len(numbers)} units of kind {kind} claim area {area}: keep one",
                *others,
            )


def _of_unit(unit: UnitRow, units: dict[str, UnitRow], bundle: PolicyBundle) -> Iterator[tuple[str, str]]:
    for field, code in (("parent", unit.parent), ("backup", unit.backup)):
        if code is not None and (code not in units or code == unit.code):
            near = get_close_matches(code, set(units) - {unit.code}, n=1, cutoff=0.9)
            meant = f"；是不是 {near[0]} {units[near[0]].name}？did you mean {near[0]}?" if near else ""
            yield field, f"{code} 不是别的单位的代码 {field} {code} is no other unit{meant}"
    if unit.backup in units:
        missing = _powers(unit, bundle) - _powers(units[unit.backup], bundle)
        if missing or not _powers(unit, bundle):
            yield (
                "backup",
                f"{unit.backup} 没有本单位的法定权力，不能作后备 lacks the legal power that the unit has",
            )


def _powers(unit: UnitRow, bundle: PolicyBundle) -> set[str]:
    kinds = bundle.responsibility.kinds
    return {power for kind in unit.kinds if kind in kinds and (power := kinds[kind].power)}


# What compares tables, with the files that each reads.
COMPARISONS: tuple[tuple[frozenset[str], Callable[[PolicyBundle], Iterable[str]]], ...] = (
    (frozenset({"categories"}), _of_categories),
    (frozenset({"categories", "responsibility"}), _of_rules),
    (frozenset({"responsibility"}), of_times),
    (frozenset({"responsibility", "units"}), ties),
    (frozenset({"attributes", "categories", "responsibility"}), matters.mistakes),
    (frozenset({"attributes"}), _of_levels),
    (frozenset({"responsibility", "units"}), _of_units),
)
