"""Incidents for people: the list, one in full, why it was decided so, and how many there are."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request

from api.acting import find_id
from api.actors import actor_of
from api.body import CheckedRoute
from api.details import detail_view, explanation, personal_of
from api.documents import FullExplanation, IncidentDetail, Page, Person, problems
from api.guarded import guarded_detail, guarded_explanation
from api.likely import likely_view
from api.linked import alike_in, others_found
from api.models.actor import ActorBody
from api.models.fields import Body as BodyModel
from api.models.fields import Words
from api.models.listing import Listing, cursor_of
from api.past import past_view
from api.problems import Problem
from api.responses import Json
from api.services import Services, services_of
from api.viewers import Viewer, kept, refuse_kept
from api.views import incident_views
from api.withheld import others_in, reading_of
from gridward.domain.commands import NotFound
from gridward.domain.errors import Refused
from gridward.domain.incident import Incident
from gridward.domain.rules import CHINA
from gridward.logs import get_logger
from gridward.store import queries
from gridward.store.held import hidden_from
from gridward.wire import summary

log = get_logger(__name__)

router = APIRouter(prefix="/api", tags=["incidents 事件"], route_class=CheckedRoute)

Reference = Annotated[
    str, Path(max_length=60, description="The incident's id or number", examples=["261122-331125-000731-4"])
]


class Reveal(BodyModel):
    """Who wants to see a reporter's data, and what for."""

    purpose: Words
    actor: ActorBody


@router.get("/incidents", response_model=Page, responses=problems(422, 503), summary="List incidents")
async def list_incidents(request: Request, listing: Annotated[Listing, Depends(Listing.of)]) -> Json:
    """The newest first, page by page. `q` looks in numbers, texts and addresses, and in the names of units,
    categories and grids; texts of sensitive matters are never found.
    """
    services = services_of(request)
    names = services.versions.names
    wanted = listing.filter(services.clock.now(), names)
    found, total = await queries.find_incidents(services.pool, wanted, listing.limit + 1, listing.after)
    page = found[: listing.limit]
    last = cursor_of(page[-1]) if len(found) > listing.limit else None
    items = await incident_views(page, names, services.pool)
    return Json({"items": items, "next": last, "total": total})


@router.get("/counts", response_model=dict[str, Any], responses=problems(503), summary="Count open incidents")
async def get_counts(request: Request) -> Json:
    """By status, by clock (due_soon: the last quarter of the time; overdue) and by light, with the moment."""
    services = services_of(request)
    now = services.clock.now()
    today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return Json({**await queries.counts(services.pool, now, today), "as_of": now})


@router.get(
    "/incidents/{reference}",
    response_model=IncidentDetail,
    responses=problems(404, 422, 503),
    summary="One incident in full",
)
async def get_incident(
    request: Request, reference: Reference, viewer: Annotated[Viewer, Depends(Viewer.of)]
) -> Json:
    """With its journal, its tasks' clocks, the why, and what can be done now. The reporter is masked.

    What a sensitive matter says is shown to the desk and to units that handle it, and to no unit that it accuses;
    `withheld` tells others why they see none of it.
    """
    services = services_of(request)
    full = await _full(reference, services)
    rules = await services.versions.rules(full.incident.rules_version)
    if reason := await kept(viewer, full.incident, services):
        return Json(guarded_detail(full, rules, services.versions.names, reason))
    hidden = await _hidden(full, services)
    bound = {*others_in(full.journal), *alike_in(full.row["why"])}
    others = await _by_id(list(bound - hidden), services)
    names, at_desk = services.versions.names, viewer.sees_all
    return Json(detail_view(full, rules, names, services.keys, others, hidden, at_desk=at_desk))


@router.get(
    "/incidents/{reference}/explain",
    response_model=FullExplanation,
    responses=problems(404, 422, 503),
    summary="Why it was decided so",
)
async def explain_incident(
    request: Request, reference: Reference, viewer: Annotated[Viewer, Depends(Viewer.of)]
) -> Json:
    """The words, the boundary and the rule, with the versions of policy and boundaries they came from; and earlier
    matters like it with the unit, the outcome and the days taken. Those are found now, not when it was decided.

    Of a report in doubt or a sensitive one also the open matters that it may repeat, as far as the reader may know
    both. Who may not read what it says learns what was decided, and `withheld` says why no more.
    """
    services = services_of(request)
    full = await _full(reference, services)
    rules = await services.versions.rules(full.incident.rules_version)
    if reason := await kept(viewer, full.incident, services):
        told = guarded_explanation(full, rules, services.versions.names, reason)
        return Json({**told, "past": [], "likely": []})
    hidden = await _hidden(full, services)
    others = await _by_id([id for id in alike_in(full.row["why"]) if id not in hidden], services)
    why = explanation(full, rules, services.versions.names, others, hidden)
    likely = await likely_view(full, viewer, rules, services)
    return Json({**why, "past": await past_view(full, services), "likely": likely})


@router.post(
    "/incidents/{reference}/reveal",
    response_model=Person,
    responses=problems(400, 403, 404, 409, 413, 415, 422, 503),
    summary="See the reporter's data in clear",
)
async def reveal_reporter(request: Request, reference: Reference, reveal: Annotated[Reveal, Body()]) -> Json:
    """Who looked, when and what for is on record before anything is shown."""
    services = services_of(request)
    full = await _full(reference, services)
    viewer = Viewer(reveal.actor.role, reveal.actor.unit)
    refuse_kept(await kept(viewer, full.incident, services))
    try:
        person = personal_of(full, services.keys)
    except Refused as error:
        raise Problem(409, "反映人信息已按期清除，无法再查看", str(error)) from None
    actor = actor_of(reveal.actor, full.incident, services.keys)
    await queries.record_reveal(
        services.pool,
        full.incident.id,
        str(full.row["report_id"]),
        {key: value for key, value in asdict(actor).items() if value is not None},
        reveal.purpose,
        services.clock.now(),
    )
    log.info("personal data revealed", incident=full.incident.id, actor=actor.id)
    return Json(person)


async def _hidden(full: queries.Full, services: Services) -> set[str]:
    """The incidents that this one is bound to and whoever handles it may not know of."""
    reading = reading_of(summary(full.incident), full.journal, others_found(full.row["why"]))
    (hidden,) = await hidden_from(services.pool, [reading])
    return hidden


async def _full(reference: str, services: Services) -> queries.Full:
    id = await find_id(reference, services)
    full = await queries.full_incident(services.pool, id)
    if full is None:
        raise NotFound(f"there is no incident {reference}")
    return full


async def _by_id(ids: Sequence[str], services: Services) -> dict[str, Incident]:
    return await queries.incidents_by_id(services.pool, ids) if ids else {}
