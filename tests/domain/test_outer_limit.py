"""A limit that others have set (a higher level, another system) holds whatever happens on our side."""

from dataclasses import replace
from datetime import datetime

import pytest

from gridward.domain import events as e
from gridward.domain.errors import Refused
from gridward.domain.rules import DeadlineKind, Light
from tests.domain.story import (
    ALICE,
    DAY,
    JOINT_UNIT,
    NOON,
    REVIEWER,
    UNIT_B,
    Story,
    accepted,
    limit,
    resolved,
)


def finish(story: Story) -> datetime:
    return story.clock(DeadlineKind.FINISH).limit_at


def extended(days: float, **found: object) -> Story:
    story = accepted(**found)
    story.does(e.ExtensionAsked("rain", days), ALICE)
    story.does(e.ExtensionGranted())
    return story


def paused(story: Story, days: float) -> Story:
    story.does(e.SuspensionAsked("court", story.now + days * DAY), ALICE)
    story.does(e.SuspensionGranted())
    story.after(days * DAY).does(e.Resumed())
    return story


def test_an_extension_reaches_as_far_as_others_allow_and_no_further() -> None:
    story = accepted(external_due=NOON + 7 * DAY)
    with pytest.raises(Refused, match="until 2026-03-09 12:00 at most"):
        story.does(e.ExtensionAsked("rain", 2.5), ALICE)
    assert finish(extended(2, external_due=NOON + 7 * DAY)) == NOON + 7 * DAY


def test_what_others_limit_already_is_not_extended_at_all() -> None:
    with pytest.raises(Refused, match="2026-03-04 12:00: no extension fits"):
        accepted(external_due=NOON + 2 * DAY).does(e.ExtensionAsked("rain", 0.5), ALICE)


@pytest.mark.parametrize(
    ("outer", "limit_at", "granted"),
    [(NOON + 7 * DAY, NOON + 7 * DAY, "2 CD"), (NOON, NOON + 5 * DAY, "0 CD")],
)
def test_a_grant_is_capped_and_never_shortens(outer: datetime, limit_at: datetime, granted: str) -> None:
    story = accepted()
    story.does(e.ExtensionAsked("rain", 5), ALICE)
    story.incident = replace(story.incident, external_due=outer)
    decision = story.does(e.ExtensionGranted())
    assert finish(story) == limit_at
    assert (decision.data or {})["extended_by"] == granted


def test_rework_ends_when_others_say() -> None:
    story = resolved(external_due=NOON + 3 * DAY).after(DAY)
    story.does(e.VerificationFailed("still there"), REVIEWER)
    assert finish(story) == NOON + 3 * DAY


def test_rework_after_the_day_that_others_set_is_late_at_once() -> None:
    story = resolved(external_due=NOON + DAY).after(2 * DAY)
    story.does(e.VerificationFailed("still there"), REVIEWER)
    assert story.after(0 * DAY).lights() == {DeadlineKind.FINISH: Light.RED}


def test_a_pause_of_ours_does_not_move_what_others_set() -> None:
    assert finish(paused(accepted(external_due=NOON + 6 * DAY), 0.5)) == NOON + 5.5 * DAY
    assert finish(paused(accepted(external_due=NOON + 6 * DAY), 2)) == NOON + 6 * DAY
    late = paused(accepted(external_due=NOON + 6 * DAY), 8).after(0 * DAY)
    assert late.lights() == {DeadlineKind.FINISH: Light.RED}


def test_a_joint_unit_is_held_to_it_after_a_pause_too() -> None:
    story = accepted(external_due=NOON + 6 * DAY)
    story.does(e.JointAdded(JOINT_UNIT))
    paused(story, 2)
    joint = story.incident.tasks[1].no
    assert story.clock(DeadlineKind.FINISH, joint).limit_at == NOON + 6 * DAY


@pytest.mark.parametrize(("outer", "limit_at"), [(None, NOON + 18 * DAY), (NOON + 16 * DAY, NOON + 16 * DAY)])
def test_a_corrected_category_keeps_a_granted_extension(outer: datetime | None, limit_at: datetime) -> None:
    story = extended(3, external_due=outer)
    story.does(e.Dispatched(UNIT_B, category="0201", limit_class="D"))
    assert finish(story) == limit_at


def test_a_corrected_category_keeps_an_extension_and_a_pause() -> None:
    story = paused(extended(3), 2)
    story.does(e.Dispatched(UNIT_B, category="0201", limit_class="D"))
    assert finish(story) == NOON + 20 * DAY


def test_what_an_outer_limit_took_away_is_not_taken_from_a_corrected_limit_again() -> None:
    story = accepted(external_due=NOON + 3 * DAY)
    story.does(e.Dispatched(UNIT_B, category="0201", finish_limit=limit("2 WD")))
    assert finish(story) == NOON + 2 * DAY
