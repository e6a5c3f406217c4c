"""Slips that leave a policy usable and are seldom meant: a place in another county, a unit above itself, a limit that
ends before it begins.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from gridward.domain.limits import Limit, LimitUnit
from gridward.policy.distance import metres
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.problem import Problem
from gridward.policy.schema import PolicyBundle
from gridward.policy.unit_rows import UnitRow

FAR_M = 150_000.0  # no county reaches so far from its middle but a few of the west, where this is only a hint
FEW = 3  # of fewer nobody can say which is the odd one
COUNTY_DIGITS = 6

# In minutes, the least and the most that an amount of each may be by the clock: working hours do not run at night.
_LEAST = {
    LimitUnit.MINUTE: 1,
    LimitUnit.URGENT_HOUR: 60,
    LimitUnit.WORK_HOUR: 60,
    LimitUnit.WORK_DAY: 480,
    LimitUnit.DAY: 1440,
}
_MOST = {
    LimitUnit.MINUTE: 1,
    LimitUnit.URGENT_HOUR: 60,
    LimitUnit.WORK_HOUR: 180,
    LimitUnit.WORK_DAY: 1440,
    LimitUnit.DAY: 1440,
}


def mistakes(bundle: PolicyBundle) -> list[Problem]:
    """What cannot be meant, whoever wrote it."""
    return [*_above_themselves(bundle.units.units), *_finished_before_accepted(bundle)]


def oddities(bundle: PolicyBundle) -> list[Problem]:
    """What is probably a slip, and may be meant."""
    return [*_far_places(bundle.gazetteer.places), *_areas_elsewhere(bundle.units.units)]


def _above_themselves(units: Sequence[UnitRow]) -> Iterator[Problem]:
    parents = {unit.code: unit.parent for unit in units}
    for number, unit in enumerate(units):
        seen: list[str] = []
        code = unit.parent
        while code is not None and code not in seen and code != unit.code:
            seen.append(code)
            code = parents.get(code)
        if code == unit.code and unit.parent != unit.code:
            way = " → ".join((unit.code, *seen, unit.code))
            yield Problem(
                "units",
                ("units", number, "parent"),
                f"上级绕回了自己 {way}，请改一处 is above itself: change one of them",
                about=f"{unit.code} {unit.name}",
            )


def _finished_before_accepted(bundle: PolicyBundle) -> Iterator[Problem]:
    classes = bundle.limits.classes
    for name, row in classes.items():
        for kind, text in (("accept", row.accept), ("contact", row.contact)):
            if text is not None and _surely_longer(text, row.finish):
                yield Problem(
                    "limits",
                    ("classes", name, "finish"),
                    f"办结时限 {row.finish} 短于 {kind} {text}，请改一处 is shorter than {kind}: change one of them",
                )


def _surely_longer(one: str, other: str) -> bool:
    first, second = Limit.parse(one), Limit.parse(other)
    if first.unit == second.unit:
        return first.amount > second.amount
    return first.amount * _LEAST[first.unit] > second.amount * _MOST[second.unit]


def _far_places(places: Sequence[PlaceEntry]) -> Iterator[Problem]:
    placed = [
        (n, one.lon, one.lat) for n, one in enumerate(places) if one.lon is not None and one.lat is not None
    ]
    if len(placed) < FEW:
        return
    middle = median(lon for _, lon, _ in placed), median(lat for _, _, lat in placed)
    for number, lon, lat in placed:
        away = metres(lon, lat, *middle)
        if away > FAR_M:
            swapped = (
                "；经纬度是不是写反了？are lon and lat swapped?" if metres(lat, lon, *middle) <= FAR_M else ""
            )
            yield Problem(
                "gazetteer",
                ("places", number, "lon"),
                f"距其他地名 {away / 1000:.0f} 公里，请核对坐标 is {away / 1000:.0f} km from the others{swapped}",
                about=places[number].name,
            )


def _areas_elsewhere(units: Sequence[UnitRow]) -> Iterator[Problem]:
    counties = Counter(
        area[:COUNTY_DIGITS] for unit in units for area in unit.areas if len(area) >= COUNTY_DIGITS
    )
    if sum(counties.values()) < FEW:
        return
    ((usual, most), *others) = counties.most_common()
    if most <= sum(count for _, count in others):
        return
    for number, unit in enumerate(units):
        for index, area in enumerate(unit.areas):
            if len(area) >= COUNTY_DIGITS and area[:COUNTY_DIGITS] != usual:
                yield Problem(
                    "units",
                    ("units", number, "areas", index),
                    f"区域 {area} 不在 {usual} 县内，请核对 lies outside {usual}, where the others are",
                    about=f"{unit.code} {unit.name}",
                )
