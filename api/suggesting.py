"""What an intake page shows while somebody is typing: the kind, the place, and what is known of it already.

Residents see of a likely repeat its kind and about where it is, of public facilities only; never a text.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.names import Names
from api.services import Services
from api.terms import term
from geo.crs import points_in_wgs84
from geo.named import NamedGrids
from gridward.domain.personal import mask_text
from gridward.domain.place import GridMatch, Point
from gridward.policy.classify import Classification, classify
from gridward.policy.policy import Policy
from gridward.policy.same import Likeness, Matter, is_likely, likeness
from gridward.policy.spots import BY_WORDS, Candidate, candidates, good, held_by, point_of
from gridward.store.similar import Known, near, of_kind
from gridward.wire import EXCERPT_LENGTH

RESIDENT = "resident"
CHOICES = 3

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed so far. `point` is in `crs`."""

    text: str
    point: Point | None
    crs: str
    role: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is, by the phone or else by the words; `named` is what the words may mean."""

    point: Point | None
    match: GridMatch | None
    named: Sequence[Candidate]
    by_words: bool


async def suggest(asked: Asked, policy: Policy, services: Services) -> View:
    """Categories, places and likely repeats. Raises `Unavailable` when the database is away."""
    names, grids = services.versions.names, services.versions.grids
    text = mask_text(asked.text).text
    (found,) = classify([text], policy)
    place = place_of(asked, text, policy, grids)
    now = services.clock.now()
    matter = Matter(
        text,
        now,
        found.code,
        place.point.lon if place.point else None,
        place.point.lat if place.point else None,
    )
    known = await _around(matter, found, policy, services)
    likely = await asyncio.to_thread(repeats, matter, known, policy, asked.role)
    return {
        "categories": categories_of(found, policy),
        "urgent": found.urgent,
        "place": place_view(place, names),
        "repeats": [repeat_view(one, like, asked.role, names, policy) for one, like in likely],
        "versions": {"policy": policy.version, "boundary": names.boundary_version},
    }


def place_of(asked: Asked, text: str, policy: Policy, grids: NamedGrids | None) -> Place:
    """As triage will place it: by the phone, or else by the words if they name one place."""
    gazetteer = grids.gazetteer(policy) if grids else policy.gazetteer
    named = candidates(gazetteer, text)
    (point,) = points_in_wgs84([asked.point], [asked.crs])
    best = good(named, gazetteer) if point is None else None
    if best is not None:
        point = point_of(best)
    match = grids.index.locate([point], policy.nearest_within_m)[0] if grids else None
    if best is not None and match is not None:
        match = held_by(best, match)
    return Place(point, match, named, best is not None)


async def _around(
    matter: Matter, found: Classification, policy: Policy, services: Services
) -> Sequence[Known]:
    rules = policy.bundle.same.suggest
    since = services.clock.now() - timedelta(days=rules.within_days)
    if matter.lon is not None and matter.lat is not None:
        return await near(services.pool, matter.lon, matter.lat, rules.within_m, since, rules.looked_at)
    likeliest = [code for code, _, _ in found.alternatives] or ([found.code] if found.code else [])
    kinds = sorted({kind for code in likeliest for kind in policy.lineage.before(code)})
    return await of_kind(services.pool, kinds, since, rules.looked_at) if kinds else []


def repeats(
    matter: Matter, known: Sequence[Known], policy: Policy, role: str
) -> list[tuple[Known, Likeness]]:
    """The likely ones that this role may be shown, the likeliest first."""
    rules = policy.bundle.same
    judged = [
        (one, likeness(matter, one.matter, rules))
        for one in policy.lineage.of_today(known)
        if role != RESIDENT or _is_public(one.matter, policy)
    ]
    likely = [(one, like) for one, like in judged if is_likely(like, rules)]
    likely.sort(key=lambda pair: (-pair[1].score, pair[0].id))
    return likely[: rules.suggest.most]


def _is_public(matter: Matter, policy: Policy) -> bool:
    public = tuple(policy.bundle.same.suggest.residents)
    return bool(matter.kinds) and all(kind.startswith(public) for kind in matter.kinds)


def categories_of(found: Classification, policy: Policy) -> list[View]:
    """At most three, the likeliest first, with the words that spoke for each."""
    return [
        {
            "code": code,
            "name": policy.categories[code].name,
            "severity": policy.categories[code].severity,
            "words": words,
            "sure": found.doubt is None and code == found.code,
        }
        for code, _, words in found.alternatives[:CHOICES]
    ]


def place_view(place: Place, names: Names) -> View:
    grid = place.match.grid if place.match else None
    return {
        "grid": grid,
        "grid_name": names.grid(grid),
        "how": BY_WORDS if place.by_words else place.match.how if place.match else "no_place",
        "lon": place.point.lon if place.point else None,
        "lat": place.point.lat if place.point else None,
        "accuracy_m": place.point.accuracy_m if place.point else None,
        "choices": [one.as_data() for one in place.named],
    }


def repeat_view(one: Known, like: Likeness, role: str, names: Names, policy: Policy) -> View:
    """For a resident the kind and about where; for those who handle it also what it says and how far it is."""
    step = policy.bundle.personal.residents.away_step_m if role == RESIDENT else 1
    shown: View = {
        "id": one.id,
        "category": one.matter.category,
        "category_name": names.category(one.matter.category),
        "grid_name": names.grid(one.grid),
        "away_m": _rough(like.away_m, step),
    }
    if role == RESIDENT:
        return shown
    return shown | {
        "number": one.number,
        "status": one.status,
        "status_zh": term("statuses", one.status),
        "unit_name": names.unit(one.unit),
        "received_at": one.matter.at,
        "excerpt": one.matter.text[:EXCERPT_LENGTH],
        "lon": one.matter.lon,
        "lat": one.matter.lat,
        "score": round(like.score, 3),
        "text_alike": round(like.text, 3),
    }


def _rough(away: float | None, step: int) -> int | None:
    return None if away is None else round(away / step) * step
