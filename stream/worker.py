"""The worker: everything it needs made once, its agents and duties started, and all of it ended in order."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from tempfile import TemporaryDirectory

from aiohttp import web
from sqlalchemy.ext.asyncio import create_async_engine

from gridward.bus import EVENTS, REPORT_RETENTION, full_name
from gridward.clock import Clock, SystemClock
from gridward.crypto import KeyRing
from gridward.domain.errors import Refused, Unavailable
from gridward.logs import get_logger
from gridward.metrics import boundary_version, deadlines_overdue, policy_version
from gridward.settings import Settings
from gridward.store.connect import open_pool, passing_errors
from gridward.store.policy_book import PolicyBook
from gridward.store.postgres import PostgresStore
from stream.app import AGENTS, GridwardApp, make_app
from stream.batches import Event
from stream.boundaries import BoundaryBook
from stream.deadlines import BATCH_SIZE, sweep
from stream.delivery import Delivery, Gate, until_available
from stream.desk import TriageDesk
from stream.duties import Duty, keep
from stream.outbox import BATCH_SIZE as OUTBOX_BATCH
from stream.outbox import Outbox
from stream.positions import StoredPositions, cluster_of
from stream.producer import Producer
from stream.progress import Progress
from stream.roster import RosterWatch, UnservedWatch
from stream.second_opinion import SecondOpinion
from stream.web import make_web

log = get_logger(__name__)


OUTBOX_LATE = 60.0  # seconds; what waits for so long does not wait for Kafka's next batch


class Worker:
    """One process of the stream side. Any number may run beside each other."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or SystemClock()
        self.committed = asyncio.Event()
        self.stack = AsyncExitStack()
        self.gates = [Gate(agent.name) for agent in AGENTS]
        self.app: GridwardApp
        self.started = False

    async def __aenter__(self) -> "Worker":
        try:
            await self.start()
        except BaseException:
            await self.stack.aclose()
            raise
        return self

    async def start(self) -> None:
        await self.start_web()  # first, so that whoever asks is told what it waits for
        await self.connect()
        finish = {gate.name: self.delivery(gate).deliver for gate in self.gates}
        self.tasks = [asyncio.create_task(keep(duty), name=duty.name) for duty in self.duties()]
        self.stack.push_async_callback(self.end_duties)
        folder = self.stack.enter_context(TemporaryDirectory(prefix="gridward-faust-"))
        positions = StoredPositions(self.pool, self.progress.log, self.clock)
        self.app = make_app(self.settings, positions, finish, self.progress, folder)
        self.stack.push_async_callback(self.app.stop)
        await self.app.start()
        self.started = True
        log.info(
            "worker_started", policy=self.policies.current.version, boundary=self.boundaries.current.version
        )

    async def __aexit__(self, *_: object) -> None:
        """The last to start is the first to end: reading stops before the duties, so that what was committed
        is still carried.
        """
        self.started = False
        await self.stack.aclose()
        log.info("worker_stopped")

    async def end_duties(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.outbox.release()

    async def connect(self) -> None:
        settings = self.settings
        self.pool = await until_available("connect", lambda: open_pool(settings.database_url, 10))
        self.stack.push_async_callback(self.pool.close)
        engine = create_async_engine(
            settings.database_url.replace("postgresql://", "postgresql+asyncpg://", 1)
        )
        self.stack.push_async_callback(engine.dispose)
        self.producer = Producer(settings.kafka)
        await until_available("connect", self.producer.start)
        self.stack.push_async_callback(self.producer.stop)
        self.progress = Progress(await until_available("connect", lambda: cluster_of(settings.kafka)))
        self.store = PostgresStore(self.pool, self.clock)
        self.policies = PolicyBook(self.pool)
        self.boundaries = BoundaryBook(engine)
        await until_available("versions", self.load_versions)
        self.roster = RosterWatch(lambda: self.policies.current, self.clock)
        self.unserved = UnservedWatch(lambda: self.policies.current, lambda: self.boundaries.current)
        self.keys = KeyRing(settings.key_dir, self.clock)
        self.second = SecondOpinion(settings, self.clock)
        self.stack.push_async_callback(self.second.close)
        topic = full_name(EVENTS, settings.topic_prefix)
        self.outbox = Outbox(self.pool, self.producer, topic, self.clock)

    async def load_versions(self) -> None:
        """Both versions must be there before the first report can be triaged. Raises `Unavailable`.

        One that this program cannot decide by is said in the log, and the one before goes on.
        """
        try:
            await self.refresh()
        except Refused as unusable:
            log.error("stored version cannot be used", reason=str(unusable))
        policy_version.set(self.policies.current.version)
        boundary_version.set(self.boundaries.current.version)

    async def refresh(self) -> int:
        """Take up what was published since. Raises `Unavailable`, or `Refused` for a policy that cannot be used."""
        try:
            if await self.policies.refresh():
                policy_version.set(self.policies.current.version)
                log.info("policy_loaded", version=self.policies.current.version)
        finally:  # borders do not wait for it
            if await self.boundaries.refresh():
                boundary_version.set(self.boundaries.current.version)
                log.info("boundaries_loaded", version=self.boundaries.current.version)
        return 0

    def delivery(self, gate: Gate) -> Delivery[Event]:
        desk = TriageDesk(
            self.store,
            self.policies,
            self.boundaries,
            self.keys,
            self.producer,
            self.settings.topic_prefix,
            self.clock,
            self.committed.set,
            self.progress,
            self.second if self.second.is_on else None,
        )
        return Delivery(gate, desk.work, desk.set_aside, desk.pass_on)

    def duties(self) -> Sequence[Duty]:
        """All that the worker does beside its agents."""
        return (
            Duty("outbox", self.outbox.once, 0.05, OUTBOX_BATCH, self.committed),
            Duty("deadlines", self.sweep, 0.2, BATCH_SIZE),
            Duty("versions", self.refresh, 2.0),
            Duty("gauges", self.measure, 5.0),
            Duty("roster", self.roster.once, 60.0),
            Duty("unserved", self.unserved.once, 60.0),
            Duty("keys", self.destroy_keys, 3600.0),
        )

    async def sweep(self) -> int:
        done = await sweep(self.store.begin, self.store, self.policies.rules, self.clock)
        if done:
            self.committed.set()
        return done

    async def measure(self) -> int:
        await self.outbox.measure()
        with passing_errors():
            due = await self.pool.fetchval(
                "SELECT count(*) FROM deadlines WHERE due_at <= $1", self.clock.now()
            )
        deadlines_overdue.set(due)
        return 0

    async def destroy_keys(self) -> int:
        """Without its key, what the topic may still hold of people says nothing."""
        self.keys.destroy_older_than((self.clock.now() - REPORT_RETENTION).date())
        return 0

    async def start_web(self) -> None:
        runner = web.AppRunner(make_web(self.gates, self.troubles), access_log=None)
        await runner.setup()
        self.stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.settings.host, self.settings.worker_port).start()

    async def troubles(self) -> dict[str, str]:
        """What keeps the worker from its work, by part."""
        if not self.started:
            return {"start": "still waits for PostgreSQL, Kafka, a policy and boundaries"}
        found: dict[str, str] = {}
        try:
            with passing_errors():
                async with asyncio.timeout(2):
                    await self.pool.fetchval("SELECT 1")
        except Unavailable as outage:
            found["postgres"] = str(outage)
        if not self.app.consumer.assignment():
            found["kafka"] = "no partitions are assigned yet"
        if self.outbox.oldest > OUTBOX_LATE:
            found["outbox"] = f"the oldest event has waited for {self.outbox.oldest:.0f} s"
        dead = [task.get_name() for task in self.tasks if task.done()]
        if dead:
            found["duties"] = f"stopped: {', '.join(dead)}"
        return found
