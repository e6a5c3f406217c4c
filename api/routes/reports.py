"""The front door (上报), and a report's tracking page."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Header, Request

from api.body import CheckedRoute
from api.documents import Receipt, Tracking, problems
from api.models.report import Report
from api.problems import Problem
from api.reporting import Received, receipt, receive
from api.responses import Json
from api.services import Services, services_of
from api.tracking import STEPS, tracking_view
from api.views import incident_views
from gridward.domain.errors import Unavailable
from gridward.store.queries import Full, full_incident, full_of_report, incidents_by_id

MAX_WAIT = 10.0  # seconds

router = APIRouter(prefix="/api/reports", tags=["reports 上报"], route_class=CheckedRoute)

_EXAMPLES: dict[str, Any] = {
    "field": {
        "summary": "A grid worker's report with a place",
        "value": {
            "id": "7f1c0f5e-3f34-4f0e-9a53-0b1f2a3c4d5e",
            "text": "菜市场门口占道经营，行人走到马路上了",
            "source": "grid",
            "lon": 119.5712,
            "lat": 28.1145,
            "accuracy_m": 15,
            "crs": "wgs84",
            "occurred_at": "2026-11-22T14:30:00+08:00",
            "reporter": {"name": "张三", "phone": "13800000000"},
        },
    },
    "upper": {
        "summary": "A ticket of a higher level with its own limit",
        "value": {
            "id": "0b8f1c2d-5a6b-4c7d-8e9f-a0b1c2d3e4f5",
            "text": "群众反映小区夜间施工噪声扰民",
            "source": "upper",
            "address": "元和街道某小区",
            "external": {"system": "12345", "number": "SL20261122001", "due": "2026-12-01"},
        },
    },
}


@router.post(
    "",
    status_code=202,
    response_model=Receipt,
    responses={
        200: {"model": Receipt, "description": "This report was handled before; its incident as it is now"},
        201: {"model": Receipt, "description": "With `Prefer: wait=2`: triage was through in that time"},
        202: {"description": "Kafka has it: it will become an incident"},
        **problems(400, 403, 409, 413, 415, 422, 503),
    },
    summary="Report something",
)
async def post_report(
    request: Request,
    report: Annotated[Report, Body(openapi_examples=_EXAMPLES)],
    prefer: Annotated[
        str | None,
        Header(description="`wait=N`: wait up to N (at most 10) seconds for triage", max_length=200),
    ] = None,
) -> Json:
    """Answered once Kafka has confirmed it. The same `id` again is the same report, whatever happened in between."""
    services = services_of(request)
    wait = wait_of(prefer)
    received = await receive(report, await request.body(), wait, services)
    return await _answer(received, wait, services)


@router.get(
    "/{report_id}",
    response_model=Tracking,
    responses=problems(404, 422, 503),
    summary="Where a report stands",
)
async def get_report(request: Request, report_id: UUID) -> Json:
    """State, number and steps with times: nothing personal, no text."""
    services = services_of(request)
    full = await full_of_report(services.pool, str(report_id))
    if full is not None:
        leading = await _leading(full, services)
        return Json(tracking_view(str(report_id), full, services.versions.names, leading))
    if services.recent.body_of(str(report_id)) is None:
        raise Problem(404, "没有找到这个编号的上报；若刚刚上报，请稍后再看", "there is no such report yet")
    steps = [{"step": step, "name_zh": name, "at": None} for step, name, _ in STEPS]
    return Json({"id": str(report_id), "state": "accepted", "status_zh": "已受理", "steps": steps})


async def _leading(full: Full, services: Services) -> Full | None:
    """The incident that this one was merged into, or that one in turn. Raises `Unavailable`."""
    found, seen = None, {full.incident.id}
    into = full.incident.merged_into
    while into is not None and into not in seen:
        seen.add(into)
        further = await full_incident(services.pool, into)
        if further is None:
            break
        found, into = further, further.incident.merged_into
    return found


def wait_of(prefer: str | None) -> float:
    """Seconds from a `Prefer: wait=N` header (RFC 7240); 0 without one."""
    found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})\"?(?=$|[,;\s])", prefer or "", re.ASCII)
    return min(float(found[1]), MAX_WAIT) if found else 0.0


async def _answer(received: Received, wait: float, services: Services) -> Json:
    headers = {"Location": f"/api/reports/{received.report_id}"}
    if wait:
        headers["Preference-Applied"] = f"wait={wait:g}"
    if received.view is not None:
        return Json(receipt(received.report_id, received.view["status"], received.view), 201, headers)
    if received.incident_id is not None:
        try:
            found = await incidents_by_id(services.pool, [received.incident_id])
        except Unavailable:
            found = {}
        if incident := found.get(received.incident_id):
            (view,) = await incident_views([incident], services.versions.names, services.pool)
            return Json(receipt(received.report_id, incident.status, view), 200, headers)
    return Json(receipt(received.report_id, "accepted"), 202, headers)
