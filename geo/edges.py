"""The edges of all grids, found by their place: how far each is from a point, and what it cuts off a circle about it.

One question to one tree tells of a point which grids come near, how near, and which part of the circle of its
accuracy lies in each (Green's theorem on the edges within the circle): far cheaper than cutting polygons.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.metric import Floats, Ints, MetricGrids, Shapes

Complexes = NDArray[np.complex128]  # a place or a step in metres on a grid's own plane: east + north i

# The tree holds one box for so many edges in a row, which makes it a tenth of the size.
PIECE = 8
# A millionth of a metre in an odd direction, so that no circle's middle lies on an edge or a corner, where the angle
# under which it is seen is not known.
NUDGE = complex(0.83e-6, 0.56e-6)


@dataclass(frozen=True, slots=True)
class Near:
    """n times a point, a grid and one of its edges: metres to it, and its part of the point's circle (`parts`)."""

    point: Ints
    grid: Ints
    metres: Floats
    part: Floats


class Edges:
    """All edges, in pieces of up to `PIECE` in a row, each piece on its own grid's plane."""

    def __init__(self, metric: MetricGrids) -> None:
        polygons, grid_of = shapely.get_parts(metric.areas, return_index=True)
        # The inner side is then to the left of each edge.
        rings, polygon_of = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
        xy, ring_of = shapely.get_coordinates(rings, return_index=True)
        corner = xy[:, 0] + 1j * xy[:, 1]
        step = np.diff(corner)
        real = np.flatnonzero((np.diff(ring_of) == 0) & (step != 0))
        piece, place, first = _pieces(ring_of[real])
        self._grid: Ints = grid_of[polygon_of[ring_of[real[first]]]]
        self._east, self._north = metric.east[self._grid], metric.north[self._grid]
        self._least_east, self._least_north = self._east.min(initial=1e6), self._north.min(initial=1e6)

        def rows(values: Complexes | Floats) -> Complexes:
            """By piece; NaN after the last edge of a shorter one, which is nowhere near anything."""
            row = np.full((len(first), PIECE), np.nan, dtype=np.complex128)
            row[piece, place] = values
            return row

        length = np.abs(step[real])
        self._start, self._length = rows(corner[real]), rows(length).real
        self._turn = rows(np.conj(step[real] / length))  # lays an edge along the first axis
        self._tree = shapely.STRtree(self._boxes(rows(corner[real + 1])))

    def near(self, lon: Floats, lat: Floats, radius_m: Floats, reach_m: Floats) -> Near:
        """All edges within each point's reach, and what each cuts off the circle about the point; reach 0: none."""
        asked = (reach_m > 0).nonzero()[0]
        at, piece = self._about(lon[asked], lat[asked], reach_m[asked])
        point = asked[at]
        middle = lon[point] * self._east[piece] + 1j * (lat[point] * self._north[piece]) + NUDGE
        start, length = (self._start[piece] - middle[:, None]) * self._turn[piece], self._length[piece]
        away = metres(start, length)
        close = away <= reach_m[point][:, None]
        row = close.nonzero()[0]
        point = point[row]
        part = parts(start[close], length[close], radius_m[point])
        return Near(point, self._grid[piece[row]], away[close], part)

    def _about(self, lon: Floats, lat: Floats, reach_m: Floats) -> tuple[Ints, Ints]:
        """Pairs (point, piece): those that have an edge within reach, and some farther off."""
        dx, dy = reach_m / self._least_east, reach_m / self._least_north
        boxes = shapely.box(lon - dx, lat - dy, lon + dx, lat + dy)
        return cast("tuple[Ints, Ints]", self._tree.query(boxes))

    def _boxes(self, end: Complexes) -> Shapes:
        """About each piece, in degrees."""
        corners = np.concatenate([self._start, end], axis=1)
        x, y = corners.real / self._east[:, None], corners.imag / self._north[:, None]
        return cast(
            Shapes,
            shapely.box(np.nanmin(x, 1), np.nanmin(y, 1), np.nanmax(x, 1), np.nanmax(y, 1)),
        )


def metres(start: Complexes, length: Floats) -> Floats:
    """From the middle to the nearest place of each edge, which begins at `start` and runs along the first axis."""
    nearest = np.maximum(start.real, np.minimum(start.real + length, 0.0))
    return np.hypot(nearest, start.imag)


def parts(start: Complexes, length: Floats, radius: Floats) -> Floats:
    """What each edge (as in `metres`) adds to its grid's part of the circle, a point in the grid counting 1 at first.

    The area between a chord and the middle, less the sector that the chord stands for: summed over all edges in the
    circle, the sectors left are those of the arcs within the grid. Nothing for edges outside, or at a radius of 0.
    """
    height, square = start.imag, radius * radius
    half = np.sqrt(np.maximum(square - height * height, 0.0))
    first = np.minimum(np.maximum(start.real, -half), half)
    last = np.minimum(np.maximum(start.real + length, -half), half)
    angle = np.arctan2(height, last) - np.arctan2(height, first)
    size = height * (first - last) - square * angle
    return np.asarray(size / np.maximum(2.0 * np.pi * square, 1e-300), dtype=np.float64)


def _pieces(ring: Ints) -> tuple[Ints, Ints, Ints]:
    """For each edge its piece and its place there, for each piece its first edge; none goes into another ring."""
    at = np.arange(len(ring))
    start = np.maximum.accumulate(np.where(np.diff(ring, prepend=-1) != 0, at, 0))
    place = (at - start) % PIECE
    return np.cumsum(place == 0) - 1, place, np.flatnonzero(place == 0)
