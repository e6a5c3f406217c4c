"""Whose a matter is wherever it may lie: a village has many grids, and its town one fire brigade.

Pure. Nobody guesses the grid: it stays open, and only whom to send is known.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gridward.policy.assign import Assignment

if TYPE_CHECKING:
    from gridward.policy.policy import Policy


def may_lie_anywhere(severity: int, policy: "Policy") -> bool:
    """Whether a matter so grave goes out though its grid is not known, where that changes nothing."""
    return severity <= policy.bundle.limits.place.wherever


def agreed(found: Sequence[Assignment]) -> Assignment | None:
    """What all assignments, one for each grid that it may lie in, have in common; None unless one unit leads them all.

    The window and the special grid that decided one of them decide nothing where another lies elsewhere.
    """
    leads = {one.unit for one in found}
    if len(leads) != 1 or None in leads:
        return None
    first, *others = found
    joint = tuple(unit for unit in first.joint if all(unit in one.joint for one in others))
    why = f"{first.why}；网格未定，可能的 {len(found)} 个网格都由它主办" if others else first.why
    return replace(first, joint=joint, why=why)
