"""Checks a boundary set: invalid, empty and sliver shapes, codes twice, without parent or misplaced, overlaps, gaps."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
import shapely

from geo.findings import Finding, Findings, Thresholds, largest_first
from geo.gaps import find_gaps, find_open_gaps
from geo.metric import Ints, Shapes, areas_m2, polygon_parts, widths_m
from geo.repair import polygons_of
from gridward.domain.place import GridRecord
from gridward.policy.divisions import COUNTY, TOWN

Pairs = tuple[Ints, Ints]  # the numbers of two shapes, each pair once

PLACE = re.compile(r"\[(\S+) (\S+)\]")
DIVISIONS = {COUNTY: ("县", "county"), TOWN: ("乡镇", "town")}
FEWEST = 2  # neighbours that tell where a grid lies
REASON_ZH = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "环自相交",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞相互嵌套",
    "Interior is disconnected": "内部不连通",
    "Nested shells": "外环相互嵌套",
    "Duplicate Rings": "环重复",
    "Too few points in geometry component": "点数不足",
}


def check(records: Sequence[GridRecord], thresholds: Thresholds | None = None) -> Findings:
    """Everything wrong with these grids (WGS 84) above the thresholds, most serious kinds first.

    Overlaps and gaps are sought between the shapes as they would be repaired, so that one invalid polygon does not
    hide the rest.
    """
    limits = thresholds or Thresholds()
    shapes = shapely.from_wkb([record.wkb for record in records])
    codes = [record.code for record in records]
    valid = np.empty(len(shapes), dtype=object)
    valid[:] = [polygons_of(shape) for shape in shapes]
    whole = shapely.union_all(valid)
    touching = _touching_pairs(valid)
    items = [
        *_empty(records, shapes),
        *_duplicates(records),
        *_orphans(records),
        *_invalid(codes, shapes),
        *largest_first(_overlaps(records, valid, touching, limits)),
        *largest_first(find_gaps(codes, valid, whole, limits)),
        *largest_first(find_open_gaps(codes, valid, whole, limits)),
        *largest_first(_slivers(codes, valid, limits)),
        *_misplaced(records, valid, touching),
    ]
    return Findings(tuple(items), limits, len(records))


def _empty(records: Sequence[GridRecord], shapes: Shapes) -> Iterator[Finding]:
    for record, shape in zip(records, shapes, strict=True):
        if shape.is_empty:
            yield Finding("empty", (record.code,), f"{record.name} 没有图形 has no shape")


def _duplicates(records: Sequence[GridRecord]) -> Iterator[Finding]:
    for code, times in Counter(record.code for record in records).items():
        if times > 1:
            names = ", ".join(sorted({record.name for record in records if record.code == code}))
            yield Finding("duplicate", (code,), f"出现 {times} 次 given {times} times: {names}")


def _orphans(records: Sequence[GridRecord]) -> Iterator[Finding]:
    """Grids whose next higher level is in the set (15 digits over 17, 12 over 15), but not their own parent in it."""
    codes = {record.code for record in records}
    levels = sorted({len(code) for code in codes})
    for record in records:
        higher = [digits for digits in levels if digits < len(record.code)]
        if higher and record.code[: higher[-1]] not in codes:
            parent = record.code[: higher[-1]]
            yield Finding(
                "orphan", (record.code,), f"上级网格 {parent} 不在其中 its parent {parent} is not in the set"
            )


def _invalid(codes: Sequence[str], shapes: Shapes) -> Iterator[Finding]:
    for at in np.flatnonzero(~shapely.is_valid(shapes)).tolist():
        said = str(shapely.is_valid_reason(shapes[at]))
        reason = said.split("[")[0]
        place = PLACE.search(said)
        where = shapely.Point(float(place.group(1)), float(place.group(2))) if place else None
        lon, lat = (where.x, where.y) if where else (None, None)
        said = f"{REASON_ZH.get(reason, '')} {reason}".strip()
        yield Finding("invalid", (codes[at],), said, lon=lon, lat=lat, shape=where)


def _overlaps(
    records: Sequence[GridRecord], shapes: Shapes, touching: Pairs, limits: Thresholds
) -> Iterator[Finding]:
    """One finding for each pair of grids of one rank, its area that of all pieces wide enough to stand in.

    A special grid lies in its base grid on purpose, and wins there.
    """
    codes = [record.code for record in records]
    special = np.array([record.special for record in records], dtype=np.bool_)
    one, other = touching
    same_rank = special[one] == special[other]
    one, other = one[same_rank], other[same_rank]
    common = shapely.intersection(shapes[one], shapes[other])
    for at in np.flatnonzero(shapely.area(common) > 0).tolist():
        pieces = polygon_parts(common[at])
        area = areas_m2(pieces)
        wide = widths_m(pieces, area) >= limits.width_m
        total = float(area[wide].sum())
        if total < limits.overlap_m2 or not wide.any():
            continue
        place = pieces[wide][np.argmax(area[wide])].representative_point()
        pair = tuple(sorted((codes[one[at]], codes[other[at]])))
        count = int(wide.sum())
        shape = shapely.MultiPolygon(list(pieces[wide]))
        yield Finding("overlap", pair, f"{count} 处重叠 places: {count}", total, place.x, place.y, shape)


def _slivers(codes: Sequence[str], shapes: Shapes, limits: Thresholds) -> Iterator[Finding]:
    """One finding for each part of a grid that is thinner on the mean than `limits.sliver_m`."""
    for code, shape in zip(codes, shapes, strict=True):
        parts = polygon_parts(shape)
        areas = areas_m2(parts)
        widths = widths_m(parts, areas)
        for at in np.flatnonzero(widths < limits.sliver_m).tolist():
            place = parts[at].representative_point()
            yield Finding(
                "sliver",
                (code,),
                f"平均宽 {widths[at]:.2f} 米 m wide on the mean",
                float(areas[at]),
                place.x,
                place.y,
                parts[at],
            )


def _misplaced(records: Sequence[GridRecord], shapes: Shapes, touching: Pairs) -> Iterator[Finding]:
    """Grids whose code is of another county, or town, than all their neighbours', which are of one: a slip of a digit,
    or an enclave (飞地).
    """
    beside: dict[int, set[int]] = {}
    for one, other in zip(*(side.tolist() for side in touching), strict=True):
        if not records[one].special and not records[other].special:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    for at, around in sorted(beside.items()):
        found = _strange_division(records[at].code, [records[other].code for other in sorted(around)])
        if found is not None:
            digits, theirs = found
            zh, en = DIVISIONS[digits]
            place = shapes[at].representative_point()
            reason = (
                f"编码属{zh} {records[at].code[:digits]}，四邻都属 {theirs} lies among grids of {en} {theirs}"
            )
            yield Finding("misplaced", (records[at].code,), reason, None, place.x, place.y)


def _strange_division(code: str, around: Sequence[str]) -> tuple[int, str] | None:
    """The digits of the widest division that the code does not share with the others, which share it, and theirs."""
    for digits in DIVISIONS:
        theirs = {other[:digits] for other in around}
        if len(around) >= FEWEST and len(theirs) == 1 and code[:digits] not in theirs:
            return digits, theirs.pop()
    return None


def _touching_pairs(shapes: Shapes) -> Pairs:
    one, other = cast("Pairs", shapely.STRtree(shapes).query(shapes, predicate="intersects"))
    once = one < other
    return one[once], other[once]
