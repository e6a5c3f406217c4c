"""The API as a real server on a free port, and the worker's parts beside it in the test's own hand."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

import asyncpg
import httpx
import uvicorn
from aiokafka import AIOKafkaConsumer, ConsumerRecord

from api.app import create_app
from api.live.ring import SIZE as RING
from api.services import Services
from gridward.bus import EVENTS, REPORTS, URGENT, full_name
from gridward.clock import Clock, SystemClock
from gridward.crypto import KeyRing
from gridward.policy.load import load_bundle
from gridward.settings import Settings
from gridward.store.boundaries import boundary_engine, boundary_transaction, publish, store_boundary_set
from gridward.store.connect import open_pool
from gridward.store.policies import publish_policy
from gridward.store.policy_book import PolicyBook
from gridward.store.postgres import PostgresStore
from gridward.store.tables import incidents
from stream.batches import Event
from stream.boundaries import BoundaryBook
from stream.desk import TriageDesk
from stream.outbox import Outbox
from stream.producer import Producer
from tests.geo.helpers import square

LON, LAT = 119.5, 28.1  # inside the first grid
GRID = "990101101001001"
# Columns of an incident that may be written, and the same of `made`: for tests that need many incidents at once.
COLUMNS = [column.name for column in incidents.columns if column.computed is None]
WRITTEN, MADE = ", ".join(COLUMNS), ", ".join(f"made.{name}" for name in COLUMNS)
GRIDS = [square(GRID, 119.49, 28.09, 0.02), square("990101101001002", 119.51, 28.09, 0.02)]
CLEAR = "菜市场门口占道经营，卖菜的把路堵了"  # one category, one unit
UNCLEAR = "今天天气不错"
ENFORCEMENT = "99010110130001"  # 综合执法与环卫队, which leads in CLEAR
POLICE = "99010110120002"
MARKET = "99010110130002"


def a_report(text: str = CLEAR, **fields: Any) -> dict[str, Any]:
    """A report of something inside the first grid, under a new id."""
    body = {"id": str(uuid4()), "text": text, "source": "grid", "lon": LON, "lat": LAT, "accuracy_m": 5}
    return {key: value for key, value in (body | fields).items() if value is not None}


@dataclass
class Message:
    """What the worker's parts see of a Faust event."""

    message: ConsumerRecord


async def furnish(database_url: str) -> None:
    """Put a policy and a boundary set in force."""
    connection = await asyncpg.connect(database_url)
    try:
        await publish_policy(connection, load_bundle(), "test", SystemClock().now())
    finally:
        await connection.close()
    now = SystemClock().now()
    async with boundary_transaction(database_url) as open_transaction:
        version = await store_boundary_set(
            open_transaction,
            GRIDS,
            name="test",
            source_file="test.geojson",
            crs="EPSG:4326",
            sha256="0" * 64,
            findings={},
            at=now,
        )
        await publish(open_transaction, version, now)


