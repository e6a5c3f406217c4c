"""What is shown of an incident to those from whom its words are kept: what lists show, the clocks and the steps.

Whatever comes from the text is left out, and so is whoever reported it and each other incident that it names.
"""

from api.details import grids_of, limits_of, versions_of
from api.legal_basis import basis_view
from api.linked import others_found
from api.names import Names
from api.possible import possible_actions
from api.terms import term
from api.viewers import Kept
from api.views import View, entry_view, incident_view
from api.withheld import reading_of
from gridward.domain.rules import Rules
from gridward.store.queries import Full
from gridward.wire import summary


def guarded_detail(full: Full, rules: Rules, names: Names, kept: Kept) -> View:
    """IncidentDetail with no word of the text. `withheld` says why."""
    named = reading_of(summary(full.incident), full.journal, others_found(full.row["why"])).names
    return {
        **incident_view(full.incident, names, named),
        "excerpt": None,
        "report_id": str(full.row["report_id"]),
        "text": None,
        "address": None,
        "accuracy_m": full.row["accuracy_m"],
        "flags": list(full.row["flags"]),
        "external": None,
        "reporter": None,
        "journal": [entry_view(entry, names, named, hide_typed=True) for entry in full.journal],
        "numbers": {},
        "repeat": None,
        "why": guarded_explanation(full, rules, names, kept),
        "possible": possible_actions(full.incident, rules),
        "category_choices": [],
        "grid_choices": [],
        "withheld": _withheld(kept),
    }


def guarded_explanation(full: Full, rules: Rules, names: Names, kept: Kept) -> View:
    """Explanation with what was decided, and nothing of the words that it followed from."""
    incident = full.incident
    lead = incident.lead.unit if incident.lead else None
    own = {"place": {"grid": incident.grid}}
    return {
        "category": {
            "code": incident.category,
            "name": names.category(incident.category),
            "alternatives": [],
        },
        "place": {"grid": incident.grid, "name": names.grid(incident.grid), "grids": grids_of(own, names)},
        "unit": {"unit": lead, "name": names.unit(lead), "text_zh": None},
        "basis": basis_view(incident.category, names),
        "raised": [],
        "repeat": None,
        "raises": None,
        "told": [],
        "similar": [],
        "joined": None,
        "limits": limits_of(incident, rules),
        "versions": versions_of(full),
        "withheld": _withheld(kept),
    }


def _withheld(kept: Kept) -> View:
    return {"reason": kept, "text_zh": term("withheld", kept)}
