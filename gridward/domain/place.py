"""Where something is: a point, the grids (网格) of a boundary set, and which grid holds the point."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS 84 degrees, with the radius in metres that the phone claims (None: it claims none)."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class GridRecord:
    """One grid as imported and stored: its area is WKB in WGS 84, so that the core needs no geometry library.

    `code` is text of 12 to 20 digits, `special` a grid of its own kind (专属网格: school, park, market).
    """

    code: str
    name: str
    level: str
    wkb: bytes
    special: bool = False


@dataclass(frozen=True, slots=True)
class GridMatch:
    """Which grid holds a point, and how sure that is.

    `inside`: exactly one holds it. `border`: one holds it and another lies within the point's accuracy, or
    it is on a shared edge (then the lowest code wins, the same each time). `special`: a special grid holds it,
    and wins over the base grid that it lies in. `nearest`: none holds it, one lies within the tolerance that
    policy sets. `overlap`: several of one rank truly hold it, nobody guesses. `outside`: none does. `no_place`:
    there was no point. `candidates` has the winner first, then the others by distance.

    `probabilities` stands beside `candidates` where the point states an accuracy and more than one grid or none
    comes into question: the share of the accuracy circle's area that lies in each, every place of the circle being
    taken as equally likely. What is missing to 1 lies in no grid. Else it is empty.
    """

    grid: str | None
    how: str
    candidates: tuple[str, ...] = ()
    # From the point to the winner's boundary, in metres; None when it was not needed.
    distance_m: float | None = None
    probabilities: tuple[float, ...] = ()


class Locator(Protocol):
    """Finds grids for points; `geo.index.GridIndex` is the real one."""

    @property
    def version(self) -> int:
        """The boundary version that answers."""
        ...

    def locate(self, points: Sequence[Point | None], nearest_within_m: float = 0.0) -> list[GridMatch]:
        """One match for each point, in the same order.

        A point in no grid goes to the nearest one within `nearest_within_m` metres; at 0 to none.
        """
        ...

    def near(self, points: Sequence[Point | None], within_m: float) -> list[tuple[tuple[str, float], ...]]:
        """For each point the special grids (专属网格: code, metres) within this distance, nearest first.

        Metres are 0 inside the grid; the lower code stands first at the same distance. None gives none.
        """
        ...