@asynccontextmanager
async def running_api(settings: Settings, live_ring: int = RING) -> AsyncIterator["Api"]:
    """The web process within this one, on a port of its own."""
    app = create_app(settings, live_ring=live_ring)
    config = uvicorn.Config(
        app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=1, ws="none", lifespan="on"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        assert not serving.done(), "the API did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=base, timeout=15) as client:
            yield Api(client, base, app.state.services)
    finally:
        app.state.services.hub.close()
        server.should_exit = True
        await serving


class Api:
    def __init__(self, client: httpx.AsyncClient, base: str, services: Services) -> None:
        self.client = client
        self.base = base
        self.services = services

    async def ready(self) -> "Api":
        """Wait until every part is there."""
        for _ in range(200):
            if (answer := await self.client.get("/readyz")).status_code == 200:
                return self
            await asyncio.sleep(0.05)
        raise AssertionError(f"not ready: {answer.text}")

    async def report(self, body: dict[str, Any] | None = None, wait: int | None = None) -> httpx.Response:
        headers = {"prefer": f"wait={wait}"} if wait is not None else {}
        return await self.client.post("/api/reports", json=body or a_report(), headers=headers)

    async def incident(self, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Report and wait for the incident."""
        answer = await self.report(body, wait=10)
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.json()["incident"])

    async def act(
        self, incident: dict[str, Any], action: str, actor: dict[str, Any], **fields: Any
    ) -> httpx.Response:
        body = {"id": str(uuid4()), "action": action, "version": incident["version"], "actor": actor}
        return await self.client.post(f"/api/incidents/{incident['id']}/actions", json=body | fields)

    async def detail(self, reference: str, **viewer: str) -> dict[str, Any]:
        """As the desk reads it, or whoever else is said."""
        query = urlencode(viewer or {"role": "desk"})
        return await self.read(f"/api/incidents/{reference}?{query}")

    async def read(self, path: str) -> dict[str, Any]:
        answer = await self.client.get(path)
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.json())


class SmallWorker:
    """Triages what comes and carries events out: the worker's own parts, without Faust around them."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.stack = AsyncExitStack()
        self.tasks: list[asyncio.Task[None]] = []
        self.may_work = asyncio.Event()
        self.may_work.set()

    def topic(self, name: str) -> str:
        return full_name(name, self.settings.topic_prefix)

    async def __aenter__(self) -> "SmallWorker":
        settings = self.settings
        self.pool = await open_pool(settings.database_url)
        self.stack.push_async_callback(self.pool.close)
        self.producer = Producer(settings.kafka)
        self.stack.push_async_callback(self.producer.stop)
        await self.producer.start()
        engine = boundary_engine(settings.database_url)
        self.stack.push_async_callback(engine.dispose)
        policies, boundaries = PolicyBook(self.pool), BoundaryBook(engine)
        await policies.refresh()
        await boundaries.refresh()
        store, keys = PostgresStore(self.pool, self.clock), KeyRing(settings.key_dir, self.clock)
        self.desk = TriageDesk(
            store, policies, boundaries, keys, self.producer, settings.topic_prefix, self.clock, lambda: None
        )
        self.outbox = Outbox(self.pool, self.producer, self.topic(EVENTS), self.clock)
        self.consumer = AIOKafkaConsumer(
            self.topic(REPORTS),
            self.topic(URGENT),
            bootstrap_servers=settings.kafka,
            group_id=None,
            auto_offset_reset="earliest",
        )
        self.stack.push_async_callback(self.consumer.stop)
        await self.consumer.start()
        self.tasks = [asyncio.create_task(self.triage()), asyncio.create_task(self.carry())]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self.tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.outbox.release()
        await self.stack.aclose()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """No report is triaged meanwhile."""
        self.may_work.clear()
        try:
            yield
        finally:
            self.may_work.set()

    async def triage(self) -> None:
        while True:
            await self.may_work.wait()
            found = await self.consumer.getmany(timeout_ms=100)
            records = [record for records in found.values() for record in records]
            await self.may_work.wait()
            if records:
                refused = await self.desk.work([cast("Event", Message(record)) for record in records])
                assert not any(refused), refused

    async def carry(self) -> None:
        while True:
            if not await self.outbox.once():
                await asyncio.sleep(0.01)


@dataclass
class System:
    """An API and a small worker on one database and one set of topics."""

    settings: Settings
    api: Api
    worker: SmallWorker

    async def topic_values(self, name: str) -> list[ConsumerRecord]:
        """Everything on a topic, in order for each partition."""
        return await read_topic(self.settings, name)

    async def messages(self, name: str, key: str) -> list[ConsumerRecord]:
        """Those of one report or incident."""
        return [record for record in await self.topic_values(name) if record.key == key.encode()]


async def read_topic(settings: Settings, name: str) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(
        full_name(name, settings.topic_prefix),
        bootstrap_servers=settings.kafka,
        group_id=None,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        wanted = sum(ends.values())
        records: list[ConsumerRecord] = []
        while len(records) < wanted:
            for found in (await consumer.getmany(timeout_ms=1000)).values():
                records += found
        return records
    finally:
        await consumer.stop()


def settings_for(database_url: str, kafka: str, prefix: str, folder: Path) -> Settings:
    return replace(
        Settings(),
        database_url=database_url,
        kafka=kafka,
        topic_prefix=prefix,
        key_dir=folder / "keys",
        web_dir=folder / "web",
    )
