"""What pages need to speak: grids, units, categories, words, and whose a matter would be."""

import gzip
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.documents import problems
from api.problems import unavailable, wrong_field
from api.responses import Json
from api.services import Services, policy_of, services_of
from api.terms import glossary
from api.viewers import Viewer, kept
from gridward.policy.accused import accused_units
from gridward.policy.assign import Assignment, Case, assign, without
from gridward.policy.called import called
from gridward.policy.classify import classify
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing, raised
from gridward.policy.units import Contact
from gridward.store.held import reports_in
from gridward.store.queries import incidents_by_id

router = APIRouter(prefix="/api", tags=["reference 基础数据"])


@router.get(
    "/grids", response_model=dict[str, Any], responses={304: {"description": "Not changed"}, **problems(503)}
)
async def get_grids(request: Request) -> Response:
    """The published boundary set as GeoJSON (WGS 84), each grid with code, name, level and special."""
    versions = services_of(request).versions
    if not versions.grids_gzip:
        raise unavailable("尚未发布网格边界", "no boundary set is published yet", retry_after=5)
    tag = f'"boundary-{versions.names.boundary_version}"'
    headers = {"etag": tag, "cache-control": "no-cache", "vary": "accept-encoding"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(versions.grids_gzip, 200, headers, "application/json")
    return Response(gzip.decompress(versions.grids_gzip), 200, headers, "application/json")


@router.get("/units", response_model=list[dict[str, Any]], responses=problems(503))
async def get_units(request: Request) -> Json:
    """The responsible units with their kinds, areas, parent, backup and duty contact."""
    policy = policy_of(services_of(request))
    return Json(
        [
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kinds[0],
                "kinds": unit.kinds,
                "areas": unit.areas,
                "parent": unit.parent,
                "backup": unit.backup,
                "duty": _contact(unit.duty),
                "leader": _contact(unit.leader),
            }
            for unit in policy.units.values()
        ]
    )


@router.get("/categories", response_model=list[dict[str, Any]], responses=problems(503))
async def get_categories(request: Request) -> Json:
    """The kinds of matter with their group, severity, class of limits, and the lines to ring first."""
    policy = policy_of(services_of(request))
    return Json(
        [
            {
                "code": one.code,
                "name": one.name,
                "group": one.group,
                "group_name": one.group_name,
                "severity": one.severity,
                "limit_class": one.limit_class,
                "sensitive": one.sensitive,
                "emergency_lines": one.emergency_lines,
            }
            for one in policy.categories.values()
        ]
    )


@router.get("/glossary", response_model=dict[str, dict[str, dict[str, str]]])
async def get_glossary() -> Json:
    """The words for every enum value: group -> value -> {zh, en}."""
    return Json(glossary())


@router.get("/assign", response_model=dict[str, Any], responses=problems(422, 503))
async def get_assignment(
    request: Request,
    category: Annotated[str, Query(pattern=r"^[0-9]{4}$")],
    viewer: Annotated[Viewer, Depends(Viewer.of)],
    grid: Annotated[str | None, Query(pattern=r"^[0-9]{2,20}$")] = None,
    incident: UUID | None = None,
) -> Json:
    """Whose a matter of this category in this grid is by the rules now, before anybody dispatches it.

    With an `incident` its text is asked too, for those who may read it: whom weapons and violence call, and whom it
    accuses.
    """
    services = services_of(request)
    policy = policy_of(services)
    if category not in policy.categories:
        raise wrong_field("category", "没有这个类别", "there is no such category")
    known = grid if grid in services.versions.names.grids else None
    text = await _text_of(str(incident), viewer, services) if incident else ""
    found = assigned(category, known, text, services.clock.now(), policy)
    names = services.versions.names
    return Json(
        {
            "unit": found.unit,
            "unit_name": names.unit(found.unit),
            "joint": [{"unit": unit, "unit_name": names.unit(unit)} for unit in found.joint],
            "rule": found.rule,
            "text_zh": found.why,
        }
    )


async def _text_of(id: str, viewer: Viewer, services: Services) -> str:
    """What the incident says, if there is one and it is not kept from them. Raises `Unavailable`."""
    incident = (await incidents_by_id(services.pool, [id])).get(id)
    if incident is None or await kept(viewer, incident, services):
        return ""
    return (await reports_in(services.pool, [id]))[id][0].text


def assigned(category: str, grid: str | None, text: str, moment: datetime, policy: Policy) -> Assignment:
    """By the table of responsibility, and by what the text tells."""
    kind, read = policy.categories[category], policy.attributes.read(text)
    start = Standing(kind.severity, kind.limit_class, kind.finish_limit)
    danger = classify([text], policy)[0].danger
    case = Case(raised(start, category, read, moment, policy, danger).severity, moment)
    found = assign(category, grid, policy, case)
    if grid is None:
        return found
    found = called(found, category, grid, read, moment, policy, danger)
    return without(found, category, grid, accused_units(text, category, grid, policy), policy)


def _contact(contact: Contact) -> dict[str, str]:
    return {"name": contact.name, "phone": contact.phone}
