"""Whether the process lives, whether it can work, and its figures."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.responses import Json
from api.services import Services, services_of
from gridward.domain.errors import Unavailable
from gridward.store.connect import passing_errors

router = APIRouter(tags=["health 运行"])

MAX_LAG = 5000  # events that live readers may be behind


@router.get("/healthz", response_model=dict[str, str])
async def alive() -> Json:
    """The process answers."""
    return Json({"status": "alive"})


@router.get(
    "/readyz",
    response_model=dict[str, Any],
    responses={503: {"model": dict[str, Any], "description": "Some part is not ready; each says which"}},
)
async def ready(request: Request) -> Json:
    """Each part by name: ok, and why not."""
    services = services_of(request)
    parts = {
        "postgres": await _postgres(services),
        "kafka": _part(services.publisher.is_ready and services.hub.is_live, "no connection to Kafka"),
        "policy": _part(services.versions.names.policy is not None, "no policy is loaded"),
        "boundaries": _part(bool(services.versions.grids_gzip), "no boundary set is loaded"),
        "live": _part(services.hub.lag <= MAX_LAG, f"{services.hub.lag} events behind"),
    }
    good = all(part["ok"] for part in parts.values())
    names = services.versions.names
    body = {
        "status": "ready" if good else "not ready",
        "parts": parts,
        "versions": {"policy": names.policy_version, "boundary": names.boundary_version},
    }
    return Json(body, 200 if good else 503)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics() -> Response:
    """Prometheus's text format."""
    return Response(generate_latest(), headers={"content-type": CONTENT_TYPE_LATEST})


def _part(ok: bool, otherwise: str) -> dict[str, Any]:
    return {"ok": True} if ok else {"ok": False, "reason": otherwise}


async def _postgres(services: Services) -> dict[str, Any]:
    try:
        async with asyncio.timeout(1):
            with passing_errors():
                await services.pool.fetchval("SELECT 1")
    except (Unavailable, TimeoutError) as error:
        return _part(False, str(error) or "no answer within 1 s")
    return _part(True, "")
