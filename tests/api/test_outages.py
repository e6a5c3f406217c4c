"""What the API does when Kafka or PostgreSQL is away: it starts, it says so in time, it takes what it can."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.body import MAX_BODY
from api.middleware import SECURITY_HEADERS
from gridward.bus import URGENT
from gridward.metrics import reports_refused
from gridward.numbers import number_of
from gridward.settings import Settings
from tests.api.system import Api, a_report, furnish, read_topic, running_api, settings_for

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
NOWHERE = "127.0.0.1:1"


@pytest.fixture
def cut_off(tmp_path: Path) -> Settings:
    """Neither Kafka nor PostgreSQL is there."""
    return settings_for(f"postgresql://gridward@{NOWHERE}/none", NOWHERE, "", tmp_path)


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application without a network around it."""
    app = create_app(settings)
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            await app({**scope, "state": dict(state or {})}, receive, send)

        transport = httpx.ASGITransport(app=with_state)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8320") as client:
            yield client


async def test_it_starts_and_says_what_is_missing(cut_off: Settings) -> None:
    async with alone(cut_off) as client:
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert ready.status_code == 503
        parts = ready.json()["parts"]
        assert {name for name, part in parts.items() if not part["ok"]} == {
            "postgres",
            "kafka",
            "policy",
            "boundaries",
        }
        assert "gridward_reports_accepted_total" in (await client.get("/metrics")).text


async def test_without_kafka_a_report_is_refused_within_two_seconds_and_never_a_lie(
    cut_off: Settings,
) -> None:
    async with alone(cut_off) as client:
        body = a_report()
        started = perf_counter()
        answer = await client.post("/api/reports", json=body)
        assert perf_counter() - started < 2
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "同一编号" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/incidents",
        "/api/counts",
        f"/api/incidents/{number_of(NOON, '331125', 731)}",
        "/api/units",
        "/api/grids",
    ],
)
async def test_without_a_database_reads_are_503_with_retry_after(cut_off: Settings, path: str) -> None:
    async with alone(cut_off) as client:
        answer = await client.get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert answer.headers["content-type"] == "application/problem+json"


async def test_without_its_keys_the_door_refuses_for_now(cut_off: Settings) -> None:
    cut_off.key_dir.write_text("a file where the folder should be")
    async with alone(cut_off) as client:
        answer = await client.post("/api/reports", json=a_report(reporter={"phone": "13812345678"}))
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "同一编号" in answer.json()["detail"]


async def test_wrong_reports_are_told_so_even_then(cut_off: Settings) -> None:
    async with alone(cut_off) as client:
        post = client.post
        json = {"content-type": "application/json"}
        too_large = b'{"text": "' + b"x" * MAX_BODY + b'"}'

        async def in_pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(too_large), 4096):
                yield too_large[start : start + 4096]

        assert (await post("/api/reports", content=too_large, headers=json)).status_code == 413
        assert (await post("/api/reports", content=in_pieces(), headers=json)).status_code == 413
        assert (await post("/api/reports", content=b"{", headers=json)).status_code == 400
        assert (await post("/api/reports", data={"text": "a"})).status_code == 415
        assert (await post("/api/reports", content=b"{}")).status_code == 415
        assert (await post("/api/reports", json=a_report(lon=400))).status_code == 422
        long = await post("/api/reports", json=a_report("长" * 20_000))
        assert long.status_code == 422
        assert long.json()["errors"][0]["field"] == "text"
        assert (await client.delete("/api/reports")).status_code == 405
        assert (await client.get("/api/nothing")).status_code == 404


