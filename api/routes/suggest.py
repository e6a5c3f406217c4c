"""Suggestions while a report is typed: one address for every intake page."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request

from api.documents import problems
from api.models.fields import Text
from api.problems import wrong_field
from api.responses import Json
from api.services import policy_of, services_of
from api.suggesting import Asked, suggest
from gridward.domain.place import Point
from gridward.reports import Source

router = APIRouter(prefix="/api", tags=["reports 上报"])

Longitude = Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float | None, Query(ge=-90, le=90, allow_inf_nan=False)]


@router.get("/suggest", response_model=dict[str, Any], responses=problems(422, 503), summary="While typing")
async def get_suggestions(
    request: Request,
    text: Annotated[Text, Query(max_length=1_000, description="What was typed so far")] = "",
    lon: Longitude = None,
    lat: Latitude = None,
    accuracy_m: Annotated[float | None, Query(ge=0, le=100_000, allow_inf_nan=False)] = None,
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84",
    source: Annotated[
        Source | None, Query(description="The channel; a resident's shows as to residents")
    ] = None,
    role: Literal["resident", "grid", "hotline", "desk"] = "resident",
) -> Json:
    """The likeliest categories, the place with what its words may mean, and open matters that it may repeat.

    A resident is shown of a repeat its category and about where it is, of public facilities only. Nothing sensitive
    is ever suggested. What is typed is neither kept nor logged.
    """
    services = services_of(request)
    if (lon is None) != (lat is None):
        raise wrong_field("lon", "lon 和 lat 要么都有，要么都没有", "lon and lat: both or neither")
    point = Point(lon, lat, accuracy_m) if lon is not None and lat is not None else None
    shown_as = "resident" if source == Source.RESIDENT else role
    return Json(await suggest(Asked(text, point, crs, shown_as), policy_of(services), services))
