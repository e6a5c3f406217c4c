"""How long something may take, and the one function that turns that into a moment.

Working time (工作时, 工作日) is counted by the clock until a county's calendar is part of the policy;
whoever builds it changes `after` and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf

from gridward.domain.errors import Refused


class LimitUnit(StrEnum):
    """The kinds of time that Chinese city-management rules count in."""

    MINUTE = "MIN"
    URGENT_HOUR = "EH"  # 紧急工作时: an hour round the clock
    WORK_HOUR = "WH"  # 工作时
    WORK_DAY = "WD"  # 工作日
    DAY = "CD"  # 自然日


_LENGTH = {
    LimitUnit.MINUTE: timedelta(minutes=1),
    LimitUnit.URGENT_HOUR: timedelta(hours=1),
    LimitUnit.WORK_HOUR: timedelta(hours=1),
    LimitUnit.WORK_DAY: timedelta(days=1),
    LimitUnit.DAY: timedelta(days=1),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of one kind of time, such as 4 WH."""

    amount: float
    unit: LimitUnit

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read "4 WH". Raises `Refused` when the text is not an amount and a known unit."""
        amount, _, unit = text.strip().partition(" ")
        try:
            limit = cls(float(amount), LimitUnit(unit.strip()))
        except ValueError:
            raise Refused(
                f"{text!r} is no limit: write an amount and one of {', '.join(LimitUnit)}"
            ) from None
        if not 0 < limit.amount < inf:
            raise Refused(f"{text!r} is no limit: the amount must be above zero and finite")
        return limit

    def __str__(self) -> str:
        return f"{self.amount!r}".removesuffix(".0") + f" {self.unit}"


def after(start: datetime, limit: Limit, share: float = 1.0) -> datetime:
    """The moment at which `share` of `limit`, counted from `start`, has passed."""
    return start + _LENGTH[limit.unit] * (limit.amount * share)
