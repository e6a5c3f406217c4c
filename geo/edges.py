"""The edges of all grids, found by their place: how far each is from a point, and what it cuts off a circle about it.

One question to one tree tells of a point which grids come near, how near, and which part of the circle of its
accuracy lies in each (Green's theorem on the edges within the circle): far cheaper than cutting polygons.
"""

from dataclasses import dataclass
from math import atan2, hypot, pi, sqrt
from typing import Any, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.metric import Floats, Ints, MetricGrids, Shapes

Complexes = NDArray[np.complex128]  # a place or a step in metres on a grid's own plane: east + north i

# A millionth of a metre in an odd direction, so that no circle's middle lies on an edge or a corner, where the angle
# under which it is seen is not known.
NUDGE = complex(0.83e-6, 0.56e-6)


@dataclass(frozen=True, slots=True)
class Near:
    """n times a point, a grid and one of its edges: metres to it, and its part of the point's circle (`parts`)."""

    point: list[int]
    grid: list[int]
    metres: list[float]
    part: list[float]


class Edges:
    """All edges, each on its own grid's plane."""

    def __init__(self, metric: MetricGrids) -> None:
        polygons, grid_of = shapely.get_parts(metric.areas, return_index=True)
        # The inner side is then to the left of each edge.
        rings, polygon_of = shapely.get_rings(shapely.orient_polygons(polygons), return_index=True)
        xy, ring_of = shapely.get_coordinates(rings, return_index=True)
        step = np.diff(xy[:, 0] + 1j * xy[:, 1])
        real = np.flatnonzero((np.diff(ring_of) == 0) & (step != 0))
        grid: Ints = grid_of[polygon_of[ring_of[real]]]
        scale = np.column_stack([metric.east[grid], metric.north[grid]])
        self._least_east, self._least_north = scale.min(axis=0, initial=1e6).tolist()
        length = np.abs(step[real])
        turn = np.conj(step[real] / length)  # lays an edge along the first axis
        # In one array, so that what a few edges of one point need is fetched at once.
        self._rows = np.column_stack([grid, scale, xy[real], length, turn.real, turn.imag])
        ends = np.stack([xy[real], xy[real + 1]], axis=1)
        self._tree = shapely.STRtree(cast(Shapes, shapely.linestrings(ends / scale[:, None])))

    def near(self, lon: Floats, lat: Floats, radius_m: Floats, reach_m: Floats) -> Near:
        """All edges within each point's reach, and what each cuts off the circle about the point; reach 0: none."""
        asked = (reach_m > 0).nonzero()[0]
        if len(asked) == 1:
            only = int(asked[0])
            return self._near_one(only, *(values.item(only) for values in (lon, lat, radius_m, reach_m)))
        at, edge = self._tree.query(self._boxes(lon[asked], lat[asked], reach_m[asked]))
        point = asked[at]
        grid, east, north, x, y, length, turn_x, turn_y = self._rows[edge].T
        start = (x - lon[point] * east) + 1j * (y - lat[point] * north) - NUDGE
        start *= turn_x + 1j * turn_y
        away = metres(start, length)
        close = (away <= reach_m[point]).nonzero()[0]
        point = point[close]
        part = parts(start[close], length[close], radius_m[point])
        return Near(point.tolist(), grid[close].astype(np.intp).tolist(), away[close].tolist(), part.tolist())

    def _near_one(self, point: int, lon: float, lat: float, radius_m: float, reach_m: float) -> Near:
        """The same for one point, number by number: one array operation costs more than all of its few edges."""
        edge = self._tree.query(self._boxes(lon, lat, reach_m))
        found = Near([], [], [], [])
        for grid, east, north, x, y, length, turn_x, turn_y in self._rows[edge].tolist():
            start = complex(x - lon * east, y - lat * north) - NUDGE
            start *= complex(turn_x, turn_y)
            along, height = start.real, start.imag
            away = hypot(max(along, min(along + length, 0.0)), height)
            if away <= reach_m:
                found.point.append(point)
                found.grid.append(int(grid))
                found.metres.append(away)
                found.part.append(_part(along, height, length, radius_m))
        return found

    def _boxes(self, lon: Any, lat: Any, reach_m: Any) -> Any:
        """In degrees, about one place or many: all that is within reach, and some farther off."""
        dx, dy = reach_m / self._least_east, reach_m / self._least_north
        return shapely.box(lon - dx, lat - dy, lon + dx, lat + dy)


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


def _part(along: float, height: float, length: float, radius: float) -> float:
    """As `parts`, of one edge that begins at (`along`, `height`)."""
    square = radius * radius
    if height * height >= square:
        return 0.0
    half = sqrt(square - height * height)
    first, last = min(max(along, -half), half), min(max(along + length, -half), half)
    angle = atan2(height, last) - atan2(height, first)
    return (height * (first - last) - square * angle) / (2.0 * pi * square)
