"""The decision version: what makes a person's click stale, and what must not."""

import pytest

from gridward.domain import events as e
from gridward.domain.draft import MACHINE, Actor
from gridward.domain.rules import Level
from tests.domain.story import (
    ALICE,
    DAY,
    DESK_CLERK,
    HOUR,
    JOAN,
    JOINT_UNIT,
    REVIEWER,
    UNIT_B,
    Story,
    accepted,
    dispatched,
    resolved,
    suspended,
)

QUIET: list[tuple[e.Event, Actor]] = [
    (e.Progressed("called them"), ALICE),
    (e.Progressed("noted"), DESK_CLERK),
    (e.ExtensionAsked("rain", 1), ALICE),
    (e.SuspensionAsked("court", Story().now + DAY), ALICE),
    (e.ReportConflicted("r1", "ab12"), MACHINE),
    (e.LevelTold("town", UNIT_B, "thirty people"), MACHINE),
    (e.ChildJoined("i2"), DESK_CLERK),
    (e.ChildLeft("i2"), DESK_CLERK),
    (e.Linked(("i2",), 3, True, Level.CENTRE), MACHINE),
    (e.LinkedBy("i2", 3), MACHINE),
]


@pytest.mark.parametrize(("event", "actor"), QUIET)
def test_reports_requests_and_the_desks_own_tasks_make_no_click_stale(event: e.Event, actor: Actor) -> None:
    story = accepted()
    version, journal_no = story.incident.version, story.incident.journal_no
    story.does(event, actor)
    assert (story.incident.version, story.incident.journal_no) == (version, journal_no + 1)


def test_reminders_and_lights_make_no_click_stale() -> None:
    story = dispatched()
    version = story.incident.version
    story.after(30 * DAY)
    assert story.entries > 5
    assert story.incident.version == version


def test_a_call_back_makes_no_verdict_stale() -> None:
    story = resolved()
    version = story.incident.version
    assert story.after(3 * DAY).incident.version == version


@pytest.mark.parametrize(
    ("story", "event", "actor"),
    [
        (dispatched, e.Accepted(), ALICE),
        (dispatched, e.Dispatched(UNIT_B), DESK_CLERK),
        (accepted, e.Dispatched(UNIT_B), DESK_CLERK),
        (dispatched, e.Returned("not ours"), ALICE),
        (accepted, e.JointAdded(JOINT_UNIT), DESK_CLERK),
        (accepted, e.Resolved("done", e.Outcome.SOLVED), ALICE),
        (resolved, e.VerificationPassed(), REVIEWER),
        (resolved, e.VerificationFailed("no"), REVIEWER),
        (suspended, e.Resumed(), DESK_CLERK),
        (dispatched, e.Cancelled("mistake"), DESK_CLERK),
    ],
)
def test_whatever_changes_status_task_or_unit_does(story: type[Story], event: e.Event, actor: Actor) -> None:
    lived = story()
    version = lived.incident.version
    lived.does(event, actor)
    assert lived.incident.version == version + 1


def test_a_joint_units_moves_change_it_too() -> None:
    story = accepted()
    story.does(e.JointAdded(JOINT_UNIT))
    versions = [story.incident.version]
    for event in (e.JointAccepted(), e.JointResolved("done")):
        story.does(event, JOAN)
        versions.append(story.incident.version)
    assert versions == sorted(set(versions))


def test_the_rules_that_first_decided_it_stay_with_it() -> None:
    story = Story()
    assert story.incident.rules_version == story.rules.version
    story.after(HOUR).does(e.Dispatched(UNIT_B))
    assert story.incident.rules_version == 1
