"""Whatever waits at the desk can be answered where it waits: no clock runs that nobody can stop."""

from collections import deque
from collections.abc import Iterator

from gridward.domain import events as e
from gridward.domain.decide import decide
from gridward.domain.draft import Actor, When
from gridward.domain.errors import Refused
from gridward.domain.incident import Incident, TaskRole
from gridward.domain.transitions import RESTING, Status, possible_events
from tests.domain.story import DAY, IN_STATUS, NOON, RULES, resolved
from tests.domain.test_transitions import EVENTS, SAMPLE

DISPATCHING = {e.Dispatched}
VERDICT = {e.VerificationPassed, e.VerificationFailed}
# What answers each matter. To end the whole incident is a way out, not an answer.
ANSWERS: dict[e.Doubt, set[type[e.Event]]] = {
    e.Doubt.NO_CATEGORY: DISPATCHING,
    e.Doubt.AMBIGUOUS_CATEGORY: DISPATCHING,
    e.Doubt.NO_PLACE: DISPATCHING,
    e.Doubt.NO_GRID: DISPATCHING,
    e.Doubt.AMBIGUOUS_GRID: DISPATCHING,
    e.Doubt.NO_UNIT: DISPATCHING,
    e.Doubt.CONFLICT: {e.Progressed},
    e.Doubt.RETURNED: DISPATCHING,
    e.Doubt.EXTENSION_ASKED: {e.ExtensionGranted, e.ExtensionDenied},
    e.Doubt.SUSPENSION_ASKED: {e.SuspensionGranted, e.SuspensionDenied},
    e.Doubt.SUSPENSION_ENDS: {e.Resumed},
    e.Doubt.CALL_BACK: VERDICT,
    e.Doubt.REOPENED: DISPATCHING,
    e.Doubt.CLOSING: {e.Closed},
    e.Doubt.GRAVER: {e.Progressed},
    e.Doubt.WITHDRAWN: DISPATCHING,
}
LATER = When(NOON + 4 * DAY, NOON + 4 * DAY)  # after the call back, before a pause ends


def waiting(incident: Incident) -> set[e.Doubt]:
    """What waits at the desk."""
    return {doubt for task in incident.desk_tasks() for doubt in task.doubts}


def unanswerable(incident: Incident) -> set[e.Doubt]:
    """What waits at the desk though the table allows no answer in the incident's status."""
    possible = set(possible_events(incident.status))
    return {doubt for doubt in waiting(incident) if not ANSWERS[doubt] & possible}


def people(incident: Incident, kind: type[e.Event]) -> Iterator[Actor]:
    """Who might do it: whom the sample names, and every unit that holds a task."""
    yield SAMPLE[kind][1]
    for task in incident.tasks:
        if task.is_open and task.role is not TaskRole.DESK:
            yield Actor("carol", "unit", task.unit)


def next_ones(incident: Incident) -> Iterator[tuple[type[e.Event], Incident]]:
    """The incident after each thing that may happen to it."""
    for kind in EVENTS:
        if kind is e.DeadlinePassed:
            continue
        for actor in people(incident, kind):
            try:
                yield kind, decide(incident, SAMPLE[kind][0], actor, LATER, RULES).incident
            except Refused:
                continue


def reachable() -> list[Incident]:
    """One incident for each status, state of the units' tasks and set of matters that can come about."""
    begun = [make().incident for status, make in IN_STATUS.items() if status is not Status.REPORTED]
    begun.append(resolved().after(3 * DAY).incident)  # it waits for a call back
    found: dict[object, Incident] = {}
    to_see = deque(begun)
    while to_see:
        incident = to_see.popleft()
        held = frozenset(
            (t.role, t.status) for t in incident.tasks if t.is_open and t.role is not TaskRole.DESK
        )
        key = (incident.status, held, frozenset(waiting(incident)), incident.extended)
        if key not in found:
            found[key] = incident
            to_see += [after for _, after in next_ones(incident)]
    return list(found.values())


REACHED = reachable()


def test_the_search_sees_every_status_and_every_matter_in_a_place_where_it_can_rest() -> None:
    assert {incident.status for incident in REACHED} == set(RESTING)
    found_by_triage = {
        e.Doubt.NO_CATEGORY,
        e.Doubt.NO_PLACE,
        e.Doubt.NO_GRID,
        e.Doubt.AMBIGUOUS_GRID,
        e.Doubt.NO_UNIT,
    }
    assert {doubt for one in REACHED for doubt in waiting(one)} == set(e.Doubt) - found_by_triage
    assert set(ANSWERS) == set(e.Doubt)


def test_every_open_matter_has_an_answer_in_every_status_in_which_it_can_rest() -> None:
    stuck = {(one.status, doubt) for one in REACHED for doubt in unanswerable(one)}
    assert not stuck


def test_each_answer_settles_what_it_answers() -> None:
    for incident in REACHED:
        after = [(kind, waiting(then)) for kind, then in next_ones(incident)]
        for doubt in waiting(incident):
            assert any(kind in ANSWERS[doubt] and doubt not in left for kind, left in after), (
                incident.status,
                doubt,
            )
