"""An accused unit is not given the incident by a click; the chief may, with a reason."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.action_events import Asked, event_of, moves_of
from api.excluded import excluded_by, holds_hidden
from api.models import action as a
from api.names import Names
from api.problems import Problem
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, HandedOver, JointAdded
from gridward.domain.incident import Incident, Task, TaskRole, TaskStatus
from gridward.policy.accused import recorded
from gridward.policy.load import bundled_policy
from gridward.store.held import Told

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
POLICE, CENTRE = "99010110120002", "99010110120001"
EXCLUDED = (POLICE,)
GRID = "990101101001001"


MODELS = {"dispatch": a.Dispatch, "add_joint": a.AddJoint, "merge": a.Merge, "hand_over": a.HandOver}


def asked(
    role: str,
    excluded: tuple[str, ...] = EXCLUDED,
    incident: Incident | None = None,
    target: Incident | None = None,
    **fields: Any,
) -> Asked:
    body = {"id": str(uuid4()), "version": 1, "actor": {"id": "x-1", "role": role}, **fields}
    return Asked(
        MODELS[fields["action"]].model_validate(body),
        incident or Incident("i", "n", severity=3),
        When(NOW, NOW),
        Names(bundled_policy()),
        target,
        excluded,
    )


def handled_by(unit: str, status: TaskStatus, *, sensitive: bool = False) -> Incident:
    task = Task(1, TaskRole.LEAD, unit, status, NOW)
    return Incident("j", "m", severity=3, sensitive=sensitive, tasks=(task,))


@pytest.mark.parametrize(
    ("role", "fields"),
    [
        ("desk", {"action": "dispatch", "unit": POLICE}),
        ("desk", {"action": "dispatch", "unit": POLICE, "note": "就近"}),
        ("chief", {"action": "dispatch", "unit": POLICE}),
        ("desk", {"action": "dispatch", "unit": CENTRE, "joint": [POLICE]}),
        ("desk", {"action": "add_joint", "unit": POLICE}),
    ],
)
def test_an_accused_unit_is_refused(role: str, fields: dict[str, Any]) -> None:
    with pytest.raises(Problem) as refused:
        event_of(asked(role, **fields))
    assert refused.value.status == 422
    assert isinstance(event_of(asked(role, (), **fields)), Dispatched | JointAdded)


def test_the_chief_may_with_a_reason() -> None:
    event = event_of(asked("chief", action="dispatch", unit=POLICE, note="县局已派员监督"))
    assert isinstance(event, Dispatched)
    assert (event.unit, event.note) == (POLICE, "县局已派员监督")


def test_naming_a_mild_category_does_not_open_an_accusation_to_all() -> None:
    mild = {"action": "dispatch", "unit": CENTRE, "category": "0501"}
    sealed, plain = event_of(asked("desk", **mild)), event_of(asked("desk", (), **mild))
    assert isinstance(sealed, Dispatched)
    assert isinstance(plain, Dispatched)
    assert (sealed.sensitive, plain.sensitive) == (True, False)


def test_a_dispatch_without_a_category_hides_an_accusation_too() -> None:
    plain = {"action": "dispatch", "unit": CENTRE}
    sealed, open_to_all = event_of(asked("desk", **plain)), event_of(asked("desk", (), **plain))
    assert isinstance(sealed, Dispatched)
    assert isinstance(open_to_all, Dispatched)
    assert (sealed.sensitive, open_to_all.sensitive) == (True, None)


def merges(
    target: Incident,
    *,
    excluded: tuple[str, ...] = EXCLUDED,
    sensitive: bool = True,
    tasks: tuple[Task, ...] = (),
    **reports: Any,
) -> list[str]:
    complaint = Incident("i", "n", severity=3, sensitive=sensitive, tasks=tasks)
    made = asked("chief", excluded, incident=complaint, target=target, action="merge", into="j")
    return [type(move.event).__name__ for move in moves_of(replace(made, **reports))]


def test_a_complaint_is_not_merged_into_what_the_accused_unit_handles() -> None:
    with pytest.raises(Problem) as refused:
        merges(handled_by(POLICE, TaskStatus.ACCEPTED, sensitive=True))
    assert refused.value.status == 422
    assert merges(handled_by(POLICE, TaskStatus.WITHDRAWN, sensitive=True)) == ["Merged", "ChildJoined"]
    assert merges(handled_by(CENTRE, TaskStatus.ACCEPTED, sensitive=True)) == ["Merged", "ChildJoined"]


def test_what_few_may_read_is_not_merged_into_what_many_may() -> None:
    with pytest.raises(Problem) as refused:
        merges(handled_by(CENTRE, TaskStatus.ACCEPTED), excluded=())
    assert refused.value.status == 422
    assert merges(handled_by(CENTRE, TaskStatus.ACCEPTED), excluded=(), sensitive=False) == [
        "Merged",
        "ChildJoined",
    ]


@pytest.mark.parametrize("status", [TaskStatus.OFFERED, TaskStatus.DONE, TaskStatus.RETURNED])
def test_nor_into_what_it_has_done_or_returned_nor_from_there_into_the_complaint(status: TaskStatus) -> None:
    its_own = handled_by(POLICE, status, sensitive=True)
    with pytest.raises(Problem) as refused:
        merges(its_own)
    assert "分开派给其他单位" in refused.value.detail
    with pytest.raises(Problem) as refused:
        merges(handled_by(CENTRE, status), excluded=(), tasks=its_own.tasks, excluded_there=EXCLUDED)
    assert refused.value.status == 422
    assert "先将本件改派其他单位" in refused.value.detail


@pytest.mark.parametrize(
    ("excluded", "holds_hidden"), [(EXCLUDED, False), ((), True)], ids=["an accusation", "a hidden one"]
)
def test_what_an_ordinary_matter_holds_keeps_it_from_what_many_may_read(
    excluded: tuple[str, ...], holds_hidden: bool
) -> None:
    with pytest.raises(Problem) as refused:
        merges(
            handled_by(CENTRE, TaskStatus.ACCEPTED),
            excluded=excluded,
            sensitive=False,
            holds_hidden=holds_hidden,
        )
    assert refused.value.status == 422


def told(text: str, category: str | None, accused: tuple[str, ...] = (), *, sensitive: bool = False) -> Told:
    return Told("k", "i", text, category, GRID, sensitive, accused)


POTHOLE = told("路面有个坑", "0601")
CONDUCT = "9903"


@pytest.mark.parametrize(
    ("reports", "category", "excluded"),
    [
        ([POTHOLE], None, ()),
        ([told("路面有个坑", "0601", EXCLUDED)], None, EXCLUDED),
        ([POTHOLE, told("路面有个坑", "0601", EXCLUDED)], None, EXCLUDED),
        ([POTHOLE, told("派出所民警打人", "0601")], None, EXCLUDED),
        # In a complaint about conduct to be named is enough, also in what was merged into it.
        ([POTHOLE, told("我要说一下派出所", "0601")], None, ()),
        ([POTHOLE, told("我要说一下派出所", "0601")], CONDUCT, EXCLUDED),
        ([told("办事拖拉", CONDUCT), told("我要说一下派出所", "0601")], None, EXCLUDED),
    ],
)
def test_whom_any_of_its_reports_accuses_is_excluded(
    reports: list[Told], category: str | None, excluded: tuple[str, ...]
) -> None:
    assert excluded_by(reports, bundled_policy(), category) == excluded


def test_what_its_own_words_hide_stays_hidden_under_a_mild_category() -> None:
    own = told("路灯不亮，村主任趁黑猥亵妇女", None, sensitive=True)
    hidden = holds_hidden([own], bundled_policy())
    event = event_of(
        replace(asked("desk", (), action="dispatch", unit=CENTRE, category="0501"), holds_hidden=hidden)
    )
    assert isinstance(event, Dispatched)
    assert event.sensitive


@pytest.mark.parametrize(
    ("held", "hidden"),
    [
        ([], False),
        ([told("", "0601")], False),
        ([told("", "0101", sensitive=True)], True),
        ([told("", None, sensitive=True)], False),
    ],
)
def test_a_sensitive_kind_hides_what_it_was_merged_into(held: list[Told], hidden: bool) -> None:
    own = told("", None, sensitive=True)
    assert holds_hidden([own, *held], bundled_policy()) is hidden
    mild = asked("desk", (), action="dispatch", unit=CENTRE, category="0501")
    event = event_of(replace(mild, holds_hidden=hidden))
    assert isinstance(event, Dispatched)
    assert event.sensitive is hidden


def test_a_hand_over_to_the_accused_unit_is_refused() -> None:
    name = Names(bundled_policy()).unit(POLICE)
    words = {"action": "hand_over", "line": name, "answered_by": "值班员"}
    with pytest.raises(Problem) as refused:
        event_of(asked("chief", **words))
    assert refused.value.status == 422
    assert isinstance(event_of(asked("chief", **(words | {"line": "12389"}))), HandedOver)


def test_incidents_from_before_exclude_nobody() -> None:
    assert recorded({}) == ()
    assert recorded({"unit": {"unit": None}}) == ()
    assert recorded({"unit": {"excluded": [{"unit": POLICE}]}}) == EXCLUDED
