"""Which actions an incident allows now: what a 409 says, and which buttons a page shows."""

from gridward.domain import events as e
from gridward.domain.incident import Incident, TaskRole, TaskStatus
from gridward.domain.rules import Rules
from gridward.domain.transitions import possible_events

ACTIONS: dict[type[e.Event], str] = {
    e.Dispatched: "dispatch",
    e.Accepted: "accept",
    e.Returned: "return",
    e.JointAdded: "add_joint",
    e.JointAccepted: "accept",
    e.JointReturned: "return",
    e.JointResolved: "resolve",
    e.Progressed: "progress",
    e.ExtensionAsked: "ask_extension",
    e.ExtensionGranted: "decide_extension",
    e.ExtensionDenied: "decide_extension",
    e.SuspensionAsked: "ask_suspension",
    e.SuspensionGranted: "decide_suspension",
    e.SuspensionDenied: "decide_suspension",
    e.Resumed: "resume",
    e.Resolved: "resolve",
    e.VerificationPassed: "verify",
    e.VerificationFailed: "verify",
    e.Closed: "close",
    e.Reopened: "reopen",
    e.Declined: "decline",
    e.HandedOver: "hand_over",
    e.Merged: "merge",
    e.Separated: "unmerge",
    e.Cancelled: "cancel",
}


def possible_actions(incident: Incident, rules: Rules) -> list[str]:
    """Names of actions, in the table's order. Who may do them depends on the person, and is decided then."""
    names = (
        ACTIONS[kind]
        for kind in possible_events(incident.status)
        if kind in ACTIONS and _makes_sense(kind, incident, rules)
    )
    return list(dict.fromkeys(names))


def _makes_sense(kind: type[e.Event], incident: Incident, rules: Rules) -> bool:
    """What the status allows and the incident's own state does not."""
    rule = rules.classes.get(incident.limit_class)
    lead = incident.lead
    asked = {doubt for task in incident.desk_tasks() for doubt in task.doubts}
    if kind in (e.JointAccepted, e.JointReturned, e.JointResolved):
        return _has_joint(incident, *_JOINT_STATUSES[kind])
    if kind is e.Returned:
        return bool(rule and rule.may_return and lead and not lead.designated)
    if kind is e.ExtensionAsked:
        return (
            bool(rule and rule.may_extend) and not incident.extended and e.Doubt.EXTENSION_ASKED not in asked
        )
    if kind in (e.ExtensionGranted, e.ExtensionDenied):
        return e.Doubt.EXTENSION_ASKED in asked
    if kind is e.SuspensionAsked:
        return e.Doubt.SUSPENSION_ASKED not in asked
    if kind in (e.SuspensionGranted, e.SuspensionDenied):
        return e.Doubt.SUSPENSION_ASKED in asked
    return True


_OPEN = (TaskStatus.OFFERED, TaskStatus.ACCEPTED)
_JOINT_STATUSES: dict[type[e.Event], tuple[TaskStatus, ...]] = {
    e.JointAccepted: (TaskStatus.OFFERED,),
    e.JointReturned: _OPEN,
    e.JointResolved: _OPEN,
}


def _has_joint(incident: Incident, *statuses: TaskStatus) -> bool:
    return any(task.role is TaskRole.JOINT and task.status in statuses for task in incident.tasks)
