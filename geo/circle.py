"""How likely each grid is for a point with an accuracy: the share of the accuracy circle's area that it covers.

Every place in the circle is taken as equally likely. Phones state the radius of 68 %, and a bell curve would lay
more on the middle; but its own error is not known so well that the finer curve would say more.
"""

from collections.abc import Sequence

import numpy as np
import shapely

from geo.metric import MetricGrids, circle_corners, polygon_area

# Of the polygon that stands for the circle where special grids are cut out of a base grid: exact to 0.2 %.
CORNERS = circle_corners(64)
# Farther beyond 0 or 1 than rounding takes a sum of angles.
BEYOND = 1e-6


def shares(parts: Sequence[float], hidden: Sequence[float]) -> list[float]:
    """What the grids about one point cover of its circle, each from 0 to 1: the sums over their edges, less what other
    grids hide of them.

    Where grids overlap and they come to more than 1, they are scaled to 1, so that they never sum to more.
    """
    found = [min(max(_within(part) - less, 0.0), 1.0) for part, less in zip(parts, hidden, strict=True)]
    total = max(sum(found), 1.0)
    return [part / total for part in found]


def _within(part: float) -> float:
    """On an edge, rounding may have the point inside for one and outside for the other: a whole circle off."""
    return part - 1.0 if part > 1.0 + BEYOND else part + 1.0 if part < -BEYOND else part


def hidden(
    metric: MetricGrids, lon: float, lat: float, radius_m: float, grid: int, specials: Sequence[int]
) -> float:
    """The part of a point's circle that lies in a base grid and in special grids (专属网格) too, which win there."""
    grids = np.array([grid, *specials])
    x, y, radius = (np.full(len(grids), value) for value in (lon, lat, radius_m))
    own, *others = metric.pieces(x, y, grids, radius, CORNERS)
    moved = [metric.moved(piece, of, grid) for piece, of in zip(others, specials, strict=True)]
    common = float(own.intersection(shapely.union_all(moved)).area)
    return common / (polygon_area(CORNERS) * radius_m**2)
