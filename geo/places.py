"""The names that a boundary set brings: its grids, and the villages that they make up."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
import shapely

from geo.metric import in_metres
from gridward.domain.place import GridRecord
from gridward.policy.divisions import VILLAGE
from gridward.policy.gazetteer import Place

_GRID_NAME = re.compile("(.{2,}?)第?[0-9零一二三四五六七八九十百]+(?:号)?网格")


def places_of(records: Iterable[GridRecord]) -> list[Place]:
    """Each grid under its name, and each village whose grids are named after it (青梧社区第1网格)."""
    ordered = sorted(records, key=lambda record: record.code)
    found = [_place(record.name, "grid", [record]) for record in ordered if len(record.name) > 1]
    for _, grids in groupby(ordered, key=lambda record: record.code[:VILLAGE]):
        found += _villages(list(grids))
    return found


def _villages(grids: Sequence[GridRecord]) -> Iterator[Place]:
    by_name: dict[str, list[GridRecord]] = {}
    for grid in grids:
        if named := _GRID_NAME.fullmatch(grid.name):
            by_name.setdefault(named[1], []).append(grid)
    for name, its_grids in by_name.items():
        yield _place(name, "village", its_grids)


def _place(name: str, kind: str, grids: Sequence[GridRecord]) -> Place:
    """A point within it, and the radius in metres around the point that holds all of it."""
    area = shapely.union_all(shapely.from_wkb([grid.wkb for grid in grids]), grid_size=1e-9)
    inner = area.centroid if area.contains(area.centroid) else area.representative_point()
    corners = shapely.get_coordinates(in_metres(area, inner.y))
    middle = shapely.get_coordinates(in_metres(inner, inner.y))
    radius = float(np.hypot(*(corners - middle).T).max())
    codes = tuple(grid.code for grid in grids)
    return Place(name, kind, float(inner.x), float(inner.y), round(radius, 1), codes)
