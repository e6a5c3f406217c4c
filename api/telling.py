"""What the reporter of a repeat is told instead of a second case: how far the matter is, who has it, until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.names import Names
from api.terms import term
from api.views import View
from gridward.domain.incident import Incident
from gridward.domain.rules import CHINA, DeadlineKind
from gridward.domain.transitions import OPEN
from gridward.store.queries import Full


def told_of(own: Incident, leading: Full, names: Names) -> View:
    """The state of the matter that this report joined: which kind of unit has it, and its limit (UTC).

    Nothing of the other report is told, neither number nor text; of a sensitive matter no kind of unit either.
    """
    incident = leading.incident
    state = term("statuses", incident.status)
    kind = None if incident.sensitive else _kind(incident, names)
    due = _limit(incident)
    is_same = any(_joined_by(entry, own.id) for entry in leading.journal)
    who = "您此前反映过同一事项" if is_same else "同一事项已有人反映"
    parts = [f"{who}，本次已并入", f"目前状态：{state}"]
    parts += [f"办理单位：{kind}"] if kind else []
    parts += [f"办结时限：{due.astimezone(CHINA):%Y-%m-%d %H:%M}"] if due else []
    return {
        "status": incident.status,
        "status_zh": state,
        "unit_kind": kind,
        "due_at": due,
        "same_reporter": is_same,
        "text_zh": "。".join(parts) + "。",
    }


def _joined_by(entry: Mapping[str, Any], child: str) -> bool:
    event = entry["event"]
    return bool(entry["type"] == "child_joined" and event.get("child") == child and event.get("same_caller"))


def _kind(incident: Incident, names: Names) -> str | None:
    lead = incident.lead
    return names.unit_kind(lead.unit) if lead else None


def _limit(incident: Incident) -> datetime | None:
    """When the unit must have finished; None while no unit has it, while it is paused and afterwards."""
    lead = incident.lead
    if lead is None or incident.status not in OPEN:
        return None
    ends = (
        d.limit_at
        for d in incident.deadlines
        if d.task == lead.no and d.kind is DeadlineKind.FINISH and d.is_running and d.paused_at is None
    )
    return next(ends, None)
