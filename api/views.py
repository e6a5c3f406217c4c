"""The one shape of an incident outside: lists, details and the live stream all come from here."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg

from api.journal_text import TYPED, sentence
from api.names import Names
from api.terms import term
from api.withheld import fields_without, reading_of, summary_without, withheld
from gridward.domain.incident import Incident
from gridward.wire import summary

View = dict[str, Any]


async def incident_views(incidents: Sequence[Incident], names: Names, pool: asyncpg.Pool) -> list[View]:
    """IncidentSummary of each stored incident, which names no other that its handlers may not know of."""
    bare = [summary(incident) for incident in incidents]
    hidden = await withheld([reading_of(one) for one in bare], pool)
    return [decorate(one, names, without) for one, without in zip(bare, hidden, strict=True)]


def incident_view(incident: Incident, names: Names, hidden: Collection[str]) -> View:
    """IncidentSummary of a stored incident, without the ids of others that are `hidden` from its handlers."""
    return decorate(summary(incident), names, hidden)


def decorate(bare: View, names: Names, hidden: Collection[str]) -> View:
    """IncidentSummary from `gridward.wire.summary`, also after it went through Kafka: codes get their names, and the
    others that are `hidden` have none.
    """
    bare = summary_without(bare, hidden)
    return {
        **bare,
        "status_zh": term("statuses", bare["status"]),
        "category_name": names.category(bare["category"]),
        "grid_name": names.grid(bare["grid"]),
        "unit_name": names.unit(bare["unit"]),
        "doubts": [{"kind": kind, "text_zh": term("doubts", kind)} for kind in bare["doubts"]],
        "tasks": [{**task, "unit_name": names.unit(task["unit"])} for task in bare["tasks"]],
    }


def entry_view(
    entry: Mapping[str, Any], names: Names, hidden: Collection[str], *, hide_typed: bool = False
) -> View:
    """One line of the journal, from the database or from Kafka, naming none of the others that are `hidden`: its
    sentence says that there was one. `hide_typed` leaves out what people wrote.
    """
    fields = {**entry["event"], **entry["data"]}
    if hide_typed:
        fields = {key: value for key, value in fields.items() if key not in TYPED}
    shown = fields_without(entry["type"], fields, hidden)
    said = {
        **fields,
        "words": shown.get("words"),
    }  # the sentence tells of the other, and no word of what is hidden
    return {
        "no": entry["no"],
        "type": entry["type"],
        "type_zh": term("journal", entry["type"]),
        "at": entry["at"],
        "received_at": entry["received_at"],
        "actor": entry["actor"],
        "data": shown,
        "text_zh": sentence(entry["type"], said, names),
        "text_en": sentence(entry["type"], said, names, "en"),
    }


def event_view(event: Mapping[str, Any], names: Names, hidden: Collection[str]) -> View:
    """IncidentEvent as live readers get it, from the message on `incident.events`; naming no other that is `hidden`."""
    incident = event["incident"]
    return {
        "incident": decorate(incident, names, hidden),
        "entries": [
            # What came second under the same number may be sensitive though the incident is not.
            entry_view(
                e, names, hidden, hide_typed=incident["sensitive"] or bool(e["event"].get("sensitive"))
            )
            for e in event["entries"]
        ],
        "report_id": event["report_id"],
    }
