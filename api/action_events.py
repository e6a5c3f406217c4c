"""From what a person asks to what happens: each action as the domain's events."""

from dataclasses import dataclass

from api.characters import clean
from api.excluded import Side, refuse_excluded, refuse_excluded_line, refuse_told_by_merging
from api.legal_basis import refuse_handed_down, refuse_pushed_down
from api.merging import Remaining, merge, separate, withdraw
from api.models import action as a
from api.names import Names
from api.problems import wrong_field
from gridward.domain import events as e
from gridward.domain.commands import Move
from gridward.domain.draft import When
from gridward.domain.incident import Incident, Task, TaskRole
from gridward.domain.personal import mask_text
from gridward.policy.classify import classify
from gridward.policy.policy import Category, Policy
from gridward.policy.raises import Standing, raised


@dataclass(frozen=True, slots=True)
class Asked:
    """One action on one incident as it was read before; `into` is the target of a merge.

    `excluded`: the units that its text accuses, or a report that was merged into it; `excluded_there`: those of `into`.
    `holds_hidden`: a report merged into it is of a sensitive kind, or words of any hide it under every kind. `is_over`:
    its `text` tells that a danger is over; `alarm`: the words by which it was found grave. `remaining`: where it is
    withdrawn, what was merged into it directly and lives on. `had_raised`: it raised the one that it is separated from.
    """

    body: a.Action
    incident: Incident
    when: When
    names: Names
    into: Incident | None = None
    excluded: tuple[str, ...] = ()
    had_raised: bool = False
    excluded_there: tuple[str, ...] = ()
    holds_hidden: bool = False
    is_over: bool = False
    alarm: str = ""
    remaining: Remaining | None = None
    text: str = ""

    @property
    def task(self) -> Task | None:
        """The open task that the actor acts on: the one they name, else their unit's."""
        if isinstance(self.body, a.Accept) and self.body.task is not None:
            return next((task for task in self.incident.tasks if task.no == self.body.task), None)
        return self.incident.open_task_of(self.body.actor.unit) if self.body.actor.unit else None

    @property
    def is_joint(self) -> bool:
        return self.task is not None and self.task.role is TaskRole.JOINT


def moves_of(asked: Asked) -> tuple[Move, ...]:
    """What happens, to which incidents. Raises `Problem` 422 for codes that nobody knows."""
    incident, urgent = asked.incident, asked.names.urgent_class
    match asked.body:
        case a.Merge():
            return merge(incident, _target(asked), urgent, is_over=asked.is_over, alarm=asked.alarm)
        case a.Unmerge(reason=reason):
            return separate(incident, written(reason), asked.had_raised)
        case a.Cancel(reason=reason):
            return withdraw(incident, written(reason), asked.remaining)
        case _:
            return (Move(incident.id, event_of(asked)),)


def _target(asked: Asked) -> Incident:
    target = asked.into
    assert target is not None  # it was looked up before
    if target.id == asked.incident.id:
        raise wrong_field("into", "不能并入自己", "an incident cannot be merged into itself")
    refuse_told_by_merging(
        Side(asked.incident, asked.excluded, asked.holds_hidden),
        Side(target, asked.excluded_there),
        asked.names,
    )
    return target


def event_of(asked: Asked) -> e.Event:
    match asked.body:
        case a.Dispatch() | a.AddJoint() | a.HandOver() | a.Decline() | a.Verify() | a.Close() | a.Resume():
            return _by_the_desk(asked)
        case a.DecideExtension(granted=granted, reason=reason):
            return e.ExtensionGranted(written(reason)) if granted else e.ExtensionDenied(written(reason))
        case a.DecideSuspension(granted=granted, reason=reason):
            return e.SuspensionGranted(written(reason)) if granted else e.SuspensionDenied(written(reason))
        case a.Reopen(reason=reason):
            return e.Reopened(written(reason))
        case _:
            return _by_a_unit(asked)


def _by_the_desk(asked: Asked) -> e.Event:
    match asked.body:
        case a.Dispatch() as body:
            return _dispatched(body, asked)
        case a.AddJoint(unit=unit) as body:
            refuse_excluded(body, asked.excluded, asked.names)
            return e.JointAdded(_known_unit(unit, "unit", asked.names))
        case a.HandOver(line=line, answered_by=answered_by, answered_at=answered_at):
            refuse_handed_down(line, asked.incident.category, asked.names)
            refuse_excluded_line(line, asked.excluded, asked.names)
            at = min(answered_at or asked.when.done_at, asked.when.received_at)
            return e.HandedOver(written(line), written(answered_by), at)
        case a.Decline(reason=reason):
            return e.Declined(written(reason))
        case a.Verify(passed=passed, note=note):
            return e.VerificationPassed(written(note)) if passed else e.VerificationFailed(written(note))
        case a.Close(note=note):
            return e.Closed(written(note))
        case _:
            return e.Resumed()


