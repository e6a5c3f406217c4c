"""Figures by today's categories, over a span of time."""

import pytest

from gridward.store.statistics import open_counts
from tests.api.system import UNCLEAR, Api, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

SPAN = {"from": "2020-01-01T00:00:00+08:00", "to": "2100-01-01T00:00:00+08:00"}


async def test_what_was_received_in_the_span_is_counted_by_category(api: Api) -> None:
    clear = await api.incident(a_report())
    await api.incident(a_report(UNCLEAR))
    figures = (await api.client.get("/api/statistics/categories", params=SPAN)).json()
    (item,) = figures["items"]
    assert (item["code"], item["count"]) == (clear["category"], 1)
    assert item["name"]
    assert (figures["uncategorised"], figures["unmapped"]) == (1, [])
    before = SPAN | {"to": "2020-01-02T00:00:00+08:00"}
    assert (await api.client.get("/api/statistics/categories", params=before)).json()["items"] == []


async def test_a_span_that_ends_before_it_begins_is_refused(api: Api) -> None:
    answer = await api.client.get(
        "/api/statistics/categories", params={"from": SPAN["to"], "to": SPAN["from"]}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "from"


async def test_a_moment_outside_the_calendar_is_refused(api: Api) -> None:
    odd = SPAN | {"from": "0001-01-01T00:00:00+14:00"}
    answer = await api.client.get("/api/statistics/categories", params=odd)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "from")


async def test_open_incidents_are_counted_by_category_and_class(api: Api) -> None:
    found = await api.incident(a_report())
    async with api.services.pool.acquire() as conn:
        listed = await api.client.get("/api/incidents", params={"open": True, "category": found["category"]})
        counts = await open_counts(conn)
        assert counts.categories[found["category"]] == listed.json()["total"]
        assert counts.classes[found["limit_class"]] >= 1
        assert sum(counts.classes.values()) >= sum(counts.categories.values())
