"""Which grid holds this point: all grids of one boundary version in memory, asked in batches.

Almost every point is in exactly one grid and far enough from the next; those are answered by array operations
with a match made beforehand. Only contested ones (a border within their accuracy, an overlap) cost a step each.
"""

from collections.abc import Sequence
from math import inf
from typing import cast

import numpy as np
import shapely

from geo.about import GridsAbout, contested
from geo.circle import hidden, shares
from geo.edges import Edges
from geo.metric import Floats, Ints, MetricGrids, degree_lengths
from geo.verdict import OUTSIDE, Neighbour, judge
from gridward.domain.place import GridMatch, GridRecord, Point

NO_PLACE = GridMatch(None, "no_place")
# A phone that claims less than this knows only the town it is in; a wider search would return the whole map.
REACH_M = 2_000.0


class GridIndex:
    """Fulfils `gridward.domain.place.Locator` for one boundary version. Safe to use from several threads."""

    def __init__(self, records: Sequence[GridRecord], version: int) -> None:
        """Build from grids in WGS 84."""
        ordered = sorted(records, key=lambda record: record.code)
        self.version = version
        # In the order of their codes, so that "the lowest code" is the lowest position.
        self.codes: tuple[str, ...] = tuple(record.code for record in ordered)
        self._shapes = np.array(shapely.from_wkb([record.wkb for record in ordered]), dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._metric = MetricGrids(self._shapes)
        self._edges = Edges(self._metric)
        self._inside = [GridMatch(code, "inside", (code,)) for code in self.codes]
        self._special = [record.special for record in ordered]
        self._special_at = np.flatnonzero(np.array(self._special, dtype=np.bool_))
        self._special_tree = shapely.STRtree(self._shapes[self._special_at])
        shapely.prepare(self._shapes)

    def __len__(self) -> int:
        return len(self.codes)

    def locate(self, points: Sequence[Point | None], nearest_within_m: float = 0.0) -> list[GridMatch]:
        """One match for each point, in order; None gives `no_place`.

        A point in no grid goes to the nearest one within `nearest_within_m` metres, at most `REACH_M`; 0: never.
        """
        given = [point for point in points if point is not None]
        matches = iter(
            self.locate_arrays(
                np.array([point.lon for point in given], dtype=np.float64),
                np.array([point.lat for point in given], dtype=np.float64),
                np.array([point.accuracy_m or 0.0 for point in given], dtype=np.float64),
                nearest_within_m,
            )
        )
        return [NO_PLACE if point is None else next(matches) for point in points]

    def near(self, points: Sequence[Point | None], within_m: float) -> list[tuple[tuple[str, float], ...]]:
        """For each point the special grids (code, metres) within this distance, nearest first."""
        found: list[list[tuple[float, str]]] = [[] for _ in points]
        given = [at for at, point in enumerate(points) if point is not None]
        lon = np.array([point.lon for point in points if point is not None], dtype=np.float64)
        lat = np.array([point.lat for point in points if point is not None], dtype=np.float64)
        at, which = _about(self._special_tree, lon, lat, np.full(len(lon), within_m))
        grid = self._special_at[which]
        metres = self._metric.to_grid(lon[at], lat[at], grid)
        for n, k, away in zip(at.tolist(), grid.tolist(), metres.tolist(), strict=True):
            if away <= within_m:
                found[given[n]].append((away, self.codes[k]))
        return [tuple((code, away) for away, code in sorted(some)) for some in found]

    def locate_arrays(
        self, lon: Floats, lat: Floats, accuracy_m: Floats | None = None, nearest_within_m: float = 0.0
    ) -> list[GridMatch]:
        """As `locate`, for arrays of n degrees and n metres (0 or NaN: no accuracy known)."""
        point, grid = self._holders(lon, lat)
        held = np.bincount(point, minlength=len(lon))
        winner = np.full(len(lon), -1, dtype=np.intp)
        winner[point] = grid
        claimed = _claimed(accuracy_m, len(lon))
        reach, several = _reach(held, claimed, nearest_within_m), held > 1

        inside = self._inside
        matches = [inside[at] if at >= 0 else OUTSIDE for at in winner.tolist()]
        if several.any() or reach.any():
            near = self._edges.near(lon, lat, claimed, reach)
            about = contested((point, grid), near, several)
            self._measure_far_borders(lon, lat, about)
            for at, grids in about.items():
                circle = float(lon[at]), float(lat[at]), float(claimed[at])
                matches[at] = judge(self._neighbours(*circle, grids), nearest_within_m)
        return matches

    def _holders(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Pairs (point, grid) where the grid holds the point, its boundary included."""
        # Box first, then the prepared polygon: the tree's own predicate would prepare the point instead.
        point, grid = cast("tuple[Ints, Ints]", self._tree.query(shapely.points(np.array([lon, lat]).T)))
        hit = shapely.intersects_xy(self._shapes[grid], lon[point], lat[point])
        return point[hit], grid[hit]

    def _neighbours(self, lon: float, lat: float, radius_m: float, grids: GridsAbout) -> list[Neighbour]:
        """The grids about one point, with the part of its circle in each; None without an accuracy."""
        special = self._special
        likely: Sequence[float | None] = [None] * len(grids)
        if radius_m > 0:
            specials = [grid for grid in grids if special[grid]]
            likely = shares(
                [one.part for one in grids.values()],
                [
                    hidden(self._metric, lon, lat, radius_m, grid, specials)
                    if specials and not special[grid]
                    else 0.0
                    for grid in grids
                ],
            )
        return [
            Neighbour(
                self.codes[at],
                one.holds,
                0.0 if one.holds else one.border_m,
                one.border_m,
                special[at],
                share,
            )
            for (at, one), share in zip(grids.items(), likely, strict=True)
        ]

    def _measure_far_borders(self, lon: Floats, lat: Floats, about: dict[int, GridsAbout]) -> None:
        """Of grids that hold a point whose reach does not come to their border."""
        far = [
            (point, at) for point, grids in about.items() for at, one in grids.items() if one.border_m == inf
        ]
        if not far:
            return
        point, grid = np.array(far, dtype=np.intp).T
        metres = self._metric.to_border(lon[point], lat[point], grid)
        for (one, at), away in zip(far, metres.tolist(), strict=True):
            about[one][at].border_m = away


def _about(tree: shapely.STRtree, lon: Floats, lat: Floats, metres: Floats) -> tuple[Ints, Ints]:
    """Pairs (point, shape of the tree) whose boxes come within this many metres of each other."""
    east, north = degree_lengths(lat)
    # A little wider than the reach: the grid's own scale differs slightly from the point's.
    dx, dy = 1.02 * metres / east, 1.02 * metres / north
    boxes = shapely.box(lon - dx, lat - dy, lon + dx, lat + dy)
    return cast("tuple[Ints, Ints]", tree.query(boxes))


def _claimed(accuracy_m: Floats | None, count: int) -> Floats:
    """Each point's accuracy as far as it is used, in metres; 0 where none is known."""
    if accuracy_m is None:
        return np.zeros(count)
    # NaN is not above 0.
    return np.where(accuracy_m > 0, np.minimum(accuracy_m, REACH_M), 0.0)


def _reach(held: Ints, claimed: Floats, nearest_within_m: float) -> Floats:
    """How far around each point other grids matter, in metres."""
    if nearest_within_m <= 0:
        return claimed
    return np.where(held == 0, np.maximum(claimed, min(nearest_within_m, REACH_M)), claimed)