def _by_a_unit(asked: Asked) -> e.Event:
    joint = asked.is_joint
    match asked.body:
        case a.Accept():
            return e.JointAccepted() if joint else e.Accepted()
        case a.Return(reason=reason, suggested_unit=suggested):
            suggested = suggested and _known_unit(suggested, "suggested_unit", asked.names)
            return e.JointReturned(written(reason)) if joint else e.Returned(written(reason), suggested)
        case a.Progress(text=text):
            return e.Progressed(written(text))
        case a.AskExtension(reason=reason, days=days):
            return e.ExtensionAsked(written(reason), days)
        case a.AskSuspension(reason=reason, until=until):
            return e.SuspensionAsked(written(reason), until)
        case a.Resolve(result=result, outcome=outcome):
            return e.JointResolved(written(result)) if joint else e.Resolved(written(result), outcome)
        case body:
            raise AssertionError(f"no event for {body.action}")


def _dispatched(body: a.Dispatch, asked: Asked) -> e.Dispatched:
    names = asked.names
    refuse_excluded(body, asked.excluded, names)
    unit = _known_unit(body.unit, "unit", names)
    refuse_pushed_down(unit, body.category or asked.incident.category, names)
    joint = tuple(dict.fromkeys(_known_unit(code, "joint", names) for code in body.joint))
    if body.grid is not None and body.grid not in names.grids:
        raise wrong_field("grid", "没有这个网格", "there is no such grid")
    common = {"designated": body.designated, "grid": body.grid, "note": written(body.note)}
    if body.category is None or _keeps_a_retired_one(body.category, asked):
        hidden = True if asked.excluded or asked.holds_hidden else None  # None: as it was
        return e.Dispatched(unit, joint, severity=body.severity, sensitive=hidden, **common)  # type: ignore[arg-type]
    policy = names.policy
    category = policy.categories.get(body.category) if policy else None
    if policy is None or category is None:
        raise wrong_field("category", "没有这个类别", "there is no such category")
    standing = _standing(body.severity, category, asked, policy)
    return e.Dispatched(
        unit,
        joint,
        category=category.code,
        severity=standing.severity,
        limit_class=standing.limit_class,
        finish_limit=standing.finish_limit,
        # An accusation stays one under any category, and so does what was merged in.
        sensitive=category.sensitive or bool(asked.excluded) or asked.holds_hidden,
        rules_version=policy.version,
        same_matter=_has_another_name(asked.incident.category, category.code, policy),
        **common,  # type: ignore[arg-type]
    )


def _standing(named: int | None, category: Category, asked: Asked, policy: Policy) -> Standing:
    """How grave it is under the category that a person names, and under which limits.

    What the text tells of people and danger counts under that category as it would have at triage, unless the person
    says how grave it is.
    """
    if named is not None:
        return Standing(named, category.limit_class, category.finish_limit)
    severity = _severity(category.severity, asked.incident, policy.actions.kept_severity)
    start = Standing(severity, category.limit_class, category.finish_limit)
    card = asked.incident.card
    if card is None:
        return start
    read = policy.attributes.read(asked.text)
    [found] = classify([asked.text], policy)
    return raised(start, category.code, read, card.received_at, policy, found.danger)


def _has_another_name(former: str | None, category: str, policy: Policy) -> bool:
    """Whether the policy calls by that code alone what it called by the former one: a split says more."""
    return former not in (None, category) and policy.lineage.now(former) == {category}


def _keeps_a_retired_one(category: str, asked: Asked) -> bool:
    """The form names the category that the incident has, which the policy in force may lack: that changes nothing."""
    return category == asked.incident.category and asked.names.category_in_force(category) is None


def _severity(of_category: int, incident: Incident, kept: int) -> int:
    """The category's own, yet words of danger (up to `kept`) are not talked down by naming a mild kind."""
    return min(of_category, incident.severity) if incident.severity <= kept else of_category


def _known_unit(code: str, field: str, names: Names) -> str:
    if names.unit(code) is None:
        raise wrong_field(field, "没有这个单位", "there is no such unit")
    return code


def written(text: str) -> str:
    """As it goes on the journal: phone and identity numbers hidden, for the journal can never be erased."""
    return mask_text(clean(text).text).text
