"""How an incident looks outside: the summary that lists, the live stream and Kafka events all show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gridward.domain.commands import Entry, Step
from gridward.domain.effects import Effect
from gridward.domain.events import Event
from gridward.domain.incident import Deadline, Incident, Task

EXCERPT_LENGTH = 60


def event_name(event: Event | type[Event]) -> str:
    """`DeadlinePassed` -> "deadline_passed": the name on the journal, on the bus and in the interface."""
    kind = event if isinstance(event, type) else type(event)
    name = _NAMES.get(kind)
    if name is None:
        name = _NAMES[kind] = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
    return name


_NAMES: dict[type, str] = {}


def summary(incident: Incident) -> dict[str, Any]:
    """The incident without its text; a sensitive one (敏感类别) without its excerpt either."""
    card = incident.card
    assert card is not None  # every stored incident has one
    lead = incident.lead
    return {
        "id": incident.id,
        "number": incident.number,
        "status": incident.status,
        "category": incident.category,
        "severity": incident.severity,
        "limit_class": incident.limit_class,
        "sensitive": incident.sensitive,
        "excerpt": None if incident.sensitive else card.excerpt,
        "grid": incident.grid,
        "grid_candidates": card.grid_candidates,
        "unit": lead.unit if lead else None,
        "lon": card.lon,
        "lat": card.lat,
        "source": card.source,
        "received_at": card.received_at,
        "occurred_at": card.occurred_at,
        "likely_repeats": card.likely_repeats,
        "graver": None if incident.sensitive else graver_view(incident.graver),
        "version": incident.version,
        "journal_no": incident.journal_no,
        "extended": incident.extended,
        "merged_into": incident.merged_into,
        "doubts": [doubt for task in incident.desk_tasks() for doubt in task.doubts],
        "lights": [
            {"task": d.task, "kind": d.kind, "light": d.light}
            for d in incident.deadlines
            if d.light and d.is_running
        ],
        "next_deadline": next_deadline(incident),
        "tasks": [task_view(task, incident.deadlines) for task in incident.tasks],
    }


def graver_view(task: Task | None) -> dict[str, Any] | None:
    """The report that made it graver, and the words by which it did."""
    return {"by": task.asked, "words": task.words} if task else None


def next_deadline(incident: Incident) -> dict[str, Any] | None:
    """The nearest limit that somebody is held to."""
    running = [d for d in incident.deadlines if d.is_running and not d.paused_at]
    nearest = min(running, key=lambda d: d.limit_at, default=None)
    return {"task": nearest.task, **deadline_view(nearest)} if nearest else None


def task_view(task: Task, deadlines: tuple[Deadline, ...]) -> dict[str, Any]:
    return {
        "no": task.no,
        "role": task.role,
        "unit": task.unit,
        "status": task.status,
        "designated": task.designated,
        "offered_at": task.offered_at,
        "accepted_at": task.accepted_at,
        "done_at": task.done_at,
        "doubts": task.doubts,
        "asked": task.asked,
        "deadlines": [deadline_view(d) for d in deadlines if d.task == task.no],
    }


def deadline_view(deadline: Deadline) -> dict[str, Any]:
    return {
        "kind": deadline.kind,
        "due_at": deadline.limit_at,
        "started_at": deadline.started_at,
        "limit_text": str(deadline.limit),
        "light": deadline.light,
        "paused": deadline.paused_at is not None,
        "ended_at": deadline.ended_at,
    }


def entry_view(entry: Entry) -> dict[str, Any]:
    return {
        "no": entry.no,
        "type": event_name(entry.event),
        "at": entry.at,
        "received_at": entry.received_at,
        "actor": entry.actor,
        "event": entry.event,
        "data": entry.data,
    }


@dataclass(frozen=True, slots=True)
class Message:
    """What the bus carries of one incident after one transaction, known by its last journal number."""

    incident_id: str
    journal_no: int
    type: str
    payload: bytes


def messages(steps: Sequence[Step]) -> list[Message]:
    """One message for each incident that moved, with all its entries and everyone who must be told."""
    of_incident: dict[str, list[Step]] = {}
    for step in steps:
        of_incident.setdefault(step.incident.id, []).append(step)
    return [message(its_steps) for its_steps in of_incident.values()]


def message(steps: list[Step]) -> Message:
    last = steps[-1].entry
    effects: list[Effect] = [effect for step in steps for effect in step.effects]
    return Message(last.incident_id, last.no, event_name(last.event), payload(steps, effects))


def payload(steps: list[Step], effects: list[Effect]) -> bytes:
    """The incident as it is now, and the entries that led there."""
    incident = steps[-1].incident
    body = {
        "incident": summary(incident),
        "entries": [entry_view(step.entry) for step in steps],
        "notify": effects,
        "report_id": incident.card.report_id if incident.card else None,
    }
    return orjson.dumps(body)
