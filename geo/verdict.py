"""The judgement on one contested point: which of the grids that hold it or lie near it stands, if any."""

from collections.abc import Sequence
from typing import NamedTuple

from gridward.domain.place import GridMatch

OUTSIDE = GridMatch(None, "outside")
# Boundaries are drawn no finer than this; closer to one, either side may stand.
EDGE_M = 0.1
# The desk picks by eye from these; a longer list helps nobody.
MOST_CANDIDATES = 20


class Neighbour(NamedTuple):
    """A grid that holds the point, or lies within its reach."""

    code: str
    held: bool
    # Metres to the grid (0 when held) and to its boundary.
    away_m: float
    border_m: float
    special: bool = False
    # The part of the point's accuracy circle that lies in the grid; None when no accuracy is stated.
    share: float | None = None

    @property
    def firm(self) -> bool:
        """Whether it holds the point and its boundary is more than `EDGE_M` away."""
        return self.held and self.border_m > EDGE_M


def judge(found: Sequence[Neighbour], tolerance_m: float) -> GridMatch:
    """The match for a point with these grids about it, lowest code first on equal terms.

    A special grid (专属网格) that firmly holds the point wins over the base grids that hold it too: it is cut out of
    them on purpose. Two firm holders of one rank are a real overlap and nobody wins; a firm one beats those that
    are only touched; on a shared edge the lowest code wins.
    """
    held = sorted((one for one in found if one.held), key=lambda one: one.code)
    near = sorted((one for one in found if not one.held), key=lambda one: (one.away_m, one.code))
    if held:
        return _of_held(held, near)
    if near and near[0].away_m <= tolerance_m:
        return _match(near[0].code, "nearest", near, near[0].away_m)
    return _match(None, "outside", near) if near else OUTSIDE


def _of_held(held: list[Neighbour], near: list[Neighbour]) -> GridMatch:
    firm = [one for one in held if one.firm]
    special = [one for one in firm if one.special]
    rank = special or firm
    if len(rank) > 1:
        others = [one for one in held if one not in rank]
        return _match(None, "overlap", [*rank, *others, *near])
    winner = (rank or held)[0]
    others = [one for one in held if one is not winner]
    how = "border" if near or _on_an_edge(others, winner) else "special" if others else "inside"
    return _match(winner.code, how, [winner, *others, *near], winner.border_m)


def _on_an_edge(others: list[Neighbour], winner: Neighbour) -> bool:
    """Whether more than the base grids round a special one come into question."""
    return any(not (winner.special and winner.firm and one.firm) for one in others)


def _match(grid: str | None, how: str, about: list[Neighbour], distance_m: float | None = None) -> GridMatch:
    shown = about[:MOST_CANDIDATES]
    shares = tuple(one.share for one in shown if one.share is not None)
    return GridMatch(grid, how, tuple(one.code for one in shown), distance_m, shares)
