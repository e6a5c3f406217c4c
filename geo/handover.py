"""Which open incidents another boundary set would give to another grid, told before it is published.

Only told: a decision that was made stays as it was made. Who wants an incident to follow the new grids dispatches it
anew, and the journal says so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gridward.domain.place import Locator
from gridward.store.open_places import OpenIncident


@dataclass(frozen=True, slots=True)
class Change:
    """One that would change hands: `grid` is the one under the coming set, None where the desk would choose."""

    incident: OpenIncident
    grid: str | None
    how: str


def changes(
    incidents: Sequence[OpenIncident],
    standing: Locator | None,
    coming: Locator,
    nearest_within_m: float = 0.0,
) -> list[Change]:
    """The incidents that the coming set gives to another grid than the standing one does, in their order.

    What the desk gave to another grid by hand is not moved by boundaries that stay where they are, and who already is
    where the coming set would put it is not moved either. While no set stands, the grid that was given is compared.
    """
    points = [one.point for one in incidents]
    matches = coming.locate(points, nearest_within_m)
    before = (
        [match.grid for match in standing.locate(points, nearest_within_m)]
        if standing is not None
        else [one.grid for one in incidents]
    )
    return [
        Change(one, match.grid, match.how)
        for one, old, match in zip(incidents, before, matches, strict=True)
        if match.grid not in (old, one.grid)
    ]


def by_grid(found: Sequence[Change]) -> list[tuple[str | None, str | None, int]]:
    """(old grid, new grid, incidents), the most first."""
    counted = Counter((one.incident.grid, one.grid) for one in found)
    return [
        (old, new, count)
        for (old, new), count in sorted(
            counted.items(), key=lambda item: (-item[1], item[0][0] or "", item[0][1] or "")
        )
    ]
