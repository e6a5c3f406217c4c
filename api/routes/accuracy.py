"""How far triage can be trusted: by week and category, and whether what comes in has changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.documents import problems
from api.names import Names
from api.responses import Json
from api.services import services_of
from gridward.domain.rules import CHINA
from gridward.policy.category_rows import Categories
from gridward.policy.drift import stability, verdict
from gridward.policy.history import comparable, counted_as, todays
from gridward.policy.policy import Policy
from gridward.store.corrections import Answered, answered

router = APIRouter(prefix="/api", tags=["triage 分类质量"])

COUNTED = ("sent", "seen", "corrected", "asked", "settled", "agreed")  # of `Answered`

Weeks = Annotated[int, Query(ge=1, le=53, description="How many weeks back, this one included")]


@router.get(
    "/triage/accuracy",
    response_model=dict[str, Any],
    responses=problems(422, 503),
    summary="How often triage is right",
)
async def get_accuracy(request: Request, weeks: Weeks = 13) -> Json:
    """`sent`: dispatched without a person, of these `seen` by one since: accepted by the unit, or `corrected`; `asked`:
    put to the desk, of these `settled`, of these `agreed` with the machine's first guess. `right`: the share of what
    was seen that nobody corrected; what nobody has seen yet says nothing.

    `drift` compares this week and the last with the weeks before.
    """
    services = services_of(request)
    now = services.clock.now()
    monday = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    policy = services.versions.at_the_door
    table = policy.bundle.categories
    found = await answered(services.pool, monday - timedelta(weeks=weeks - 1), now, table)
    names = services.versions.names
    recent = (monday - timedelta(weeks=1)).date()
    return Json(
        {
            "as_of": now,
            "weeks": [{"week": week.isoformat(), **_sum(some)} for week, some in _by_week(found)],
            "categories": [_category(code, some, names) for code, some in _by_category(found, table)],
            "drift": _drift(
                [one for one in found if one.week < recent],
                [one for one in found if one.week >= recent],
                policy,
            ),
            "model": _model(policy),
        }
    )


def _model(policy: Policy) -> dict[str, Any] | None:
    """What is known of the model in force: when it was trained, on what, and how good it was on held-out texts."""
    return {"sha256": policy.voices.model.sha256, **policy.voices.model.about} if policy.voices else None


def _by_week(found: Sequence[Answered]) -> Iterable[tuple[date, list[Answered]]]:
    return [
        (week, [one for one in found if one.week == week]) for week in sorted({one.week for one in found})
    ]


def _by_category(found: Sequence[Answered], table: Categories) -> Iterable[tuple[str | None, list[Answered]]]:
    counted: dict[str | None, list[Answered]] = {}
    for one in found:
        code = one.category and (counted_as(one.category, table) or one.category)
        counted.setdefault(code, []).append(one)
    return sorted(counted.items(), key=lambda item: item[0] or "~")


def _category(code: str | None, some: Sequence[Answered], names: Names) -> dict[str, Any]:
    weeks = [{"week": week.isoformat(), **_sum(one)} for week, one in _by_week(some)]
    return {"code": code, "name": names.category_or_group(code), **_sum(some), "weeks": weeks}


def _sum(some: Sequence[Answered]) -> dict[str, Any]:
    counted = {name: sum(getattr(one, name) for one in some) for name in COUNTED}
    n = sum(_triaged(one) for one in some)
    believed = sum(one.confidence * _triaged(one) for one in some)
    return {
        "n": n,
        **counted,
        "right": round(1 - counted["corrected"] / counted["seen"], 4) if counted["seen"] else None,
        "first_guess": round(counted["agreed"] / counted["settled"], 4) if counted["settled"] else None,
        "confidence": round(believed / n, 3) if n else None,
    }


def _triaged(one: Answered) -> int:
    return one.sent + one.asked


def _drift(before: Sequence[Answered], now: Sequence[Answered], policy: Policy) -> dict[str, Any]:
    codes = {one.category for one in (*before, *now) if one.category}
    kinds = comparable(todays(codes, policy.bundle.categories))
    index = stability(_counts(before, kinds), _counts(now, kinds))
    return {
        "index": round(index, 3),
        "verdict": verdict(index, policy.bundle.words.drift),
        "before": _sum(before),
        "now": _sum(now),
    }


def _counts(some: Sequence[Answered], kinds: Mapping[str, frozenset[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for one in some:
        kind = " ".join(sorted(kinds[one.category])) if one.category else ""
        counts[kind] += _triaged(one)
    return counts
