"""Incidents, tasks and deadlines as rows, and rows as incidents. Nothing here talks to a database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gridward.domain.commands import Entry, Facts
from gridward.domain.events import Doubt
from gridward.domain.incident import Card, Deadline, Incident, Task, TaskRole, TaskStatus
from gridward.domain.limits import Limit
from gridward.domain.rules import DeadlineKind, Light
from gridward.domain.transitions import Status
from gridward.wire import event_name

Row = Mapping[str, Any]

STATE = (
    "status",
    "category",
    "severity",
    "limit_class",
    "finish_limit",
    "sensitive",
    "grid",
    "external_due",
    "version",
    "journal_no",
    "rules_version",
    "extended",
    "merged_into",
    "unit",
    "light",
    "next_due_at",
    "updated_at",
)
FACTS = (
    "received_at",
    "occurred_at",
    "source",
    "text",
    "address",
    "lon",
    "lat",
    "accuracy_m",
    "external",
    "flags",
    "grid_candidates",
    "boundary_version",
    "policy_version",
    "why",
)
INCIDENT = ("id", "number", "report_id", *STATE, *FACTS)
TASK = (
    "incident_id",
    "no",
    "role",
    "unit",
    "status",
    "offered_at",
    "designated",
    "accepted_at",
    "done_at",
    "handlers",
    "doubts",
    "asked",
    "words",
)
DEADLINE = (
    "incident_id",
    "task",
    "kind",
    "generation",
    "step",
    "started_at",
    "limit_text",
    "extra",
    "due_at",
    "light",
    "paused_at",
    "ended_at",
    "rested",
)
JOURNAL = ("incident_id", "no", "type", "at", "received_at", "actor", "event", "data", "command")
OUTBOX = ("bucket", "incident_id", "journal_no", "type", "payload", "created_at")


def state_row(incident: Incident, now: datetime) -> tuple[Any, ...]:
    lead = incident.lead
    return (
        incident.status,
        incident.category,
        incident.severity,
        incident.limit_class,
        str(incident.finish_limit) if incident.finish_limit else None,
        incident.sensitive,
        incident.grid,
        incident.external_due,
        incident.version,
        incident.journal_no,
        incident.rules_version,
        incident.extended,
        incident.merged_into,
        lead.unit if lead else None,
        incident.light(),
        incident.next_due_at(),
        now,
    )


def incident_row(incident: Incident, facts: Facts, now: datetime) -> tuple[Any, ...]:
    card = facts.card
    return (
        incident.id,
        incident.number,
        card.report_id,
        *state_row(incident, now),
        card.received_at,
        card.occurred_at,
        card.source,
        facts.text,
        facts.address,
        card.lon,
        card.lat,
        facts.accuracy_m,
        facts.external,
        facts.flags,
        card.grid_candidates,
        facts.boundary_version,
        facts.policy_version,
        facts.why or {},
    )


def task_row(incident_id: str, task: Task) -> tuple[Any, ...]:
    return (
        incident_id,
        task.no,
        task.role,
        task.unit,
        task.status,
        task.offered_at,
        task.designated,
        task.accepted_at,
        task.done_at,
        task.handlers,
        task.doubts,
        task.asked,
        task.words,
    )


def deadline_row(incident_id: str, d: Deadline) -> tuple[Any, ...]:
    return (
        incident_id,
        d.task,
        d.kind,
        d.generation,
        d.step,
        d.started_at,
        str(d.limit),
        d.extra,
        d.due_at,
        d.light,
        d.paused_at,
        d.ended_at,
        d.rested,
    )


def journal_row(entry: Entry) -> tuple[Any, ...]:
    return (
        entry.incident_id,
        entry.no,
        event_name(entry.event),
        entry.at,
        entry.received_at,
        entry.actor,
        entry.event,
        entry.data,
        entry.command,
    )


def incident_of(row: Row, tasks: Sequence[Row], deadlines: Sequence[Row]) -> Incident:
    """Put an incident together again from its row and those of its tasks and deadlines, in their order."""
    return Incident(
        id=str(row["id"]),
        number=row["number"],
        status=Status(row["status"]),
        category=row["category"],
        severity=row["severity"],
        limit_class=row["limit_class"],
        finish_limit=Limit.parse(row["finish_limit"]) if row["finish_limit"] else None,
        sensitive=row["sensitive"],
        grid=row["grid"],
        external_due=row["external_due"],
        version=row["version"],
        journal_no=row["journal_no"],
        rules_version=row["rules_version"],
        extended=row["extended"],
        merged_into=str(row["merged_into"]) if row["merged_into"] else None,
        tasks=tuple(task_of(task) for task in tasks),
        deadlines=tuple(deadline_of(deadline) for deadline in deadlines),
        card=Card(
            str(row["report_id"]),
            row["source"],
            row["received_at"],
            row["occurred_at"],
            row["excerpt"],
            row["lon"],
            row["lat"],
            tuple(row["grid_candidates"]),
            tuple(other["id"] for other in row["why"].get("similar") or ()),
        ),
    )


def task_of(row: Row) -> Task:
    return Task(
        row["no"],
        TaskRole(row["role"]),
        row["unit"],
        TaskStatus(row["status"]),
        row["offered_at"],
        row["designated"],
        row["accepted_at"],
        row["done_at"],
        tuple(row["handlers"]),
        tuple(Doubt(doubt) for doubt in row["doubts"]),
        row["asked"],
        row["words"],
    )


def deadline_of(row: Row) -> Deadline:
    return Deadline(
        row["task"],
        DeadlineKind(row["kind"]),
        row["started_at"],
        Limit.parse(row["limit_text"]),
        row["due_at"],
        row["generation"],
        row["step"],
        Light(row["light"]) if row["light"] else None,
        row["extra"],
        row["paused_at"],
        row["ended_at"],
        row["rested"],
    )
