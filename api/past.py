"""Earlier matters like this one (类似的办过的事) and where they went: kinds and units, never a text or a name."""

import asyncio
from datetime import timedelta

from api.alike import alike_view, kinds_of
from api.names import Names
from api.services import Services
from api.terms import term
from api.views import View
from gridward.policy.lineage import Lineage
from gridward.policy.past import most_alike
from gridward.policy.same import Likeness, Matter
from gridward.store.past import Around, Ending, Past, endings, past_of
from gridward.store.queries import Full

DAY = timedelta(days=1)


async def past_view(full: Full, services: Services) -> list[View]:
    """The most alike first. Raises `Unavailable`."""
    names, policy = services.versions.names, services.versions.at_the_door
    row, rules, lineage = full.row, policy.bundle.same, policy.lineage
    since = services.clock.now() - timedelta(days=rules.past.within_days)
    around = Around(row["lon"], row["lat"], rules.past.within_m, since, rules.past.looked_at)
    found = await past_of(services.pool, full.incident.id, groups_of(full, names, lineage), around)
    known = lineage.of_today(found)
    matter = Matter(row["text"], row["received_at"], full.incident.category, row["lon"], row["lat"])
    # Some hundred texts are compared: not on the loop that everybody waits for.
    alike = await asyncio.to_thread(most_alike, matter, [one.matter for one in known], rules)
    ended = await endings(services.pool, [known[n] for n, _ in alike])
    return [shown(known[n], like, ended.get(known[n].id), names) for n, like in alike]


def groups_of(full: Full, names: Names, lineage: Lineage) -> set[str]:
    """The group of its category; while nobody knows it, those of the machine's best guesses.

    With the groups that such matters were of before a category was split, merged or renamed.
    """
    return {group for kind in kinds_of(full, names, lineage) for group in lineage.groups(kind)}


def shown(one: Past, like: Likeness, ended: Ending | None, names: Names) -> View:
    """`days`: from receipt until its work was done; None while it is not."""
    received = one.matter.at
    return {
        **alike_view(one, like, names),
        "unit": one.unit,
        "unit_name": names.unit(one.unit),
        "outcome": ended.outcome if ended else None,
        "outcome_zh": term("outcomes", ended.outcome) if ended and ended.outcome else None,
        "line": ended.line if ended else None,
        "received_at": received,
        "ended_at": ended.at if ended else None,
        "days": round((ended.at - received) / DAY, 1) if ended else None,
        "text_alike": round(like.text, 3),
    }
