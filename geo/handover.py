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
    """One that would change hands: `grid` is the one under the other set, None where the desk would choose."""

    incident: OpenIncident
    grid: str | None
    how: str


def changes(
    incidents: Sequence[OpenIncident], locator: Locator, nearest_within_m: float = 0.0
) -> list[Change]:
    """The incidents whose grid under this set is another, in their order."""
    matches = locator.locate([one.point for one in incidents], nearest_within_m)
    return [
        Change(one, match.grid, match.how)
        for one, match in zip(incidents, matches, strict=True)
        if match.grid != one.grid
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
