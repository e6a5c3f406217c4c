"""Which special grids lie beside the reports of a batch; asked only where policy has a rule for it."""

from collections.abc import Sequence

from gridward.domain.place import Locator, Point
from gridward.policy.classify import Classification
from gridward.policy.nearby import Near, rows_for
from gridward.policy.policy import Policy
from gridward.reports import Report


def near_places(
    reports: Sequence[Report],
    classes: Sequence[Classification],
    points: Sequence[Point | None],
    locator: Locator,
    policy: Policy,
) -> list[Near]:
    """For each report the special grids near it, nearest first; none where no rule asks."""
    asked = [
        (point, _farthest(report, found, policy))
        for report, found, point in zip(reports, classes, points, strict=True)
    ]
    within = max((metres for _, metres in asked), default=0.0)
    if within == 0:
        return [() for _ in reports]
    return list(locator.near([point if metres else None for point, metres in asked], within))


def _farthest(report: Report, found: Classification, policy: Policy) -> float:
    """How far around this report somebody must be looked for, in metres; 0: not at all."""
    if found.code is None or found.doubt:
        return 0.0
    return max((row.within for row in rows_for(found.code, report.received_at, policy)), default=0.0)
