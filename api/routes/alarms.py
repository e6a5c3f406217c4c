"""Alarms before a report needs somebody: units with nobody on duty, grids that nobody serves."""

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request

from api.documents import problems
from api.names import Names
from api.responses import Json
from api.services import services_of
from gridward.policy.alarms import (
    GridAlarm,
    UnitAlarm,
    by_missing,
    unit_alarms,
    unserved_text,
)
from gridward.policy.policy import Policy

router = APIRouter(prefix="/api", tags=["alarms 预警"])

NAMED = 20  # grids that one alarm spells out; a county that has filled in nothing has thousands


@router.get(
    "/alarms",
    response_model=dict[str, Any],
    responses=problems(503),
    summary="Units and grids that will have nobody",
)
async def get_alarms(request: Request) -> Json:
    """`units`: hours ahead in which nobody is on duty for a unit, those of now first, with who answers instead
    (`stands_in`, a unit of the same legal power, or else its `leader`) and the grids of the village that it speaks
    for. `grids`: those that no unit serves although rules send matters there, together where the same kinds are
    missing.

    Gone as soon as the roster or the units file is filled in.
    """
    services = services_of(request)
    names, policy, now = services.versions.names, services.versions.at_the_door, services.clock.now()
    return Json(
        {
            "as_of": now,
            "look_ahead_days": policy.bundle.units.look_ahead_days,
            "units": [_of_unit(one, policy, names) for one in unit_alarms(policy, names.grids, now)],
            "grids": _of_grids(await services.versions.unserved(), names),
        }
    )


def _of_unit(one: UnitAlarm, policy: Policy, names: Names) -> dict[str, Any]:
    gap = one.gap
    instead = names.unit(one.stands_in) if one.stands_in else f"本单位负责人{one.leader}"
    return {
        "unit": gap.unit,
        "name": gap.name,
        "now": one.now,
        "from": gap.start,
        "until": gap.end,
        "stands_in": one.stands_in,
        "stands_in_name": names.unit(one.stands_in),
        "leader": one.leader,
        "count": len(one.grids),
        "grids": _named(one.grids, names),
        "text_zh": f"{gap.text}，其间由{instead}接办，请在值班表中补上",
    }


def _of_grids(alarms: Iterable[GridAlarm], names: Names) -> list[dict[str, Any]]:
    """One entry for each set of missing kinds, the most grids first."""
    return [
        {
            "missing": list(missing),
            "count": len(grids),
            "grids": _named(grids, names),
            "text_zh": unserved_text(missing, len(grids)),
        }
        for missing, grids in by_missing(alarms)
    ]


def _named(grids: Iterable[str], names: Names) -> list[dict[str, str | None]]:
    return [{"code": code, "name": names.grid(code)} for code in list(grids)[:NAMED]]
