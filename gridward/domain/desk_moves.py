"""What the dispatch desk (派单席), or a person who verifies, does with an incident."""

from dataclasses import replace
from datetime import datetime, timedelta

from gridward.domain import clocks
from gridward.domain import events as e
from gridward.domain.draft import MACHINE, NO_TIME, Draft, NotYours
from gridward.domain.errors import Refused
from gridward.domain.incident import DESK, Deadline, TaskRole, TaskStatus, desk_tasks, lead_of, open_task_of
from gridward.domain.limits import Limit, LimitUnit
from gridward.domain.rules import DeadlineKind, Level

DESK_ROLES = frozenset({"desk", "chief", "leader"})  # 派单席, 值班长, 带班领导
UNIT_TASKS = (TaskRole.LEAD, TaskRole.JOINT)


def apply(draft: Draft, event: e.Event) -> None:
    may(draft, event)
    match event:
        case e.Dispatched():
            dispatch(draft, event)
        case e.JointAdded(unit):
            add_joint(draft, unit)
        case e.ExtensionGranted():
            grant_extension(draft)
        case e.ExtensionDenied():
            draft.desk_task(e.Doubt.EXTENSION_ASKED)
            draft.settle_desk(e.Doubt.EXTENSION_ASKED)
            draft.tell(Level.UNIT_DESK, draft.lead().unit, "extension_denied")
        case e.SuspensionGranted():
            suspend(draft)
        case e.SuspensionDenied():
            draft.desk_task(e.Doubt.SUSPENSION_ASKED)
            draft.settle_desk(e.Doubt.SUSPENSION_ASKED)
            draft.tell(Level.UNIT_DESK, draft.lead().unit, "suspension_denied")
        case e.Resumed():
            resume(draft)
        case e.VerificationPassed():
            verify(draft)
            draft.withdraw(TaskRole.JOINT)
            draft.ask_desk(e.Doubt.CLOSING, within=draft.rules.verify_within)
        case e.VerificationFailed():
            verify(draft)
            rework(draft)
        case e.Reopened() | e.Separated():
            begin_again(draft, event)
        case e.Merged(into) | e.Rejoined(into):
            draft.change(merged_into=into)
            end(draft)
        case _:
            end(draft)


def may(draft: Draft, event: e.Event) -> None:
    """Verifying takes anyone but a handler; leaving early, the reporter or the desk; all else, the desk."""
    role = draft.actor.role
    if role == MACHINE.role or role in DESK_ROLES:
        return
    if isinstance(event, e.VerificationPassed | e.VerificationFailed):
        return
    if isinstance(event, e.Cancelled | e.Reopened) and role == "reporter":
        return
    if isinstance(event, e.JointAdded | e.Resumed) and draft.held():
        return
    raise NotYours(draft.actor, "dispatch desk")


def dispatch(draft: Draft, event: e.Dispatched) -> None:
    """派单 or 改派. The accept clock starts anew with each lead task; what the reporter was promised does not."""
    former = carried_finish(draft)
    under_other_rules = changes_rules(draft, event)
    promised = promise(draft, event, under_other_rules)
    settle_findings(draft, event)
    draft.withdraw(TaskRole.LEAD, but=(event.unit,))
    draft.withdraw(TaskRole.JOINT, but=(event.unit, *event.joint))
    if former:
        draft.lift(former.task)  # a task that was returned is not open, yet its finish clock ran on
    draft.settle_desk()
    now = draft.when.received_at
    task = draft.add_task(TaskRole.LEAD, event.unit, designated=event.designated)
    start_unit_clocks(draft, task.no, now)
    if former is None:
        draft.start_clock(task.no, DeadlineKind.FINISH, draft.finish_limit, now, draft.incident.external_due)
    else:
        is_corrected = promise(draft, event, under_other_rules) != promised
        hand_on_finish(draft, task.no, former, is_corrected)
    if under_other_rules:
        follow_rules(draft, task.no, former)
    draft.tell(Level.UNIT_DESK, event.unit, "dispatched")
    for unit in event.joint:
        if unit != event.unit:
            add_joint(draft, unit)


def settle_findings(draft: Draft, event: e.Dispatched) -> None:
    named = {
        "category": event.category,
        "severity": event.severity,
        "limit_class": event.limit_class,
        "sensitive": event.sensitive,
        "grid": event.grid,
    }
    draft.change(**{name: value for name, value in named.items() if value is not None})
    if event.category is not None:
        draft.change(finish_limit=event.finish_limit)
    if draft.incident.category is None:
        raise Refused("name the category: without one there is no limit to hold the unit to")


