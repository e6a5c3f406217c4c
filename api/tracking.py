"""A parcel's tracking page for a report: five plain steps with times, and nobody's data."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.names import Names
from api.telling import told_of
from api.terms import term
from api.views import View
from gridward.domain.incident import Incident
from gridward.domain.transitions import Status
from gridward.store.queries import Full

RECEIVED = "received"
# The step, what it is called, and the journal entries that reach it.
STEPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    (RECEIVED, "已收到", frozenset({"reported"})),
    ("dispatched", "已派单", frozenset({"dispatched"})),
    ("accepted", "已签收", frozenset({"accepted"})),
    ("resolved", "已办结", frozenset({"resolved"})),
    ("closed", "已结案", frozenset({"closed", "declined", "handed_over", "merged", "cancelled"})),
)
# What was reached before counts no more, but for the receipt.
BEGINS_ANEW = frozenset({"reopened", "separated"})


def tracking_view(report_id: str, full: Full, names: Names, leading: Full | None = None) -> View:
    """State, number and steps. The newest time of each step counts; one that lies ahead has none.

    `leading` is the incident that this one was merged into: its handling is what the reporter waits for. The number
    and the time of receipt stay the report's own.
    """
    handled = leading or full
    incident = handled.incident
    # Which unit has a sensitive matter is nothing for those whose report only joined it.
    lead = None if leading and incident.sensitive else incident.lead
    return {
        "id": report_id,
        "state": incident.status,
        "number": full.incident.number,
        "status": incident.status,
        "status_zh": term("statuses", incident.status),
        "joined": leading is not None,
        "told": told_of(full.incident, leading, names) if leading else None,
        "received_at": full.row["received_at"],
        "steps": [_step(full if step[0] == RECEIVED else handled, *step) for step in STEPS],
        "incident": {
            "number": full.incident.number,
            "status": incident.status,
            "status_zh": term("statuses", incident.status),
            "category": None if incident.sensitive else incident.category,
            "category_name": None if incident.sensitive else names.category(incident.category),
            "unit": lead.unit if lead else None,
            "unit_name": names.unit(lead.unit) if lead else None,
            "doubts": _doubts(incident),
        },
    }


def _doubts(incident: Incident) -> list[View]:
    """While it waits for a unit, what a person has yet to settle; later it is nobody's business outside."""
    if incident.status is not Status.QUEUED:
        return []
    kinds = (doubt for task in incident.desk_tasks() for doubt in task.doubts)
    return [{"kind": kind, "text_zh": term("doubts", kind)} for kind in kinds]


def _step(full: Full, step: str, name: str, types: frozenset[str]) -> View:
    entries = full.journal if step == RECEIVED else _since_begun(full.journal)
    times = [entry["at"] for entry in entries if entry["type"] in types]
    return {"step": step, "name_zh": name, "at": times[-1] if times else None}


def _since_begun(journal: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    begun = [at for at, entry in enumerate(journal) if entry["type"] in BEGINS_ANEW]
    return journal[begun[-1] :] if begun else journal
