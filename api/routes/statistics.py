"""Figures for reports on a span of time."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime

from api.documents import problems
from api.problems import wrong_field
from api.responses import Json
from api.services import policy_of, services_of
from gridward.policy.history import counts_today
from gridward.store.statistics import counts_by_category

router = APIRouter(prefix="/api/statistics", tags=["statistics 统计"])


@router.get("/categories", response_model=dict[str, Any], responses=problems(422, 503))
async def get_categories(
    request: Request,
    begin: Annotated[AwareDatetime, Query(alias="from")],
    end: Annotated[AwareDatetime, Query(alias="to")],
) -> Json:
    """Incidents received in the span, by today's categories; a split category counts under its two-digit group.

    `unmapped`: codes that no category of today has taken over. `uncategorised`: not yet given a category.
    """
    begin, end = _universal("from", begin), _universal("to", end)
    if begin >= end:
        raise wrong_field("from", "应早于 to", "must be before to")
    services = services_of(request)
    policy, names = policy_of(services), services.versions.names
    counts, uncategorised = await counts_by_category(services.pool, begin, end)
    mapped, unmapped = counts_today(counts, policy.bundle.categories)
    return Json(
        {
            "policy_version": policy.version,
            "items": [
                {"code": code, "name": names.category_or_group(code), "count": count}
                for code, count in mapped.items()
            ],
            "unmapped": [
                {"code": code, "name": names.category(code), "count": count}
                for code, count in unmapped.items()
            ],
            "uncategorised": uncategorised,
        }
    )


def _universal(field: str, at: datetime) -> datetime:
    """In UTC, where the first and last days of the calendar have no place for every zone."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise wrong_field(field, "时间超出范围", "is out of range") from None
