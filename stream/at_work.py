"""Who works on a matter that a graver report raises, and who joins them at once because of what that report tells."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import asyncpg

from gridward.policy.policy import Policy
from gridward.policy.units import unit_serving
from gridward.store.held import concerned_by
from gridward.store.similar import Known, units_at_work
from stream.new_reports import New


@dataclass(frozen=True, slots=True)
class AtWork:
    """The units with an open task of a matter, and those that no machine may give it to."""

    units: set[str]
    accused: frozenset[str]


async def at_work(
    raised: Collection[str], fresh: Mapping[str, New], connection: asyncpg.Connection
) -> dict[str, AtWork]:
    """By id, each matter that is raised and that a unit has; `fresh` are those that the batch opens. Raises
    `Unavailable`.
    """
    known = [id for id in raised if id not in fresh]
    units, concerned = await units_at_work(connection, known), await concerned_by(connection, known)
    found = {id: AtWork(units[id], concerned[id].accused) for id in known if id in units}
    opened = ((id, fresh[id]) for id in raised if id in fresh)
    return found | {id: AtWork(set(one.units), one.excluded) for id, one in opened if one.units}


def joining_units(one: New, raised: Known, there: AtWork | None, policy: Policy) -> list[str]:
    """Who can stop what the graver report tells of, and goes to the matter that it raises too: at once where a unit has
    that already; what waits at the desk is given by the desk.
    """
    grid = raised.grid or one.reported.grid
    if there is None or grid is None:
        return []
    rows, areas = policy.bundle.same.graver, policy.responsibility.areas
    serving = {unit for kind in rows.joins if (unit := unit_serving(areas.get(kind), grid)) is not None}
    if one.dangers.isdisjoint(rows.joins_on):
        serving &= one.called
    joining = sorted(serving - there.units - there.accused - one.excluded)
    there.units.update(joining)
    return joining
