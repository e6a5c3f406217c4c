"""Duties that law keeps from lower levels (职责不得下放): who may never lead a matter, and on what basis."""

from collections.abc import Collection, Iterable

from gridward.policy.schema import MatterRow


def pushed_down(category: str, kinds: Collection[str], matters: Iterable[MatterRow]) -> MatterRow | None:
    """The row that keeps `category` from a unit of these `kinds`; None when one of them may lead it.

    A unit of several kinds leads by whichever may. `category` may be a rule's prefix: the rule for "" reaches into
    every matter, yet a more specific rule may hold there, so only matters that lie above the prefix count.
    """
    for row in matters:
        if category.startswith(row.category) and kinds and set(kinds) <= set(row.never_led_by):
            return row
    return None
