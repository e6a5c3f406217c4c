"""How likely each grid is for a point with an accuracy: the share of the accuracy circle's area that it covers.

Every place in the circle is taken as equally likely. Phones state the radius of 68 %, and a bell curve would lay
more on the middle; but its own error is not known so well that the finer curve would say more.
"""

import numpy as np
import shapely

from geo.metric import Bools, Floats, Ints, MetricGrids, Shapes

# Sides of the polygon that stands for a quarter circle: 32 corners in all, each share exact to half a percent.
QUARTER = 8


def shares(
    metric: MetricGrids, special: Bools, lon: Floats, lat: Floats, radius_m: Floats, point: Ints, grid: Ints
) -> Floats:
    """For n pairs (point, grid), those of one point side by side: the part of its circle in the grid, 0 to 1.

    `lon`, `lat` and `radius_m` are each pair's own, `special` is by grid. Ground that a special grid covers is taken
    from the base grids. Where grids overlap otherwise and a circle comes to more than 1, its parts are scaled to
    1, so that they never sum to more.
    """
    circles, pieces = metric.circles(lon, lat, grid, radius_m, QUARTER)
    areas = np.asarray(shapely.area(pieces))
    for at in _under_special(special[grid], point):
        beside = (point == point[at]) & special[grid]
        areas[at] -= shapely.area(
            shapely.intersection(pieces[at], _union_as(metric, grid[at], pieces, grid, beside))
        )
    parts = areas / shapely.area(circles)
    _, which = np.unique(point, return_inverse=True)
    total = np.bincount(which, weights=parts)
    return np.asarray(np.clip(parts / np.maximum(total, 1.0)[which], 0.0, 1.0))


def _under_special(special: Bools, point: Ints) -> list[int]:
    """Pairs of base grids whose point has a special grid beside."""
    if not special.any():
        return []
    return [at for at in np.flatnonzero(np.isin(point, point[special])).tolist() if not special[at]]


def _union_as(metric: MetricGrids, plane: int, pieces: Shapes, grid: Ints, which: Bools) -> shapely.Geometry:
    """The union of these pieces, each brought from its grid's plane to that of `plane`."""
    moved = [metric.moved(pieces[at], int(grid[at]), plane) for at in np.flatnonzero(which).tolist()]
    return shapely.union_all(moved)