def carried_finish(draft: Draft) -> Deadline | None:
    """The finish clock of the lead task that is being replaced."""
    lead = lead_of(draft.tasks)
    return draft.clock(lead.no, DeadlineKind.FINISH) if lead else None


def changes_rules(draft: Draft, event: e.Dispatched) -> bool:
    """Whether the category was read from another policy version than the incident has followed until now."""
    present = draft.incident.rules_version
    return event.rules_version is not None and present not in (0, event.rules_version)


def promise(draft: Draft, event: e.Dispatched, under_other_rules: bool) -> object:
    """What the finish clock that runs was set by; it counts anew when this changes.

    Under other rules it is the matter itself, its category and class: what a later version grants the same matter
    was promised to nobody here, so it moves the end neither back nor forth. Another one is the desk's correction; one
    that only has another name by now is the same matter, of whatever class.
    """
    incident = draft.incident
    if not under_other_rules:
        return draft.finish_limit
    return None if event.same_matter else (incident.category, incident.limit_class)


def follow_rules(draft: Draft, task: int, former: Deadline | None) -> None:
    """Say on the journal that other rules hold from now, and where they move the end that was promised.

    What still runs from before (a conflict at the desk) climbs the ladder of the new rules, as many steps of it
    being behind it as were taken.
    """
    draft.data |= {"from_rules": draft.incident.rules_version, "to_rules": draft.rules.version}
    now = draft.when.received_at
    for waiting in desk_tasks(draft.tasks):
        if (clock := draft.clock(waiting.no, DeadlineKind.DESK)) is not None:
            draft.put_clock(clocks.moved(clock, NO_TIME, now, draft.ladder(DeadlineKind.DESK)))
    finish = draft.clock(task, DeadlineKind.FINISH)
    if former and finish and finish.limit_at != former.limit_at:
        draft.data |= {
            "finish_from": former.limit_at.isoformat(),
            "finish_to": finish.limit_at.isoformat(),
        }


def hand_on_finish(draft: Draft, task: int, former: Deadline, is_corrected: bool) -> None:
    """The new lead task takes over the old one's clock, so what the reporter was promised stays.

    An extension and a pause stay with it. A limit that the desk corrected counts from the same start. Steps
    that were taken with the former unit are not taken again; those that were not are still to be taken.
    """
    clock = replace(former, task=task)
    if is_corrected:
        draft.start_clock(task, DeadlineKind.FINISH, draft.finish_limit, former.started_at)
        fresh = draft.clock(task, DeadlineKind.FINISH)
        assert fresh is not None
        granted = max(former.extra, NO_TIME)  # below zero, it is what an outer limit took away
        clock = replace(fresh, rested=former.rested, step=former.step, extra=granted)
    clock = clocks.capped(clock, draft.incident.external_due)
    ladder = draft.ladder(DeadlineKind.FINISH)
    draft.put_clock(clocks.moved(clock, NO_TIME, draft.when.received_at, ladder))


def start_unit_clocks(draft: Draft, task: int, now: datetime) -> None:
    rule = draft.class_rule
    if rule.accept:
        draft.start_clock(task, DeadlineKind.ACCEPT, rule.accept, now)
    if rule.contact:
        draft.start_clock(task, DeadlineKind.CONTACT, rule.contact, now)


def add_joint(draft: Draft, unit: str) -> None:
    """会办. The lead stays liable (首接负责); the joint unit has clocks of its own."""
    if open_task_of(draft.tasks, unit):
        raise Refused(f"unit {unit} holds an open task already")
    now = draft.when.received_at
    task = draft.add_task(TaskRole.JOINT, unit)
    rule = draft.class_rule
    if rule.accept:
        draft.start_clock(task.no, DeadlineKind.ACCEPT, rule.accept, now)
    draft.start_clock(task.no, DeadlineKind.FINISH, draft.finish_limit, now, draft.incident.external_due)
    draft.tell(Level.UNIT_DESK, unit, "joint_added")


