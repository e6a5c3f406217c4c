"""The one shape of an incident outside: lists, details and the live stream all come from here."""

from collections.abc import Mapping
from typing import Any

from api.journal_text import TYPED, sentence
from api.names import Names
from api.terms import term
from gridward.domain.incident import Incident
from gridward.wire import summary

View = dict[str, Any]


def incident_view(incident: Incident, names: Names) -> View:
    """IncidentSummary of a stored incident."""
    return decorate(summary(incident), names)


def decorate(bare: View, names: Names) -> View:
    """IncidentSummary from `gridward.wire.summary`, also after it went through Kafka: codes get their names."""
    return {
        **bare,
        "status_zh": term("statuses", bare["status"]),
        "category_name": names.category(bare["category"]),
        "grid_name": names.grid(bare["grid"]),
        "unit_name": names.unit(bare["unit"]),
        "doubts": [{"kind": kind, "text_zh": term("doubts", kind)} for kind in bare["doubts"]],
        "tasks": [{**task, "unit_name": names.unit(task["unit"])} for task in bare["tasks"]],
    }


def entry_view(entry: Mapping[str, Any], names: Names, *, hide_typed: bool = False) -> View:
    """One line of the journal, from the database or from Kafka. `hide_typed` leaves out what people wrote."""
    fields = {**entry["event"], **entry["data"]}
    if hide_typed:
        fields = {key: value for key, value in fields.items() if key not in TYPED}
    return {
        "no": entry["no"],
        "type": entry["type"],
        "type_zh": term("journal", entry["type"]),
        "at": entry["at"],
        "received_at": entry["received_at"],
        "actor": entry["actor"],
        "data": fields,
        "text_zh": sentence(entry["type"], fields, names),
        "text_en": sentence(entry["type"], fields, names, "en"),
    }


def event_view(event: Mapping[str, Any], names: Names) -> View:
    """IncidentEvent as live readers get it, from the message on `incident.events`."""
    incident = event["incident"]
    return {
        "incident": decorate(incident, names),
        "entries": [
            # What came second under the same number may be sensitive though the incident is not.
            entry_view(e, names, hide_typed=incident["sensitive"] or bool(e["event"].get("sensitive")))
            for e in event["entries"]
        ],
        "report_id": event["report_id"],
    }
