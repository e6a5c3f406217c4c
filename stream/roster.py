"""Says it before a report needs it: units that will have nobody on duty, grids that no unit serves."""

from collections.abc import Callable

from geo.index import GridIndex
from gridward.clock import Clock
from gridward.logs import get_logger
from gridward.metrics import grids_unserved, units_unattended, units_with_gaps
from gridward.policy.alarms import by_missing, grid_alarms, unserved_text
from gridward.policy.policy import Policy
from gridward.policy.roster import gaps

log = get_logger(__name__)

NAMED = 12  # gaps that one line spells out; a county that has filled in nothing has hundreds


class RosterWatch:
    """Measures each time, and logs when other units than before have a gap, or have somebody again."""

    def __init__(self, policy: Callable[[], Policy], clock: Clock) -> None:
        self._policy = policy
        self._clock = clock
        self._known: frozenset[str] = frozenset()

    async def once(self) -> int:
        policy, now = self._policy(), self._clock.now()
        found = gaps(policy.bundle.units, now)
        units = frozenset(gap.unit for gap in found)
        units_with_gaps.set(len(units))
        units_unattended.set(sum(gap.start <= now for gap in found))
        if units - self._known:
            new = [gap.text for gap in found if gap.unit not in self._known]
            log.warning("nobody_on_duty", policy=policy.version, gaps=new[:NAMED], more=len(new[NAMED:]))
        if self._known - units:
            log.info("duty_covered", policy=policy.version, units=sorted(self._known - units)[:NAMED])
        self._known = units
        return 0


class UnservedWatch:
    """Grids without a unit change only with the policy or the boundaries: each pair of versions is looked at once."""

    def __init__(self, policy: Callable[[], Policy], grids: Callable[[], GridIndex]) -> None:
        self._policy = policy
        self._grids = grids
        self._seen: tuple[int, int] | None = None
        self._unserved = 0

    async def once(self) -> int:
        policy, grids = self._policy(), self._grids()
        if self._seen == (policy.version, grids.version):
            return 0
        found = grid_alarms(policy, grids.codes)
        grids_unserved.set(len(found))
        before, self._unserved = self._unserved, len(found)
        self._seen = policy.version, grids.version
        if found:
            groups = [unserved_text(missing, len(them)) for missing, them in by_missing(found)]
            log.warning(
                "grids_unserved",
                policy=policy.version,
                boundary=grids.version,
                grids=len(found),
                missing=groups[:NAMED],
            )
        elif before:
            log.info("grids_served", policy=policy.version, boundary=grids.version)
        return 0
