"""What is wrong with a boundary set, by grid code, place and area, before anything of it is published."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Kind = Literal["empty", "duplicate", "orphan", "invalid", "overlap", "gap", "open_gap", "sliver", "misplaced"]

# A gap may be a lake or another county's enclave, a sliver a wall's thickness, and a grid among those of another
# division an enclave (飞地); everything else leaves a report to chance.
WARNINGS: frozenset[Kind] = frozenset({"gap", "open_gap", "sliver", "misplaced"})

KIND_ZH: dict[Kind, str] = {
    "empty": "空图形",
    "duplicate": "编码重复",
    "orphan": "上级缺失",
    "invalid": "无效图形",
    "overlap": "重叠",
    "gap": "空隙",
    "open_gap": "开口缝隙",
    "sliver": "狭长碎片",
    "misplaced": "编码错位",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is too small to report, in square metres, and too thin, in metres of mean width.

    A report in an overlap reaches the desk with both grids, so that below 1,000 m2 (a mu and a half, 亩) it can
    wait. A gap matters sooner, since a report in it has no grid at all: 10 m2 is a doorway. An open gap, a
    channel between neighbours that runs out of the set, is told from the outline's own notches only when it is
    large. What is thinner than 0.1 m is the precision of drawing; there either grid may stand. A channel narrower
    than 20 m is a slip of drawing; wider, it is the outline's own. A part of a grid thinner than 1 m on the mean holds
    nothing that anybody would report.

    Parameters of a check, stated here alone, and kept with what it found; not policy, since no incident is decided
    by them.
    """

    overlap_m2: float = 1_000.0
    gap_m2: float = 10.0
    open_gap_m2: float = 2_000.0
    width_m: float = 0.1
    channel_m: float = 20.0
    sliver_m: float = 1.0

    @classmethod
    def of_area(cls, area_m2: float) -> "Thresholds":
        """One area for overlaps and gaps of both kinds."""
        return cls(area_m2, area_m2, area_m2)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: the grids concerned, a place in it (WGS 84), its area where it has one, and the reason.

    `shape` is the fault itself (the ground twice given, the hole, the point where lines cross; WGS 84). A fault of a
    grid as a whole, such as a code without parent, has none.
    """

    kind: Kind
    codes: tuple[str, ...]
    reason: str
    area_m2: float | None = None
    lon: float | None = None
    lat: float | None = None
    shape: BaseGeometry | None = field(default=None, compare=False, repr=False)

    @property
    def is_error(self) -> bool:
        """Whether it stands against publishing; warnings do not."""
        return self.kind not in WARNINGS


@dataclass(frozen=True, slots=True)
class Findings:
    """Every finding about one boundary set, and the thresholds below which nothing was reported."""

    items: tuple[Finding, ...]
    thresholds: Thresholds
    grids: int

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        return tuple(item for item in self.items if item.kind == kind)

    def area_m2(self, kind: Kind) -> float:
        """Total area of one kind."""
        return sum((item.area_m2 or 0.0 for item in self.of(kind)), 0.0)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(item for item in self.items if item.is_error)

    def as_json(self) -> dict[str, object]:
        """Plain data for `--json` and for the store: thresholds, totals by kind, and each finding with its GeoJSON."""
        return {
            "grids": self.grids,
            "thresholds": asdict(self.thresholds),
            "totals": {
                kind: {"count": len(self.of(kind)), "area_m2": round(self.area_m2(kind), 1)}
                for kind in KIND_ZH
            },
            "errors": len(self.errors),
            "findings": [_plain(item) for item in self.items],
        }


def largest_first(items: Iterable[Finding]) -> tuple[Finding, ...]:
    """By area, then by code, so that two runs print the same."""
    return tuple(sorted(items, key=lambda item: (-(item.area_m2 or 0.0), item.codes)))


def _plain(item: Finding) -> dict[str, object]:
    return {
        "kind": item.kind,
        "codes": list(item.codes),
        "reason": item.reason,
        "area_m2": None if item.area_m2 is None else round(item.area_m2, 1),
        "lon": item.lon,
        "lat": item.lat,
        "level": "error" if item.is_error else "warning",
        "geometry": None if item.shape is None else _geojson(item.shape),
    }


def _geojson(shape: BaseGeometry) -> dict[str, Any]:
    """To seven decimals (1 cm), as grids are told."""
    rounded = shapely.transform(shape, lambda xy: np.round(xy, 7))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found
