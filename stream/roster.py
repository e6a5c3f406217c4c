"""Says it before a report needs it: units that will have nobody on duty."""

from collections.abc import Callable

from gridward.clock import Clock
from gridward.logs import get_logger
from gridward.metrics import units_unattended, units_with_gaps
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
