"""An accused unit is not given the incident by a click; the chief may, with a reason."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from api.action_events import Asked, event_of
from api.models import action as a
from api.names import Names
from api.problems import Problem
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, JointAdded
from gridward.domain.incident import Incident
from gridward.policy.accused import recorded
from gridward.policy.load import bundled_policy

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
POLICE, CENTRE = "99010110120002", "99010110120001"
EXCLUDED = (POLICE,)


def asked(role: str, excluded: tuple[str, ...] = EXCLUDED, **fields: Any) -> Asked:
    body = {"id": str(uuid4()), "version": 1, "actor": {"id": "x-1", "role": role}, **fields}
    model = a.Dispatch if fields["action"] == "dispatch" else a.AddJoint
    return Asked(
        model.model_validate(body),
        Incident("i", "n", severity=3),
        When(NOW, NOW),
        Names(bundled_policy()),
        None,
        excluded,
    )


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


def test_incidents_from_before_exclude_nobody() -> None:
    assert recorded({}) == ()
    assert recorded({"unit": {"unit": None}}) == ()
    assert recorded({"unit": {"excluded": [{"unit": POLICE}]}}) == EXCLUDED
