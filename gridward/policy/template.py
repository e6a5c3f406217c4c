"""A first units file for a county: one unit of each kind for every township of its boundaries.

Names and codes are filled in; who is on duty, and under which number, is left for the county to give (待填).
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import yaml

from gridward.policy.divisions import TOWN
from gridward.policy.schema import KindRow, Responsibility
from gridward.policy.unit_rows import Person, UnitRow, Units
from gridward.policy.units import PLACEHOLDER

COUNTY_DIGITS = 6
TO_BE_GIVEN = Person(name=PLACEHOLDER, phone=PLACEHOLDER)
HEAD = f"""\
# 责任单位 Units, made from the published boundaries. Replace every {PLACEHOLDER}, give units their real names, add
# units and areas as needed (areas: prefixes of grid codes, the longest that fits wins), then
# gridward units import this-file.yaml
"""


def template(table: Responsibility, townships: Mapping[str, str]) -> Units:
    """Units for `townships` (9-digit code -> name) and the counties that they lie in."""
    numbers: Counter[str] = Counter()
    units: list[UnitRow] = []
    county_units: dict[tuple[str, str], str] = {}
    for county in sorted({code[:COUNTY_DIGITS] for code in townships}):
        for kind, row in _of_level(table, "county"):
            unit = _unit(county, f"县{kind}", kind, row, numbers)
            county_units[county, kind] = unit.code
            units.append(unit)
    for township, name in sorted(townships.items()):
        units += _of_township(township, name, table, county_units, numbers)
    return Units(units=units)


def _of_township(
    township: str,
    name: str,
    table: Responsibility,
    county_units: Mapping[tuple[str, str], str],
    numbers: Counter[str],
) -> list[UnitRow]:
    """The centre comes first, since the others stand under it, or under the county unit that backs them up."""
    kinds = sorted(_of_level(table, "township"), key=lambda item: item[0] != table.centre)
    units: list[UnitRow] = []
    centre: str | None = None
    for kind, row in kinds:
        backup = county_units.get((township[:COUNTY_DIGITS], row.backup)) if row.backup else None
        unit = _unit(township, f"{name}{kind}", kind, row, numbers, parent=backup or centre, backup=backup)
        centre = centre or (unit.code if kind == table.centre else None)
        units.append(unit)
    return units


def _of_level(table: Responsibility, level: str) -> list[tuple[str, KindRow]]:
    return [(kind, row) for kind, row in table.kinds.items() if row.level == level]


def _unit(
    area: str,
    name: str,
    kind: str,
    row: KindRow,
    numbers: Counter[str],
    parent: str | None = None,
    backup: str | None = None,
) -> UnitRow:
    prefix = area.ljust(TOWN, "0") + row.unit_class
    numbers[prefix] += 1
    return UnitRow(
        code=f"{prefix}{numbers[prefix]:03d}",
        name=name,
        kinds=[kind],
        areas=[area],
        parent=parent,
        backup=backup,
        duty=TO_BE_GIVEN,
        leader=TO_BE_GIVEN,
    )


def townships_of(codes_and_names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """9-digit township code -> name, from grids; the name is known only where a grid is a whole township."""
    townships: dict[str, str] = {}
    for code, name in codes_and_names:
        whole = code[TOWN:].strip("0") == ""
        township = code[:TOWN]
        if whole or township not in townships:
            townships[township] = name if whole else township
    return townships


def as_yaml(units: Units) -> str:
    """The file, one unit a line group, Chinese left readable."""
    rows = [row.model_dump(mode="json", exclude_none=True, exclude={"roster"}) for row in units.units]
    return HEAD + yaml.safe_dump({"units": rows}, allow_unicode=True, sort_keys=False, width=110)
