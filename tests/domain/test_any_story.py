"""Whatever happens in whatever order: refused or applied, numbered without holes, and never left unwatched."""

from datetime import datetime, timedelta
from math import inf, nan

from hypothesis import given, settings
from hypothesis import strategies as st

from gridward.domain import events as e
from gridward.domain.clocks import ladder_of
from gridward.domain.desk_moves import DESK_ROLES
from gridward.domain.draft import MACHINE, Actor
from gridward.domain.errors import Refused
from gridward.domain.incident import Deadline, Incident, Task, TaskRole, TaskStatus
from gridward.domain.limits import Limit, LimitUnit
from gridward.domain.rules import DeadlineKind, Level
from gridward.domain.transitions import OPEN, Status, possible_events
from tests.domain.story import (
    DAY,
    DESK_CLERK,
    IN_STATUS,
    NOON,
    REVIEWER,
    RULES,
    UNIT_A,
    UNIT_B,
    Story,
    rules_of,
)
from tests.domain.test_desk_answers import unanswerable
from tests.domain.test_transitions import EVENTS, SAMPLE

UNITS = st.sampled_from([UNIT_A, UNIT_B, "33112500100003", "33112500100004"])
LIMITS = st.builds(Limit, st.sampled_from([0.25, 3, 1000]), st.sampled_from(LimitUnit))
DAYS = st.sampled_from([-1, 0, 0.5, 5, 15, 400, nan, inf])
PASSED = st.builds(
    e.DeadlinePassed, st.integers(0, 9), st.sampled_from(list(RULES.classes["A"].ladders)), st.integers(0, 9)
)
RICH: dict[type[e.Event], st.SearchStrategy[e.Event]] = {
    e.Reported: st.builds(
        e.Reported,
        st.just("r1"),
        st.none() | st.just("0101"),
        st.integers(1, 4),
        st.sampled_from("ABCD"),
        st.none() | LIMITS,
        st.booleans(),
        st.none(),
        st.none() | st.sampled_from([NOON - DAY, NOON + DAY]),
    ),
    e.Dispatched: st.builds(
        e.Dispatched,
        UNITS,
        st.lists(UNITS, max_size=3).map(tuple),
        st.booleans(),
        st.none() | st.sampled_from(["0101", "0201"]),
        st.none() | st.integers(1, 4),
        st.none() | st.sampled_from("ABCDEZ"),
        st.none() | LIMITS,
        rules_version=st.sampled_from([None, 1, 2]),
        same_matter=st.booleans(),
    ),
    e.JointAdded: st.builds(e.JointAdded, UNITS),
    e.Raised: st.builds(
        e.Raised,
        st.sampled_from(e.Cause),
        st.just("i9"),
        st.integers(1, 4),
        st.sampled_from("ABCDZ"),
        st.none() | LIMITS,
        st.integers(0, 5),
        st.none() | st.sampled_from(Level),
    ),
    e.Returned: st.builds(e.Returned, st.just("not ours"), st.none() | UNITS),
    e.ExtensionAsked: st.builds(e.ExtensionAsked, st.just("rain"), DAYS),
    e.SuspensionAsked: st.builds(
        e.SuspensionAsked, st.just("court"), st.integers(-1, 40).map(lambda days: NOON + days * DAY)
    ),
    e.DeadlinePassed: PASSED,
}
ACTORS = st.one_of(
    st.builds(Actor, st.sampled_from(["alice", "bob", "joan"]), st.sampled_from(["unit", "worker"]), UNITS),
    st.sampled_from([MACHINE, DESK_CLERK, REVIEWER, Actor("wang", "reporter"), Actor("he", "leader")]),
)
SEVERITY = st.integers(1, 4)
WAITS = st.sampled_from([0, 0, 0, 30, 300, 3_000, 30_000]).map(lambda minutes: timedelta(minutes=minutes))


ENDINGS = {e.Declined, e.HandedOver, e.Merged, e.Cancelled}
JOINT_MOVES = {e.JointAccepted, e.JointReturned, e.JointResolved}


def fitting(kind: type[e.Event], incident: Incident) -> Actor:
    """Someone who may do this, as random people seldom do."""
    if kind is e.DeadlinePassed:
        return MACHINE
    if SAMPLE[kind][1].role != "unit":
        return SAMPLE[kind][1]
    role = TaskRole.JOINT if kind in JOINT_MOVES else TaskRole.LEAD
    holders = [task.unit for task in incident.tasks if task.role is role and task.is_open]
    return Actor("carol", "unit", holders[0]) if holders else DESK_CLERK


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(1, 25))
def test_any_story_keeps_its_promises(data: st.DataObject, length: int) -> None:
    due = data.draw(st.sampled_from([None, NOON - DAY, NOON + DAY]))
    begun = data.draw(st.sampled_from(list(IN_STATUS.values())))
    story = begun(
        limit_class=data.draw(st.sampled_from("BCD")), severity=data.draw(SEVERITY), external_due=due
    )
    for _ in range(length):
        happen(story, data)
    story.after(400 * DAY)
    check(story.incident)


