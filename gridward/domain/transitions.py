"""The one table of an incident's moves: status x event -> status. What is not here cannot happen."""

from enum import StrEnum

from gridward.domain import events as e
from gridward.domain.errors import Refused


class Status(StrEnum):
    NEW = "new"  # before its first event; never stored
    REPORTED = "reported"  # within the transaction of its triage; never rests here
    QUEUED = "queued"  # 待派单
    DISPATCHED = "dispatched"  # 待签收
    ACCEPTED = "accepted"  # 处置中
    RETURNED = "returned"  # 退单待裁定
    SUSPENDED = "suspended"  # 挂账
    RESOLVED = "resolved"  # 待核查
    VERIFIED = "verified"  # 待结案
    CLOSED = "closed"  # 已结案
    DECLINED = "declined"  # 不予受理
    HANDED_OVER = "handed_over"  # 已转紧急专线
    MERGED = "merged"  # 已并入
    CANCELLED = "cancelled"  # 已撤销


S = Status
OPEN = (S.QUEUED, S.DISPATCHED, S.ACCEPTED, S.RETURNED, S.SUSPENDED, S.RESOLVED, S.VERIFIED)
DONE = (S.RESOLVED, S.VERIFIED)  # 办结 is claimed: open, yet nobody works on it any more
IN_HAND = tuple(status for status in OPEN if status not in DONE)
RESTING = tuple(status for status in Status if status not in (S.NEW, S.REPORTED))

TRANSITIONS: dict[tuple[Status, type[e.Event]], Status] = {
    (S.NEW, e.Reported): S.REPORTED,
    (S.REPORTED, e.Dispatched): S.DISPATCHED,
    (S.REPORTED, e.Queued): S.QUEUED,
    # The desk sends it to a unit, or to another one.
    (S.QUEUED, e.Dispatched): S.DISPATCHED,
    (S.DISPATCHED, e.Dispatched): S.DISPATCHED,
    (S.ACCEPTED, e.Dispatched): S.DISPATCHED,
    (S.RETURNED, e.Dispatched): S.DISPATCHED,
    # The unit takes it, or says that it is not theirs.
    (S.DISPATCHED, e.Accepted): S.ACCEPTED,
    (S.DISPATCHED, e.Returned): S.RETURNED,
    (S.ACCEPTED, e.Returned): S.RETURNED,
    # More time, or a pause that the desk has agreed to.
    (S.ACCEPTED, e.ExtensionAsked): S.ACCEPTED,
    (S.ACCEPTED, e.ExtensionGranted): S.ACCEPTED,
    (S.ACCEPTED, e.ExtensionDenied): S.ACCEPTED,
    (S.ACCEPTED, e.SuspensionAsked): S.ACCEPTED,
    (S.ACCEPTED, e.SuspensionDenied): S.ACCEPTED,
    (S.ACCEPTED, e.SuspensionGranted): S.SUSPENDED,
    (S.SUSPENDED, e.Resumed): S.ACCEPTED,
    # Work and its end. What is solved on the spot needs no acceptance first.
    (S.DISPATCHED, e.Resolved): S.RESOLVED,
    (S.ACCEPTED, e.Resolved): S.RESOLVED,
    (S.RESOLVED, e.VerificationPassed): S.VERIFIED,
    (S.RESOLVED, e.VerificationFailed): S.ACCEPTED,
    (S.VERIFIED, e.Closed): S.CLOSED,
    (S.HANDED_OVER, e.Closed): S.CLOSED,
    (S.CLOSED, e.Reopened): S.QUEUED,
    (S.DECLINED, e.Reopened): S.QUEUED,
    (S.HANDED_OVER, e.Reopened): S.QUEUED,
    # Ways out that are no solution.
    (S.QUEUED, e.Declined): S.DECLINED,
    (S.RETURNED, e.Declined): S.DECLINED,
    (S.QUEUED, e.HandedOver): S.HANDED_OVER,
    (S.DISPATCHED, e.HandedOver): S.HANDED_OVER,
    (S.ACCEPTED, e.HandedOver): S.HANDED_OVER,
    (S.RETURNED, e.HandedOver): S.HANDED_OVER,
    # A report that repeats a known matter beyond doubt joins it at once.
    (S.REPORTED, e.Merged): S.MERGED,
    (S.QUEUED, e.Merged): S.MERGED,
    (S.DISPATCHED, e.Merged): S.MERGED,
    (S.ACCEPTED, e.Merged): S.MERGED,
    (S.RETURNED, e.Merged): S.MERGED,
    (S.SUSPENDED, e.Merged): S.MERGED,
    (S.MERGED, e.Separated): S.QUEUED,
    (S.MERGED, e.Rejoined): S.MERGED,
    (S.QUEUED, e.Cancelled): S.CANCELLED,
    (S.DISPATCHED, e.Cancelled): S.CANCELLED,
    # Joint units have tasks of their own, which do not move the incident.
    **{(status, e.JointAdded): status for status in (S.DISPATCHED, S.ACCEPTED)},
    **{
        (status, kind): status
        for status in (S.DISPATCHED, S.ACCEPTED, S.RETURNED, S.RESOLVED)
        for kind in (e.JointAccepted, e.JointReturned, e.JointResolved)
    },
    # What may come at any time and moves nothing. A note by the desk settles a conflict, also after the end.
    **{(status, e.Progressed): status for status in RESTING},
    **{(status, e.DeadlinePassed): status for status in RESTING},
    **{(status, e.LevelTold): status for status in RESTING},
    **{(status, e.ReportConflicted): status for status in RESTING},
    **{(status, e.ChildJoined): status for status in OPEN},
    **{(status, e.ChildLeft): status for status in RESTING},
    **{(status, e.Linked): status for status in OPEN},
    **{(status, e.LinkedBy): status for status in RESTING},
    **{(status, e.Raised): status for status in OPEN},
}


class IllegalTransition(Refused):
    """The event is not possible in the incident's current status; `possible` names the events that are."""

    def __init__(self, status: Status, event: e.Event) -> None:
        super().__init__(f"{type(event).__name__} is not possible while {status}")
        self.status = status
        self.event = event
        self.possible = possible_events(status)


def possible_events(status: Status) -> tuple[type[e.Event], ...]:
    """The kinds of event that the table allows from `status`, in the table's order."""
    return tuple(kind for (start, kind) in TRANSITIONS if start is status)
