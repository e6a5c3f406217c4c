"""A policy beside a boundary set: areas that hold no grid and places that lie in none, where no report will be."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from geo.index import GridIndex
from geo.verdict import OUTSIDE
from gridward.domain.place import GridRecord, Point
from gridward.policy.assign import rule_id
from gridward.policy.divisions import prefix_of
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.problem import Place, Problem
from gridward.policy.schema import PolicyBundle


def off_the_map(bundle: PolicyBundle, records: Sequence[GridRecord]) -> list[Problem]:
    """One warning for each area of a unit or a rule that no grid of the set (WGS 84) is in, and for each such place."""
    codes = sorted(record.code for record in records)
    return [
        *_areas(bundle, codes),
        *_divisions(bundle.gazetteer.places, codes),
        *_points(bundle, GridIndex(records, 0)),
    ]


def _areas(bundle: PolicyBundle, codes: Sequence[str]) -> Iterator[Problem]:
    empty = "区域 {} 内没有网格，请核对代码 no grid of the boundaries in force lies in it"
    for number, unit in enumerate(bundle.units.units):
        for index, area in enumerate(unit.areas):
            if not _has_grid(area, codes):
                at: Place = ("units", number, "areas", index)
                yield Problem("units", at, empty.format(area), about=f"{unit.code} {unit.name}")
    for number, rule in enumerate(bundle.responsibility.rules):
        if not _has_grid(rule.area, codes):
            at = ("rules", number, "area")
            yield Problem("responsibility", at, empty.format(rule.area), about=f"rule {rule_id(rule)}")


def _divisions(places: Sequence[PlaceEntry], codes: Sequence[str]) -> Iterator[Problem]:
    for number, place in enumerate(places):
        for field, code in (("grid", place.grid), ("code", place.code)):
            if code is not None and not _has_grid(prefix_of(code), codes):
                yield Problem(
                    "gazetteer",
                    ("places", number, field),
                    f"{code} 内没有网格，按它派不到网格 no grid of the boundaries in force lies in {code}",
                    about=place.name,
                )


def _points(bundle: PolicyBundle, index: GridIndex) -> Iterator[Problem]:
    """A place that is coarse may have its point beyond the border and still reach a grid."""
    places = bundle.gazetteer.places
    points = [
        Point(one.lon, one.lat, one.precision_m) if one.lon is not None and one.lat is not None else None
        for one in places
    ]
    matches = index.locate(points, bundle.limits.place.nearest_within)
    for number, (place, match) in enumerate(zip(places, matches, strict=True)):
        if match == OUTSIDE:
            yield Problem(
                "gazetteer",
                ("places", number, "lon"),
                "不在任何网格内，请核对坐标 lies in no grid of the boundaries in force",
                about=place.name,
            )


def _has_grid(prefix: str, codes: Sequence[str]) -> bool:
    """`codes` in their order, of which the first that is not before the prefix begins with it if any does."""
    at = bisect_left(codes, prefix)
    return at < len(codes) and codes[at].startswith(prefix)