def happen(story: Story, data: st.DataObject) -> None:
    """Time passes and its deadlines act; then one event comes, mostly a possible one, from anybody."""
    if story.incident.status is not Status.REPORTED:
        story.after(data.draw(WAITS))
        check(story.incident)
    possible = possible_events(story.incident.status)
    going_on = tuple(kind for kind in possible if kind not in ENDINGS)
    kind = data.draw(
        st.sampled_from(data.draw(st.sampled_from([going_on] * 8 + [possible, EVENTS])) or possible)
    )
    event = data.draw(RICH[kind] if kind in RICH else st.just(SAMPLE[kind][0]))
    actor = data.draw(ACTORS if data.draw(st.integers(0, 3)) == 3 else st.just(fitting(kind, story.incident)))
    before = story.incident
    try:
        decision = story.does(event, actor, done_at=story.now - data.draw(WAITS))
    except Refused:
        assert story.incident is before
        return
    assert story.incident.journal_no == before.journal_no + decision.happened
    assert story.incident.version - before.version in (0, 1)
    assert generations_grow(before, story.incident)
    assert (story.incident.rules_version != before.rules_version) == ("to_rules" in (decision.data or {}))
    if "to_rules" in (decision.data or {}):
        assert (promised(before) in (None, promised(story.incident))) or "finish_to" in (decision.data or {})
    told = {effect.unit for effect in decision.effects if effect.level is Level.UNIT_DESK}
    if not (kind is e.Progressed and actor.role in DESK_ROLES):
        assert conflicts(before) <= conflicts(story.incident), "a conflict stays until the desk has noted it"
    assert losers(before, story.incident) <= told, "who loses a task is told"
    check(story.incident)


def generations_grow(before: Incident, now: Incident) -> bool:
    old = {(d.task, d.kind): d for d in before.deadlines}
    changed = [(old[d.task, d.kind], d) for d in now.deadlines if old.get((d.task, d.kind), d) != d]
    return all(later.generation > earlier.generation for earlier, later in changed)


def promised(incident: Incident) -> datetime | None:
    """The end of the lead task's finish clock while it runs."""
    lead = incident.lead
    clocks = (d for d in incident.deadlines if lead and d.task == lead.no and d.kind is DeadlineKind.FINISH)
    return next((d.limit_at for d in clocks if d.is_running), None)


def conflicts(incident: Incident) -> set[int]:
    """The open tasks of the desk that are about another body under the same number."""
    return {task.no for task in incident.desk_tasks() if e.Doubt.CONFLICT in task.doubts}


def losers(before: Incident, now: Incident) -> set[str]:
    """The units whose task was taken away."""
    open_before = {task.no for task in before.tasks if task.is_open}
    withdrawn = (task for task in now.tasks if task.status is TaskStatus.WITHDRAWN)
    return {task.unit for task in withdrawn if task.no in open_before}


def check(incident: Incident) -> None:
    """What holds of every incident that is stored, at any time."""
    if incident.status is Status.REPORTED:
        return
    running = [d for d in incident.deadlines if d.is_running]
    if incident.status in OPEN:
        assert any(is_watched(d, incident) for d in running), "nothing rests unwatched"
    else:
        after_the_end = {task.no for task in incident.desk_tasks()}
        assert {d.task for d in running} <= after_the_end, "no unit's clock runs after the end"
        assert all(task.doubts == (e.Doubt.CONFLICT,) for task in incident.desk_tasks())
    assert not unanswerable(incident), "whatever waits at the desk can be answered"
    assert all(holds_to_outer_limit(d, incident) for d in running if d.kind is DeadlineKind.FINISH)
    assert all(d.due_at is None for d in incident.deadlines if not d.is_running or d.paused_at)
    assert incident.status is Status.SUSPENDED or not any(d.paused_at for d in incident.deadlines)
    assert len([task for task in incident.tasks if task.role is TaskRole.LEAD and task.is_open]) <= 1
    assert [task.no for task in incident.tasks] == list(range(1, len(incident.tasks) + 1))
    assert all(is_timed(task, running) for task in incident.tasks if task.is_open)


def is_watched(clock: Deadline, incident: Incident) -> bool:
    """It will act, or it has told everyone up to the top of its ladder and its light stays on."""
    rules = rules_of(incident.rules_version)
    ladder = ladder_of(clock.kind, rules.classes[incident.limit_class], rules)
    return clock.paused_at is None and (clock.due_at is not None or clock.step == len(ladder))


def holds_to_outer_limit(clock: Deadline, incident: Incident) -> bool:
    """Not later than what others set, or late from its start."""
    outer = incident.external_due
    return outer is None or clock.limit_at <= max(outer, clock.started_at + clock.rested)


def is_timed(task: Task, running: list[Deadline]) -> bool:
    return any(d.task == task.no for d in running)
