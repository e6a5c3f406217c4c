"""The stored boundary sets, and one of them with its grids and what the check found in it."""

import asyncio
import gzip
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Request, Response

from api.documents import problems
from api.problems import Problem
from api.responses import Json
from api.services import Services, services_of
from geo.findings import KIND_ZH
from geo.handover import changes
from geo.index import GridIndex
from gridward.domain.place import GridRecord
from gridward.store.boundary_queries import StoredGrid, StoredSet, boundary_heads, stored_set
from gridward.store.open_places import OpenIncident, open_with_a_place

router = APIRouter(prefix="/api", tags=["boundaries 网格边界"])

NOT_YET_IN_FORCE = frozenset({"waiting", "withdrawn"})

Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="As `GET /api/boundaries` names it")]


@router.get("/boundaries", response_model=list[dict[str, Any]], responses=problems(503))
async def get_boundaries(request: Request) -> Json:
    """Every stored boundary set, the newest first: since when it stands, how many grids and findings it has.

    `state` is current 现行, waiting 待生效, past 已失效 or withdrawn 已撤回.
    """
    return Json([_head(one) for one in await boundary_heads(services_of(request).pool)])


@router.get("/boundaries/{version}", response_model=dict[str, Any], responses=problems(404, 422, 503))
async def get_boundary_set(request: Request, version: Version) -> Response:
    """One set: `grids` and `findings` as GeoJSON (WGS 84), and what it would change when it is not yet in force.

    A finding's geometry is the fault itself. It is null where the fault is one of the whole grid, and for sets stored
    before shapes were kept: the grids in `codes` say then where it lies. `would_change` counts open incidents that
    have a place, and those that this set would give to another grid than the one in force.
    """
    services = services_of(request)
    found = await stored_set(services.pool, version)
    if found is None:
        raise Problem(404, f"没有边界版本 {version}", f"there is no boundary version {version}")
    body = {
        **_head(found.head),
        "thresholds": found.head["summary"].get("thresholds"),
        "repairs": found.head["summary"].get("repairs", []),
        "would_change": await _would_change(services, found),
        "grids": _collection([_grid(one) for one in found.grids]),
        "findings": _collection(_findings(found)),
    }
    return await _compact(request, body)


def _head(head: Mapping[str, Any]) -> dict[str, Any]:
    summary = head["summary"]
    totals = summary.get("totals", {})
    # In the order in which findings come: the database keeps none.
    by_kind = {kind: totals[kind]["count"] for kind in KIND_ZH if totals.get(kind, {}).get("count")}
    return {
        **{key: value for key, value in head.items() if key != "summary"},
        "checked": "totals" in summary,
        "findings_count": sum(by_kind.values()),
        "errors": summary.get("errors", 0),
        "by_kind": by_kind,
    }


async def _would_change(services: Services, found: StoredSet) -> dict[str, int] | None:
    if found.head["state"] not in NOT_YET_IN_FORCE:
        return None
    incidents = await open_with_a_place(services.pool)
    policy = services.versions.names.policy
    within = policy.nearest_within_m if policy else 0.0
    records = [one.record for one in found.grids]
    standing = services.versions.grids
    index = standing.index if standing else None
    moved = await asyncio.to_thread(_count_moved, index, records, incidents, within) if incidents else 0
    return {"open": len(incidents), "changing": moved}


def _count_moved(
    standing: GridIndex | None,
    records: Sequence[GridRecord],
    incidents: Sequence[OpenIncident],
    within_m: float,
) -> int:
    return len(changes(incidents, standing, GridIndex(records, 0), within_m))


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _grid(one: StoredGrid) -> dict[str, Any]:
    record = one.record
    properties = {
        "code": record.code,
        "name": record.name,
        "level": record.level,
        "special": record.special,
    }
    # PostGIS wrote the text; nothing is parsed on the way.
    return {"type": "Feature", "properties": properties, "geometry": orjson.Fragment(one.geojson)}


def _findings(found: StoredSet) -> list[dict[str, Any]]:
    names = {one.record.code: one.record.name for one in found.grids}
    return [
        {
            "type": "Feature",
            "id": number,
            "geometry": finding.get("geometry"),
            "properties": {
                **{key: value for key, value in finding.items() if key != "geometry"},
                "names": [names.get(code) for code in finding["codes"]],
            },
        }
        for number, finding in enumerate(found.findings, start=1)
    ]


async def _compact(request: Request, body: dict[str, Any]) -> Response:
    """Thousands of outlines are megabytes: packed in a thread for whoever can unpack them."""
    headers = {"cache-control": "no-cache", "vary": "accept-encoding"}
    plain = Json(body, headers=headers)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return plain
    packed = await asyncio.to_thread(gzip.compress, bytes(plain.body), 5, mtime=0)
    return Response(packed, 200, headers | {"content-encoding": "gzip"}, "application/json")