def grant_extension(draft: Draft) -> None:
    asked = draft.desk_task(e.Doubt.EXTENSION_ASKED).asked
    clock = draft.clock(draft.lead().no, DeadlineKind.FINISH)
    if clock is None:
        raise Refused("no finish clock is running that could be extended")
    by = clocks.room(clock, timedelta(days=float(asked)), draft.incident.external_due)
    now = draft.when.received_at
    draft.put_clock(clocks.moved(clock, by, now, draft.ladder(DeadlineKind.FINISH)))
    draft.change(extended=True)
    draft.data["extended_by"] = str(Limit(by / timedelta(days=1), LimitUnit.DAY))
    draft.settle_desk(e.Doubt.EXTENSION_ASKED)
    draft.tell(Level.UNIT_DESK, draft.lead().unit, "extension_granted")


def suspend(draft: Draft) -> None:
    """挂账: the units' clocks pause; the desk gets one that ends with the suspension."""
    until = datetime.fromisoformat(draft.desk_task(e.Doubt.SUSPENSION_ASKED).asked)
    now = draft.when.received_at
    if until <= now:
        raise Refused("the day that was asked for has passed already: deny it, so that they may ask again")
    for clock in draft.each_clock_of_units():
        draft.put_clock(clocks.paused(clock, now))
    draft.settle_desk(e.Doubt.SUSPENSION_ASKED)
    review = draft.add_task(TaskRole.DESK, DESK, doubts=(e.Doubt.SUSPENSION_ENDS,))
    draft.start_clock(review.no, DeadlineKind.DESK, draft.rules.suspension_at_most, now, until)
    draft.data["until"] = until.isoformat()
    draft.tell(Level.UNIT_DESK, draft.lead().unit, "suspended")
    if draft.has_asked(e.Doubt.EXTENSION_ASKED):
        drop_extension(draft)


def drop_extension(draft: Draft) -> None:
    """Nobody can answer it during the pause, and the pause gives time anyway: the unit may ask again after it."""
    draft.settle_desk(e.Doubt.EXTENSION_ASKED)
    draft.data["extension_lapsed"] = True
    draft.tell(Level.UNIT_DESK, draft.lead().unit, "extension_lapsed")


def resume(draft: Draft) -> None:
    """恢复办理: each clock gets the length of the pause back, a finish clock no more than others allow."""
    now = draft.when.received_at
    for clock in draft.each_clock_of_units():
        outer = draft.incident.external_due if clock.kind is DeadlineKind.FINISH else None
        draft.put_clock(clocks.resumed(clock, now, draft.ladder(clock.kind), outer))
    draft.settle_desk(e.Doubt.SUSPENSION_ENDS)
    draft.tell(Level.UNIT_DESK, draft.lead().unit, "resumed")


def verify(draft: Draft) -> None:
    """核查, never by who handled it (不能验证自己办理的事件)."""
    worked = (TaskStatus.ACCEPTED, TaskStatus.DONE)
    units = {task.unit for task in draft.tasks if task.status in worked}
    handlers = {person for task in draft.tasks for person in task.handlers}
    if draft.actor.id in handlers or draft.actor.unit in units - {DESK}:
        raise NotYours(draft.actor, "originator or an independent reviewer, not who handled it")
    draft.meet(draft.lead().no, DeadlineKind.VERIFY)
    draft.settle_desk(e.Doubt.CALL_BACK)


def rework(draft: Draft) -> None:
    """返工: the same unit again, with a share of the original limit, within what others have set."""
    lead = draft.lead()
    draft.set_task(lead.no, status=TaskStatus.ACCEPTED, done_at=None)
    limit = draft.finish_limit
    shorter = Limit(limit.amount * draft.rules.rework_share, limit.unit)
    now, outer = draft.when.received_at, draft.incident.external_due
    draft.start_clock(lead.no, DeadlineKind.FINISH, shorter, now, outer)
    draft.tell(Level.UNIT_DESK, lead.unit, "rework")


def begin_again(draft: Draft, event: e.Reopened | e.Separated) -> None:
    """What had ended waits at the desk again; what was merged is a matter of its own."""
    draft.change(merged_into=None)
    is_left_over = isinstance(event, e.Separated) and event.withdrawn
    draft.ask_desk(e.Doubt.WITHDRAWN if is_left_over else e.Doubt.REOPENED)


def end(draft: Draft) -> None:
    """Closed, declined, handed over, merged or cancelled: nobody waits for anything but a conflict's note."""
    draft.withdraw(*UNIT_TASKS)
    draft.settle_desk()
    waiting = {task.no for task in desk_tasks(draft.tasks)}
    for deadline in list(draft.clocks.values()):
        if deadline.is_running and deadline.task not in waiting:
            draft.put_clock(clocks.ended(deadline, draft.when.received_at))
