"""The points that more than one grid may come into question for, each with the grids about it."""

from dataclasses import dataclass
from math import inf

import numpy as np

from geo.edges import Near
from geo.metric import Bools, Ints


@dataclass(slots=True)
class About:
    """A grid that holds a point, or comes within its reach."""

    holds: bool
    border_m: float  # to its border; infinite where that is beyond the reach
    part: float  # of the point's circle that it covers: see `geo.circle.shares`


GridsAbout = dict[int, About]  # by the grid's position


def contested(holders: tuple[Ints, Ints], near: Near, several: Bools) -> dict[int, GridsAbout]:
    """By the point's position: those near a grid that does not hold them, and those that several hold.

    `holders` are all pairs (point, grid) where the grid holds the point; `several`, by point, where more than one does.
    """
    found: dict[int, GridsAbout] = {point: {} for point in [*near.point, *np.flatnonzero(several).tolist()]}
    for point, grid in zip(*(side.tolist() for side in holders), strict=True):
        if point in found:
            found[point][grid] = About(True, inf, 1.0)
    for point, grid, metres, part in zip(near.point, near.grid, near.metres, near.part, strict=True):
        seen = found[point].get(grid)
        if seen is None:
            found[point][grid] = About(False, metres, part)
        else:
            seen.border_m = min(seen.border_m, metres)
            seen.part += part
    return {point: grids for point, grids in found.items() if not _is_settled(grids)}


def _is_settled(grids: GridsAbout) -> bool:
    return len(grids) == 1 and all(one.holds for one in grids.values())
