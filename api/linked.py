"""Other incidents that one is bound to: merged with it, or linked to it as a repeat matter (重复事项).

What is shown of another incident is its number, when it came and how far it is: never a text, and nothing at all where
whoever handles this one may not know of it. Who may read that one is asked anew when it is opened. Of a likely repeat,
not sensitive when found, its first words are shown as in lists.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from api.names import Names
from api.terms import term
from api.views import View, incident_view
from api.withheld import Entry, named_by
from gridward.domain.incident import Incident

ALIKE = ("similar", "joined")  # the parts of `why` that name likely repeats, or what it was joined to
FOUND = (*ALIKE, "raises", "repeat")  # and all that name other incidents
# Of the summary of a likely repeat: enough to tell whether it is one.
NOW = ("status", "status_zh", "unit_name", "received_at", "excerpt")


def others_found(why: Mapping[str, Any], parts: Sequence[str] = FOUND) -> list[str]:
    """Ids of the incidents that triage found to be like it, each once."""
    return list(dict.fromkeys(one["id"] for part in parts for one in _views(why.get(part))))


def alike_in(why: Mapping[str, Any]) -> list[str]:
    """Ids of the incidents that the explanation names as likely repeats, or as what it was joined to."""
    return others_found(why, ALIKE)


def without(why: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """The same reasons, without those of these incidents: what a link says may have become sensitive since."""
    return {key: _without(value, hidden) if key in FOUND else value for key, value in why.items()}


def _views(found: Any) -> list[Mapping[str, Any]]:
    """What triage kept of each other incident: of one, of several, or of the earlier ones of a repeat matter."""
    match found:
        case {"earlier": earlier}:
            return list(earlier)
        case {"id": _}:
            return [found]
        case list():
            return found
        case _:
            return []


def _without(found: Any, hidden: Collection[str]) -> Any:
    shown = [one for one in _views(found) if one["id"] not in hidden]
    match found:
        case {"earlier": _}:
            return {**found, "earlier": shown}
        case {"id": _}:
            return found if shown else None
        case list():
            return shown
        case _:
            return found


def now_of(other: Incident, names: Names) -> View:
    """How a likely repeat stands; of a sensitive matter no word."""
    view = incident_view(other, names, ())
    return {key: view[key] for key in NOW}


def repeat_view(journal: Sequence[Entry], others: Mapping[str, Incident]) -> View | None:
    """The how many-th report of a repeat matter it is, and what is linked; None when nothing is."""
    told = [entry for entry in journal if entry["type"] in ("linked", "linked_by") or _by_number(entry)]
    if not told:
        return None
    return {
        "nth": max(entry["event"].get("nth") or 0 for entry in told),
        "returning": any(entry["event"].get("returning") for entry in told),
        "earlier": _links("linked", told, others),
        "later": _links("linked_by", told, others),
    }


def _by_number(entry: Entry) -> bool:
    """Raised because so many voices had joined it."""
    return bool(entry["type"] == "raised" and entry["event"].get("cause") == "repeat")


def _links(kind: str, told: Sequence[Entry], others: Mapping[str, Incident]) -> list[View]:
    named = dict.fromkeys(id for entry in told if entry["type"] == kind for id in named_by(entry))
    return [_link(others[id]) for id in named if id in others]


def _link(other: Incident) -> View:
    return {
        "id": other.id,
        "number": other.number,
        "status": other.status,
        "status_zh": term("statuses", other.status),
        "received_at": other.card.received_at if other.card else None,
    }
