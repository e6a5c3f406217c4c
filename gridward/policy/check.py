"""What only all five files together can show: names that lead nowhere, ties, units that nobody can find."""

from collections import Counter
from collections.abc import Iterable, Iterator

from gridward.policy import matters, repeats
from gridward.policy.assign import is_conditional, rule_id
from gridward.policy.history import mistakes
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.policy.ties import of_nearby, of_times, ties
from gridward.policy.unit_rows import UnitRow
from gridward.policy.units import PLACEHOLDER

TOWNSHIP_DIGITS = 9


def problems(bundle: PolicyBundle) -> list[str]:
    """Everything that makes the bundle unusable, each with file and place."""
    return [
        *_of_categories(bundle),
        *_of_words(bundle),
        *_of_rules(bundle),
        *of_times(bundle),
        *of_nearby(bundle),
        *ties(bundle),
        *matters.mistakes(bundle),
        *_of_accused(bundle),
        *_of_raises(bundle),
        *_of_across(bundle),
        *repeats.mistakes(bundle),
        *_of_units(bundle),
    ]


def warnings(bundle: PolicyBundle) -> list[str]:
    """What a county must still fill in; usable meanwhile."""
    return [
        f"units.yaml: {unit.code} {unit.name}: {field} 尚为“{PLACEHOLDER}”"
        for unit in bundle.units.units
        for field, person in (("duty", unit.duty), ("leader", unit.leader))
        if PLACEHOLDER in (person.name, person.phone)
    ]


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
    classes = bundle.limits.classes
    yield from (f"categories.yaml: {what}" for what in mistakes(bundle.categories))
    for row in bundle.categories.categories:
        if row.limit_class not in classes:
            yield f"categories.yaml: {row.code}: limit_class {row.limit_class} is not in limits.yaml"
    for field, name in (
        ("unsure.limit_class", bundle.limits.unsure.limit_class),
        ("urgent_class", bundle.limits.urgent_class),
    ):
        if name not in classes:
            yield f"limits.yaml: {field}: class {name} is not among the classes"
    for name, class_ in classes.items():
        if class_.ladder not in bundle.limits.ladders:
            yield f"limits.yaml: classes.{name}: ladder {class_.ladder} does not exist"


def _of_words(bundle: PolicyBundle) -> Iterator[str]:
    known = {row.code for row in bundle.categories.categories}
    for code in sorted(set(bundle.words.categories) - known):
        yield f"words.yaml: categories.{code}: there is no such category"


def _of_rules(bundle: PolicyBundle) -> Iterator[str]:
    table = bundle.responsibility
    if table.centre not in table.kinds:
        yield f"responsibility.yaml: centre: kind {table.centre} does not exist"
    for name, kind in table.kinds.items():
        if kind.backup is not None and kind.backup not in table.kinds:
            yield f"responsibility.yaml: kinds.{name}: backup {kind.backup} does not exist"
    for rule in table.rules:
        for one in (rule.lead, *rule.joint, *([rule.special] if rule.special else [])):
            if one not in table.kinds:
                yield f"responsibility.yaml: rule {rule_id(rule)}: kind {one} does not exist"
    for row in bundle.categories.categories:
        if not any(_everywhere(rule) and row.code.startswith(rule.category) for rule in table.rules):
            yield f"responsibility.yaml: category {row.code} has no rule that holds in every grid"


def _of_across(bundle: PolicyBundle) -> Iterator[str]:
    table = bundle.responsibility
    if table.across is None:
        return
    for kind in table.across.superiors:
        if kind not in table.kinds:
            yield f"responsibility.yaml: across.superiors: 没有“{kind}”这一类单位 (kind {kind} does not exist)"
    for prefix in table.across.categories:
        if not any(row.code.startswith(prefix) for row in bundle.categories.categories):
            yield f"responsibility.yaml: across.categories: 没有类别 {prefix} (there is no such category)"


def _of_raises(bundle: PolicyBundle) -> Iterator[str]:
    for rule in bundle.attributes.raises:
        if rule.limit_class not in bundle.limits.classes:
            yield f"attributes.yaml: raises: {rule.name}: 没有时限类别 {rule.limit_class} (no such class)"
        for flag in rule.flags:
            if flag not in bundle.attributes.flags:
                yield f"attributes.yaml: raises: {rule.name}: 没有标记 {flag} (there is no such flag)"
        for level in rule.tell:
            if level not in bundle.attributes.tells:
                yield (
                    f"attributes.yaml: raises: {rule.name}: tells 未写明 {level} 由哪类单位接收，请补上 "
                    f"(tells does not say which kind of unit speaks for the {level})"
                )
    for level, kind in bundle.attributes.tells.items():
        if kind not in bundle.responsibility.kinds:
            yield f"attributes.yaml: tells.{level}: 没有“{kind}”这一类单位 (kind {kind} does not exist)"


def _of_accused(bundle: PolicyBundle) -> Iterator[str]:
    rows, known = bundle.attributes.accused, bundle.responsibility.kinds
    for kind in (*rows.kinds, *rows.told, *([rows.instead] if rows.instead else [])):
        if kind not in known:
            yield f"attributes.yaml: accused: 没有“{kind}”这一类单位 (kind {kind} is not in responsibility.yaml)"
    categories = {row.code for row in bundle.categories.categories}
    for code in sorted(set(rows.matters) - categories):
        yield f"attributes.yaml: accused.matters: 没有类别 {code} (there is no category {code})"


def _everywhere(rule: RuleRow) -> bool:
    return rule.special is None and rule.area == "" and not is_conditional(rule)


def _of_units(bundle: PolicyBundle) -> Iterator[str]:
    units = {unit.code: unit for unit in bundle.units.units}
    if len(units) < len(bundle.units.units):
        yield "units.yaml: units: a code is given twice"
    for unit in bundle.units.units:
        yield from (f"units.yaml: {unit.code} {unit.name}: {what}" for what in _of_unit(unit, units, bundle))
    taken = Counter((kind, area) for unit in bundle.units.units for kind in unit.kinds for area in unit.areas)
    for (kind, area), times in taken.items():
        if times > 1:
            yield f"units.yaml: {times} units of kind {kind} claim area {area}"


def _of_unit(unit: UnitRow, units: dict[str, UnitRow], bundle: PolicyBundle) -> Iterator[str]:
    kinds = bundle.responsibility.kinds
    for kind in unit.kinds:
        if kind not in kinds:
            yield f"kind {kind} is not in responsibility.yaml"
    for field, code in (("parent", unit.parent), ("backup", unit.backup)):
        if code is not None and (code not in units or code == unit.code):
            yield f"{field} {code} is no other unit"
    if unit.backup in units:
        missing = _powers(unit, bundle) - _powers(units[unit.backup], bundle)
        if missing or not _powers(unit, bundle):
            yield f"backup {unit.backup} lacks the legal power that the unit has"


def _powers(unit: UnitRow, bundle: PolicyBundle) -> set[str]:
    kinds = bundle.responsibility.kinds
    return {power for kind in unit.kinds if kind in kinds and (power := kinds[kind].power)}
