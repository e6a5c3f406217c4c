"""An accused unit is not given the incident by a click; the chief may, with a reason."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.action_events import Asked, event_of, moves_of
from api.models import action as a
from api.names import Names
from api.problems import Problem
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, HandedOver, JointAdded
from gridward.domain.incident import Incident, Task, TaskRole, TaskStatus
from gridward.policy.accused import recorded
from gridward.policy.load import bundled_policy

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
POLICE, CENTRE = "99010110120002", "99010110120001"
EXCLUDED = (POLICE,)


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


def merges(target: Incident, *, excluded: tuple[str, ...] = EXCLUDED, sensitive: bool = True) -> list[str]:
    complaint = Incident("i", "n", severity=3, sensitive=sensitive)
    made = asked("chief", excluded, incident=complaint, target=target, action="merge", into="j")
    return [type(move.event).__name__ for move in moves_of(made)]


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
