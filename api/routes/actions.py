"""What people do with an incident: one address for all actions."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request

from api.acting import act
from api.body import CheckedRoute
from api.documents import ActionAnswer, problems
from api.models.action import Action
from api.responses import Json
from api.routes.incidents import Reference
from api.services import services_of

router = APIRouter(prefix="/api/incidents", tags=["actions 操作"], route_class=CheckedRoute)

_ID = "5d0c7a51-93e4-4a7e-8a43-6f3f6f0f9a01"
_DESK = {"id": "desk-1", "name": "调度员", "role": "desk"}
_UNIT = {"id": "unit:99010110120002", "role": "unit", "unit": "99010110120002"}
_EXAMPLES: dict[str, Any] = {
    "dispatch": {
        "summary": "派单 to a unit, naming the category",
        "value": {
            "id": _ID,
            "action": "dispatch",
            "version": 2,
            "actor": _DESK,
            "unit": "99010110120002",
            "category": "0201",
        },
    },
    "accept": {
        "summary": "签收, done offline a little earlier",
        "value": {
            "id": _ID,
            "action": "accept",
            "version": 3,
            "actor": _UNIT,
            "done_at": "2026-11-22T14:35:00+08:00",
        },
    },
    "resolve": {
        "summary": "办结 with its result",
        "value": {
            "id": _ID,
            "action": "resolve",
            "version": 4,
            "actor": _UNIT,
            "result": "已到场劝离，摊位已入市经营",
            "outcome": "solved",
        },
    },
}


@router.post(
    "/{reference}/actions",
    response_model=ActionAnswer,
    responses=problems(400, 403, 404, 409, 413, 415, 422, 503),
    summary="Do something with an incident",
)
async def post_action(
    request: Request,
    reference: Reference,
    action: Annotated[Action, Body(discriminator="action", openapi_examples=_EXAMPLES)],
) -> Json:
    """Done once for each `id`. 409 says what is `possible` now and how the incident stands (`current`);
    a `version` that is not the newest is 409 and loses nothing.
    """
    return Json(await act(reference, action, services_of(request)))
