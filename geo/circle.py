"""How likely each grid is for a point with an accuracy: the share of the accuracy circle's area that it covers.

Every place in the circle is taken as equally likely. Phones state the radius of 68 %, and a bell curve would lay
more on the middle; but its own error is not known so well that the finer curve would say more.
"""

import numpy as np
import shapely

from geo.metric import Bools, Floats, Ints, MetricGrids, circle_corners, firsts, polygon_area

# Of the polygon that stands for the circle; each share is exact to half a percent.
CORNERS = circle_corners(32)


def shares(
    metric: MetricGrids, special: Bools, lon: Floats, lat: Floats, radius_m: Floats, point: Ints, grid: Ints
) -> Floats:
    """For n pairs (point, grid), those of one point side by side: the part of its circle in the grid, 0 to 1.

    `lon`, `lat` and `radius_m` are each pair's own, `special` is by grid. Ground that a special grid covers is taken
    from the base grids. Where grids overlap otherwise and a circle comes to more than 1, its parts are scaled to
    1, so that they never sum to more.
    """
    pieces = metric.pieces(lon, lat, grid, radius_m, CORNERS)
    areas = shapely.area(pieces)
    for at in _under_special(special[grid], point):
        # Of the same point: they lie side by side.
        start, end = np.searchsorted(point, [point[at], point[at] + 1])
        beside = start + np.flatnonzero(special[grid[start:end]])
        cover = shapely.union_all([metric.moved(pieces[k], int(grid[k]), int(grid[at])) for k in beside])
        areas[at] -= shapely.area(shapely.intersection(pieces[at], cover))
    parts = areas / (polygon_area(CORNERS) * radius_m**2)
    which = np.cumsum(firsts(point)) - 1
    total = np.bincount(which, weights=parts)[which]
    return np.asarray(np.clip(parts / np.maximum(total, 1.0), 0.0, 1.0), dtype=np.float64)


def _under_special(special: Bools, point: Ints) -> list[int]:
    """Pairs of base grids whose point has a special grid beside."""
    if not special.any():
        return []
    return [at for at in np.flatnonzero(np.isin(point, point[special])).tolist() if not special[at]]
