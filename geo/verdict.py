"""The judgement on one contested point: which of the grids that hold it or lie near it stands, if any."""

from collections.abc import Sequence
from dataclasses import dataclass

from gridward.domain.place import GridMatch

OUTSIDE = GridMatch(None, "outside")
# Boundaries are drawn no finer than this; closer to one, either side may stand.
EDGE_M = 0.1
# The desk picks by eye from these; a longer list helps nobody.
MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A grid that holds the point, or lies within its reach."""

    code: str
    held: bool
    # Metres to the grid (0 when held) and to its boundary.
    away_m: float
    border_m: float


def judge(found: Sequence[Neighbour], tolerance_m: float) -> GridMatch:
    """The match for a point with these grids about it, lowest code first on equal terms.

    A grid holds the point firmly when its boundary is more than `EDGE_M` away. Two firm holders are a real
    overlap and nobody wins; a firm one beats those that are only touched; on a shared edge the lowest code wins.
    """
    held = sorted((one for one in found if one.held), key=lambda one: one.code)
    near = sorted((one for one in found if not one.held), key=lambda one: (one.away_m, one.code))
    if held:
        return _of_held(held, near)
    if near and near[0].away_m <= tolerance_m:
        return GridMatch(near[0].code, "nearest", _codes(near), near[0].away_m)
    return GridMatch(None, "outside", _codes(near)) if near else OUTSIDE


def _of_held(held: list[Neighbour], near: list[Neighbour]) -> GridMatch:
    firm = [one for one in held if one.border_m > EDGE_M]
    if len(firm) > 1:
        return GridMatch(None, "overlap", _codes([*held, *near]))
    winner = (firm or held)[0]
    others = [one for one in held if one is not winner]
    how = "border" if others or near else "inside"
    return GridMatch(winner.code, how, _codes([winner, *others, *near]), winner.border_m)


def _codes(grids: Sequence[Neighbour]) -> tuple[str, ...]:
    return tuple(one.code for one in grids[:MOST_CANDIDATES])
