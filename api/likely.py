"""Open matters that a report in doubt, or a sensitive one, may repeat (可能重复), found while the desk decides it.

Triage puts likely repeats to ordinary reports of a known kind alone (`why.similar`): it cannot know who will read them.
Here a reader says who they are. Of a sensitive matter, and beside one, only the desk is told anything.
"""

import asyncio
from datetime import timedelta

from api.alike import alike_view, kinds_of
from api.names import Names
from api.possible import possible_actions
from api.services import Services
from api.viewers import Viewer
from api.views import View
from gridward.domain.rules import Rules
from gridward.policy.accused import recorded
from gridward.policy.likely import likeliest
from gridward.policy.policy import Policy
from gridward.policy.same import Likeness, Matter
from gridward.store.likely import Look, in_hand
from gridward.store.queries import Full
from gridward.store.similar import Known


async def likely_view(full: Full, viewer: Viewer, rules: Rules, services: Services) -> list[View]:
    """The likeliest first; empty where nothing is to be decided or told. Raises `Unavailable`."""
    incident, sees_all = full.incident, viewer.sees_all
    if incident.category is not None and not incident.sensitive:
        return []  # triage has looked
    if (incident.sensitive and not sees_all) or "merge" not in possible_actions(incident, rules):
        return []
    policy, names = services.versions.at_the_door, services.versions.names
    look = _look(full, policy, names)
    known = await in_hand(services.pool, look, sensitive=False)
    hidden = await in_hand(services.pool, look, sensitive=True) if sees_all else []
    accused = recorded(full.row["why"])
    found = policy.lineage.of_today([one for one in (*known, *hidden) if one.unit not in accused])
    matters = [one.matter for one in found]
    # Some hundred texts are compared: not on the loop that everybody waits for.
    alike = await asyncio.to_thread(likeliest, _matter(full, policy), matters, policy.bundle.same)
    protected = {one.id for one in hidden}
    return [
        _shown(found[n], like, not incident.sensitive or found[n].id in protected, names) for n, like in alike
    ]


def _look(full: Full, policy: Policy, names: Names) -> Look:
    row, rows = full.row, policy.bundle.same.at_desk
    span = timedelta(days=rows.within_days)
    kinds = kinds_of(full, names, policy.lineage)
    return Look(
        full.incident.id,
        row["received_at"] - span,
        row["received_at"] + span,
        row["lon"],
        row["lat"],
        rows.within_m,
        sorted({before for kind in kinds for before in policy.lineage.before(kind)}),
        rows.looked_at,
    )


def _matter(full: Full, policy: Policy) -> Matter:
    row, category = full.row, full.incident.category
    return Matter(
        row["text"],
        row["received_at"],
        category,
        row["lon"],
        row["lat"],
        full.personal["caller_hash"] if full.personal else None,
        policy.lineage.heirs.get(category or "", frozenset()),
    )


def _shown(one: Known, like: Likeness, may_merge: bool, names: Names) -> View:
    return {
        **alike_view(one, like, names),
        "text": round(like.text, 3),
        "days": round(like.days, 2),
        "may_merge": may_merge,
    }
