"""The part of a policy that `decide` needs: limits, ladders, and what each class of matter allows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from enum import StrEnum

from gridward.domain.limits import Limit

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


class DeadlineKind(StrEnum):
    ACCEPT = "accept"  # 签收
    CONTACT = "contact"  # 联系或到场
    FINISH = "finish"  # 办结
    DESK = "desk"  # 派单席处置
    VERIFY = "verify"  # 核查


class Light(StrEnum):
    """What the machine turns on. A yellow or red card (黄牌, 红牌) is a person's signed decision, not this."""

    AMBER = "amber"
    RED = "red"


class Level(StrEnum):
    """Who is told, from the one who must act upwards."""

    UNIT_DESK = "unit_desk"  # 单位值班岗
    UNIT_LEADER = "unit_leader"  # 单位负责人
    CENTRE = "centre"  # 综治中心
    LEADER_IN_CHARGE = "leader_in_charge"  # 分管领导
    DISPATCH_DESK = "dispatch_desk"  # 派单席
    DUTY_CHIEF = "duty_chief"  # 值班长
    LEADER_ON_DUTY = "leader_on_duty"  # 带班领导


WITHIN_THE_UNIT = frozenset({Level.UNIT_DESK, Level.UNIT_LEADER})
ABOVE_THE_UNIT = frozenset({Level.CENTRE, Level.LEADER_IN_CHARGE})


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of an escalation ladder: at this share of the limit, turn this on and tell these."""

    at: float
    tell: Level
    light: Light | None = None


Ladder = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ClassRule:
    """What a limit class (时限类别) grants and allows. A limit of None means no such clock."""

    code: str
    accept: Limit | None
    contact: Limit | None
    finish: Limit
    may_return: bool
    may_extend: bool
    above_unit_at_night: bool
    ladders: Mapping[DeadlineKind, Ladder]


@dataclass(frozen=True, slots=True)
class Night:
    """Local hours in which a class may spare those above the unit; wraps over midnight."""

    start: time
    end: time

    def ends_after(self, moment: datetime) -> datetime | None:
        """When the night that holds `moment` ends, or None by day."""
        local = moment.astimezone(CHINA)
        clock = local.time()
        wraps = self.start > self.end
        if not (clock >= self.start or clock < self.end if wraps else self.start <= clock < self.end):
            return None
        morning = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        return morning if morning > local else morning + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rules:
    """One numbered version of what `decide` goes by."""

    version: int
    classes: Mapping[str, ClassRule]
    desk: Mapping[int, Limit]  # by severity 1-4
    desk_ladder: Ladder
    verify_within: Limit
    verify_ladder: Ladder
    night: Night
    rework_share: float  # of the finish limit, when a verification fails
    extension_share: float  # of the finish limit, the most that an extension may add
    suspension_at_most: Limit
