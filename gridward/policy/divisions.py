"""A list of administrative divisions (行政区划, 12-digit codes) as places of the gazetteer.

A village committee's name (三联村委会, 城东社区居委会) is given to the village as people call it.
"""

import csv
import re
from collections.abc import Iterable, Iterator

from gridward.domain.errors import Refused
from gridward.policy.place_rows import PlaceEntry

COUNTY, TOWN, VILLAGE = 6, 9, 12  # digits of a code that say which

_COMMITTEE = re.compile("(.+?)(?:村民委员会|居民委员会|村委会|居委会|民委员会|委会)$")
_BODY = "村社区"


def places_of_divisions(lines: Iterable[str], under: str = "") -> list[PlaceEntry]:
    """Towns and villages of a CSV with the columns code12 and name, those whose code begins with `under`.

    Raises `Refused` with the line that is wrong, or when nothing is left.
    """
    rows = list(_rows(lines))
    names = {code: name for code, name in rows}
    found = [
        _place(code, name, names)
        for code, name in rows
        if code.startswith(under) and code[COUNTY:TOWN] != "000"
    ]
    if not found:
        raise Refused(
            f"没有以 {under or '任何编码'} 开头的乡镇或村，请检查 --under | no town or village of that code"
        )
    return found


def prefix_of(code: str) -> str:
    """What the codes of all that lies in a division begin with: a county, a town or a village."""
    outer = (code[:digits] for digits in (COUNTY, TOWN) if code[digits:] == "0" * (VILLAGE - digits))
    return next(outer, code)


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    table = csv.DictReader(lines)
    if not {"code12", "name"} <= set(table.fieldnames or ()):
        raise Refused("第一行要有 code12 和 name 两列，请改表头 | the columns code12 and name are needed")
    for number, row in enumerate(table, start=2):
        code, name = (row["code12"] or "").strip(), (row["name"] or "").strip()
        if not re.fullmatch(r"[0-9]{12}", code) or len(name) < 2:
            raise Refused(
                f"第 {number} 行：编码要 12 位数字，名称至少两个字 | line {number}: 12 digits and a name"
            )
        yield code, name


def _place(code: str, name: str, names: dict[str, str]) -> PlaceEntry:
    is_town = prefix_of(code) != code
    outer = names.get(code[: COUNTY if is_town else TOWN].ljust(VILLAGE, "0"))
    short = called(name)
    return PlaceEntry(
        name=short,
        kind="town" if is_town else "village",
        aliases=[name] if name != short else [],
        within=[outer] if outer else [],
        code=code,
    )


def called(name: str) -> str:
    """三联村委会 as 三联村, 城东社区居委会 as 城东社区, 东门居委会 as 东门社区."""
    body = _COMMITTEE.fullmatch(name)
    if body is None:
        return name
    plain = body[1]
    if plain.endswith(tuple(_BODY)) or plain.endswith("社区"):
        return plain
    return plain + ("村" if "村委会" in name or "村民" in name else "社区")
