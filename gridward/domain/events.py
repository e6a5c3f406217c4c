"""Facts that reach an incident. Past tense, immutable, free of transport details."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gridward.domain.limits import Limit
from gridward.domain.rules import DeadlineKind, Level


class Doubt(StrEnum):
    """Why a matter needs a person at the dispatch desk (派单席)."""

    NO_CATEGORY = "no_category"
    AMBIGUOUS_CATEGORY = "ambiguous_category"
    NO_PLACE = "no_place"
    NO_GRID = "no_grid"
    AMBIGUOUS_GRID = "ambiguous_grid"
    NO_UNIT = "no_unit"
    CONFLICT = "conflict"  # the same report number came again with another text
    RETURNED = "returned"  # 退单
    EXTENSION_ASKED = "extension_asked"  # 申请延期
    SUSPENSION_ASKED = "suspension_asked"  # 申请挂账
    SUSPENSION_ENDS = "suspension_ends"  # 挂账到期复核
    CALL_BACK = "call_back"  # 回访
    REOPENED = "reopened"  # 重新办理
    CLOSING = "closing"  # 待结案
    GRAVER = "graver"  # 情况加重: a later report of the same matter is graver
    WITHDRAWN = "withdrawn"  # 所并入的事件已撤销: what it had been merged into was withdrawn


class Cause(StrEnum):
    """Why an open matter is raised."""

    GRAVER = "graver"  # 情况加重
    REPEAT = "repeat"  # 重复事项


class Outcome(StrEnum):
    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class Reported:
    """What triage could find in a report; what it could not find is None."""

    report_id: str
    category: str | None
    severity: int
    limit_class: str
    finish_limit: Limit | None
    sensitive: bool
    grid: str | None
    external_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A unit got the lead. A person at the desk may correct the findings in the same breath.

    `rules_version`: the policy version that the named category was read from, which the incident follows from
    then on; None, as on every journal from before, keeps it to the version that it has. `same_matter`: its category is
    what that version calls the one that the incident has, which was renamed or merged since.
    """

    unit: str
    joint: tuple[str, ...] = ()
    designated: bool = False  # 指定: the unit may not return it
    category: str | None = None
    severity: int | None = None
    limit_class: str | None = None
    finish_limit: Limit | None = None
    sensitive: bool | None = None
    grid: str | None = None
    note: str = ""
    rules_version: int | None = None
    same_matter: bool = False


@dataclass(frozen=True, slots=True)
class Accepted: ...


@dataclass(frozen=True, slots=True)
class Returned:
    reason: str
    suggested_unit: str | None = None


@dataclass(frozen=True, slots=True)
class JointAdded:
    unit: str


@dataclass(frozen=True, slots=True)
class JointAccepted: ...


@dataclass(frozen=True, slots=True)
class JointReturned:
    reason: str


@dataclass(frozen=True, slots=True)
class JointResolved:
    result: str


@dataclass(frozen=True, slots=True)
class Progressed:
    text: str


@dataclass(frozen=True, slots=True)
class ExtensionAsked:
    reason: str
    days: float


@dataclass(frozen=True, slots=True)
class ExtensionGranted:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionDenied:
    reason: str


@dataclass(frozen=True, slots=True)
class SuspensionAsked:
    reason: str
    until: datetime


@dataclass(frozen=True, slots=True)
class SuspensionGranted:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SuspensionDenied:
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed: ...


@dataclass(frozen=True, slots=True)
class Resolved:
    result: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class VerificationPassed:
    note: str = ""


@dataclass(frozen=True, slots=True)
class VerificationFailed:
    note: str


@dataclass(frozen=True, slots=True)
class Closed:
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reopened:
    reason: str


@dataclass(frozen=True, slots=True)
class Declined:
    reason: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    line: str  # 110, 119, 120, 122
    answered_by: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    into: str


@dataclass(frozen=True, slots=True)
class ChildJoined:
    """Another incident about the same fact was merged into this one.

    `same_caller`: by the person who reported this one. `new`: what that person added, in words of the text.
    """

    child: str
    same_caller: bool = False
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Separated:
    """It is a matter of its own: the merge is taken back or, `withdrawn`, what it had joined was withdrawn."""

    reason: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Rejoined:
    """What it had been merged into was withdrawn: it joins another report of the same matter instead."""

    into: str


@dataclass(frozen=True, slots=True)
class ChildLeft:
    """An incident that had been merged into this one was separated again. `raised`: it had raised this one."""

    child: str
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Linked:
    """A repeat matter (重复事项): these earlier incidents seem to be about the same.

    `nth`: the how many-th report of it this is. `returning`: a finished matter came back. `told`: who hears of it.
    """

    earlier: tuple[str, ...]
    nth: int
    returning: bool
    told: Level


@dataclass(frozen=True, slots=True)
class LinkedBy:
    """A later incident seems to be about the same. `new`: what the same reporter added, in words of the text.

    `nth` is 0 where that makes no repeat matter. `returning`: this one was finished, or claimed to be, before it came.
    """

    later: str
    nth: int
    same_caller: bool = False
    new: tuple[str, ...] = ()
    returning: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """An open matter is at least so grave, under at least so short limits; never milder or slower than it was.

    `by`: the incident that makes it so. `nth`: of a repeat matter, the how many-th report. `told`: who hears of it.
    `words`: of danger, in the report that makes it so.
    """

    cause: Cause
    by: str
    severity: int
    limit_class: str
    finish_limit: Limit | None = None
    nth: int = 0
    told: Level | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    reason: str


@dataclass(frozen=True, slots=True)
class ReportConflicted:
    """The sender's id came again with another body, which is kept here so that the desk can read it.

    `text` and `address` have phone and ID numbers masked; `lon` and `lat` are WGS 84 degrees. `sensitive`
    says that the other body may be about a sensitive kind of matter, whatever the incident is.
    """

    report_id: str
    body_hash: str
    text: str = ""
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    source: str = ""
    occurred_at: datetime | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class LevelTold:
    """A level above the handling unit is told because of what the text says (提级告知).

    `level`: village, town or county; `unit` speaks for it; `reason` in Chinese, for people.
    """

    level: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """A deadline as it stood when it was read; `generation` is the fence against acting twice."""

    task: int
    kind: DeadlineKind
    generation: int


Event = (
    Reported
    | Queued
    | Dispatched
    | Accepted
    | Returned
    | JointAdded
    | JointAccepted
    | JointReturned
    | JointResolved
    | Progressed
    | ExtensionAsked
    | ExtensionGranted
    | ExtensionDenied
    | SuspensionAsked
    | SuspensionGranted
    | SuspensionDenied
    | Resumed
    | Resolved
    | VerificationPassed
    | VerificationFailed
    | Closed
    | Reopened
    | Declined
    | HandedOver
    | Merged
    | ChildJoined
    | Separated
    | Rejoined
    | ChildLeft
    | Linked
    | LinkedBy
    | Raised
    | Cancelled
    | ReportConflicted
    | LevelTold
    | DeadlinePassed
)