async def test_each_refusal_at_the_door_is_counted_once_by_its_status(cut_off: Settings) -> None:
    def counted() -> dict[int, float]:
        return {
            status: reports_refused.labels(status)._value.get() for status in (400, 403, 413, 415, 422, 503)
        }

    json = {"content-type": "application/json"}
    before = counted()
    async with alone(cut_off) as client:
        for sent in (
            {"content": b"{", "headers": json},
            {"json": a_report(), "headers": {"origin": "http://evil.example"}},
            {"content": b'{"text": "' + b"x" * MAX_BODY + b'"}', "headers": json},
            {"content": b"{}"},
            {"json": a_report(lon=400)},
            {"json": a_report()},
        ):
            await client.post("/api/reports", **sent)  # type: ignore[arg-type]
        await client.post("/api/incidents/nothing/actions", content=b"{", headers=json)
    assert counted() == {status: count + 1 for status, count in before.items()}


async def test_strangers_hosts_and_sites_are_refused(cut_off: Settings) -> None:
    async with alone(cut_off) as client:
        assert (await client.get("/api/glossary", headers={"host": "evil.example"})).status_code == 400
        assert (await client.get("/api/glossary", headers={"host": "localhost:8320"})).status_code == 200
        assert (await client.get("/healthz", headers={"host": "10.0.0.7:8320"})).status_code == 200
        for headers in (
            {"origin": "http://evil.example"},
            {"sec-fetch-site": "cross-site"},
            {"origin": "null"},
        ):
            answer = await client.post("/api/reports", json=a_report(), headers=headers)
            assert answer.status_code == 403
        own = {"origin": "http://127.0.0.1:8320", "sec-fetch-site": "same-origin"}
        assert (await client.post("/api/reports", json=a_report(), headers=own)).status_code == 503


async def test_every_answer_forbids_what_pages_do_not_need(cut_off: Settings) -> None:
    async with alone(cut_off) as client:
        for path in ("/", "/healthz", "/api/nothing", "/api/counts"):
            answer = await client.get(path)
            assert SECURITY_HEADERS.items() <= dict(answer.headers).items()
            assert answer.headers["x-request-id"]
        assert "unsafe" not in SECURITY_HEADERS["content-security-policy"]


async def test_the_page_appears_when_it_is_built(cut_off: Settings) -> None:
    async with alone(cut_off) as client:
        missing = await client.get("/")
        assert missing.status_code == 503
        assert "尚未构建" in missing.text
        (cut_off.web_dir / "assets").mkdir(parents=True)
        (cut_off.web_dir / "index.html").write_text("<p>built</p>")
        (cut_off.web_dir / "assets" / "a.123.js").write_text("1")
        for path in ("/", "/some/page"):
            page = await client.get(path)
            assert (page.text, page.headers["cache-control"]) == ("<p>built</p>", "no-cache")
        script = await client.get("/assets/a.123.js")
        assert "immutable" in script.headers["cache-control"]
        assert (await client.get("/assets/gone.js")).status_code == 404
        assert (await client.get("/../conftest.py")).status_code == 404


@pytest.mark.kafka
async def test_without_a_database_reports_are_taken_all_the_same(
    kafka_server: str, topic_prefix: str, cut_off: Settings
) -> None:
    settings = replace(cut_off, kafka=kafka_server, topic_prefix=topic_prefix)
    async with running_api(settings) as api:
        async with asyncio.timeout(20):
            while not api.services.publisher.is_ready:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        body = a_report("有人落水，救命")
        answer = await api.report(body)
        assert answer.status_code == 202
        assert (await api.client.get(f"/api/reports/{body['id']}")).status_code == 503
        assert (await api.report(body)).status_code == 202
        assert (await api.report(body | {"text": "别的"})).status_code == 409
    found = await read_topic(settings, URGENT)
    assert [record.key.decode() for record in found] == [body["id"]]


@pytest.mark.postgres
async def test_without_kafka_reads_are_served(database_url: str, cut_off: Settings) -> None:
    await furnish(database_url)
    async with running_api(replace(cut_off, database_url=database_url)) as api:
        await known_policy(api)
        assert (await api.client.get("/api/incidents")).json() == {"items": [], "next": None, "total": 0}
        assert (await api.client.get("/api/grids")).status_code == 200
        assert (await api.report()).status_code == 503


async def known_policy(api: Api) -> None:
    async with asyncio.timeout(20):
        while not api.services.versions.grids_gzip:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
