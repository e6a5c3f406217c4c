"""What a responsible unit (责任单位) does with its task."""

from datetime import datetime, timedelta

from gridward.domain import clocks
from gridward.domain import events as e
from gridward.domain.draft import Draft
from gridward.domain.errors import Refused
from gridward.domain.incident import Deadline, Task, TaskRole, TaskStatus
from gridward.domain.limits import after
from gridward.domain.rules import CHINA, DeadlineKind, Level

UnitEvent = (
    e.Accepted
    | e.Returned
    | e.JointAccepted
    | e.JointReturned
    | e.JointResolved
    | e.Progressed
    | e.ExtensionAsked
    | e.SuspensionAsked
    | e.Resolved
)


def apply(draft: Draft, event: UnitEvent) -> None:
    joint = isinstance(event, e.JointAccepted | e.JointReturned | e.JointResolved)
    held = draft.held() if isinstance(event, e.Progressed) else None
    task = held or draft.own_task(TaskRole.JOINT if joint else TaskRole.LEAD)
    match event:
        case e.Accepted() | e.JointAccepted():
            accept(draft, task)
        case e.Returned():
            return_task(draft, task, event)
        case e.JointReturned():
            draft.set_task(task.no, status=TaskStatus.RETURNED, done_at=draft.when.received_at)
            draft.lift(task.no)
            draft.tell(Level.UNIT_DESK, draft.lead().unit, "joint_returned")
        case e.JointResolved():
            finish(draft, task)
        case e.Progressed():
            draft.meet(task.no, DeadlineKind.CONTACT)
        case e.ExtensionAsked():
            ask_extension(draft, task, event)
        case e.SuspensionAsked():
            ask_suspension(draft, event)
        case e.Resolved():
            resolve(draft, task)


def accept(draft: Draft, task: Task) -> None:
    if task.status is not TaskStatus.OFFERED:
        raise Refused("this task was accepted already")
    draft.set_task(
        task.no,
        status=TaskStatus.ACCEPTED,
        accepted_at=draft.done_at(task.offered_at),
        handlers=(*task.handlers, draft.actor.id),
    )
    draft.meet(task.no, DeadlineKind.ACCEPT)


def return_task(draft: Draft, task: Task, event: e.Returned) -> None:
    """退单. The finish clock keeps running: the reporter was promised a day, not a unit."""
    if not draft.class_rule.may_return:
        raise Refused(
            f"class {draft.incident.limit_class} may not be returned: act first, then say whose it is"
        )
    if task.designated:
        raise Refused("the desk has designated this unit: it may not be returned again")
    draft.set_task(task.no, status=TaskStatus.RETURNED, done_at=draft.when.received_at)
    draft.lift(task.no, DeadlineKind.ACCEPT, DeadlineKind.CONTACT)
    draft.settle_desk(e.Doubt.EXTENSION_ASKED, e.Doubt.SUSPENSION_ASKED)
    draft.ask_desk(e.Doubt.RETURNED, asked=event.suggested_unit or "")


def ask_extension(draft: Draft, task: Task, event: e.ExtensionAsked) -> None:
    """申请延期: once, before the limit, by no more than policy's share of it, and not beyond what others set."""
    clock = draft.clock(task.no, DeadlineKind.FINISH)
    asked_at = draft.done_at(task.offered_at)
    if not draft.class_rule.may_extend:
        raise Refused(f"class {draft.incident.limit_class} may not be extended")
    if draft.incident.extended or draft.has_asked(e.Doubt.EXTENSION_ASKED):
        raise Refused("an extension can be had once")
    if clock is None or asked_at >= clock.limit_at:
        raise Refused("an extension must be asked for before the limit has passed")
    most = after(clock.started_at, clock.limit, draft.rules.extension_share) - clock.started_at
    days_at_most = most / timedelta(days=1)
    if not 0 < event.days <= days_at_most:
        raise Refused(f"an extension may be at most {days_at_most:g} days")
    stay_within(draft.incident.external_due, clock, timedelta(days=event.days))
    draft.ask_desk(e.Doubt.EXTENSION_ASKED, asked=f"{event.days:g}")


def stay_within(outer: datetime | None, clock: Deadline, by: timedelta) -> None:
    """Raises `Refused` when `by` more would go beyond the limit that others have set."""
    room = clocks.room(clock, by, outer)
    if outer is None or room >= by:
        return
    until = local_minute(outer)
    if not room:
        raise Refused(f"others have set the limit, {until}: no extension fits before it")
    raise Refused(f"others have set a limit: it may be extended until {until} at most")


def local_minute(moment: datetime) -> str:
    """`2026-03-09 12:00`, as the clock on the wall says."""
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def ask_suspension(draft: Draft, event: e.SuspensionAsked) -> None:
    """申请挂账: until a stated day, not further off than policy allows."""
    now = draft.when.received_at
    if draft.has_asked(e.Doubt.SUSPENSION_ASKED):
        raise Refused("a suspension waits for the desk's answer already")
    if not now < event.until <= after(now, draft.rules.suspension_at_most):
        raise Refused(f"a suspension ends in the future, within {draft.rules.suspension_at_most}")
    draft.ask_desk(e.Doubt.SUSPENSION_ASKED, asked=event.until.isoformat())


def resolve(draft: Draft, task: Task) -> None:
    """办结. Whoever handled it may not verify it, so the verification has a clock of its own."""
    finish(draft, task)
    draft.settle_desk(e.Doubt.EXTENSION_ASKED, e.Doubt.SUSPENSION_ASKED)
    draft.start_clock(task.no, DeadlineKind.VERIFY, draft.rules.verify_within, draft.when.received_at)
    draft.tell(Level.DISPATCH_DESK, task.unit, "resolved")


def finish(draft: Draft, task: Task) -> None:
    done_at = draft.done_at(task.offered_at)
    draft.set_task(
        task.no,
        status=TaskStatus.DONE,
        done_at=done_at,
        accepted_at=task.accepted_at or done_at,
        handlers=(*task.handlers, draft.actor.id),
    )
    draft.meet(task.no, DeadlineKind.ACCEPT, DeadlineKind.CONTACT, DeadlineKind.FINISH)
