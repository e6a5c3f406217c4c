"""One hub for each API process: follows `incident.events`, dresses each event once, wakes all readers."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import orjson
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError

from api.live.ring import SIZE, LiveEvent, Ring
from api.live.topic import Topic, missing, open_topic
from api.live.vector import Vector
from api.names import Names
from api.tasks import end
from api.views import View, event_view
from api.withheld import reading_of
from gridward.logs import get_logger
from gridward.store.held import Reading

RETRY = 1.0  # seconds
PROBE_EVERY = 5.0
CATCHING_UP = 4  # readers who may read from Kafka at once

KAFKA_AWAY = (KafkaError, OSError, TimeoutError)
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError)

Withhold = Callable[[Sequence[Reading]], Awaitable[Sequence[Collection[str]]]]

log = get_logger(__name__)


class Hub:
    """Begins at the present. While Kafka is away it keeps its place, and goes on from there."""

    def __init__(
        self, servers: str, topic: str, names: Callable[[], Names], withhold: Withhold, size: int = SIZE
    ) -> None:
        """`withhold` says for each event which of the incidents that it names its handlers may not know of."""
        self.servers = servers
        self.topic = topic
        self.names = names
        self.withhold = withhold
        self.size = size
        self.ring: Ring | None = None
        self.is_live = False
        self._said: bool | None = None  # of the line to Kafka, in the log
        self.lag = 0  # events that Kafka has and the ring not yet, when last asked
        self.closing = False
        self.catching_up = asyncio.Semaphore(CATCHING_UP)
        # Counts the times that the stream was broken: who began under another number must start over.
        self.generation = 0
        self._changed = asyncio.Event()
        self._waiting: dict[str, list[asyncio.Future[View]]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        self.close()
        await end(self._task)

    def close(self) -> None:
        """Let every reader go, so that the server can end."""
        self.closing = True
        self._wake()

    async def changed(self, within: float) -> bool:
        """Wait until something came or the state changed; False when nothing did `within` so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._changed.wait()
                return True
        return False

    def expect(self, report_id: str) -> "Expected":
        """Wait for what becomes of a report: to be begun before it is published."""
        return Expected(self._waiting, report_id)

    async def dress(self, records: Sequence[ConsumerRecord]) -> list[tuple[LiveEvent, View | None]]:
        """Events as readers get them. One that cannot be read is passed over, and said so in the log."""
        read = [_read(record) for record in records]
        hidden = iter(await self.withhold([one.reading for one in read if one]))
        return [
            self._dressed(record, one.event, next(hidden)) if one else (_nothing(record), None)
            for record, one in zip(records, read, strict=True)
        ]

    def _dressed(
        self, record: ConsumerRecord, event: Any, hidden: Collection[str]
    ) -> tuple[LiveEvent, View | None]:
        try:
            view = event_view(event, self.names(), hidden)
        except UNREADABLE as error:
            _say_unreadable(record, error)
            return _nothing(record), None
        return LiveEvent(record.partition, record.offset, orjson.dumps(view)), view

    async def _run(self) -> None:
        while True:
            try:
                async with open_topic(self.servers, self.topic) as topic:
                    try:
                        await self._follow(topic)
                    finally:
                        # Before the consumer is closed, which takes its time when nobody answers.
                        self._be(False)
            except KAFKA_AWAY as error:
                self._be(False)
                log.debug("live stream waits for kafka", reason=str(error) or type(error).__name__)
            except Exception:
                log.exception("live stream failed, begins again")
            await asyncio.sleep(RETRY)

    async def _follow(self, topic: Topic) -> None:
        ends = await topic.ends()
        if self.ring is None or missing(self.ring.positions, ends):
            self._begin(ends)
        assert self.ring is not None
        topic.seek(self.ring.positions)
        self.lag = self._behind(ends)
        self._be(True)
        loop = asyncio.get_running_loop()
        heard = loop.time()
        while True:
            records = await topic.read()
            if records:
                await self._take(records)
            elif loop.time() - heard >= PROBE_EVERY:
                # Silence: nothing to say, or nobody there.
                self.lag = self._behind(await topic.ends())
            else:
                continue
            heard = loop.time()

    def _begin(self, ends: Vector) -> None:
        self.ring = Ring(ends, self.size)
        self.generation += 1

    def _behind(self, ends: Vector) -> int:
        assert self.ring is not None
        return sum(max(0, ends[p] - offset) for p, offset in self.ring.positions.items())

    async def _take(self, records: Sequence[ConsumerRecord]) -> None:
        for record, (event, view) in zip(records, await self.dress(records), strict=True):
            assert self.ring is not None
            expected = self.ring.positions.get(record.partition)
            if record.offset != expected:
                # Kafka lost or deleted what we had yet to read: nobody may believe to have seen everything.
                log.error("gap in events", partition=record.partition, expected=expected, found=record.offset)
                self._begin({**self.ring.positions, record.partition: record.offset})
            self.ring.add(event)
            if view:
                self._answer(view)
        self.lag = 0
        self._wake()

    def _answer(self, view: View) -> None:
        for waiting in self._waiting.pop(view["report_id"] or "", ()):
            if not waiting.done():
                waiting.set_result(view)

    def _be(self, is_live: bool) -> None:
        self._say(is_live)
        if self.is_live is not is_live:
            self.is_live = is_live
            self._wake()

    def _say(self, is_live: bool) -> None:
        """Once for each change, the first try included."""
        if self._said is not is_live:
            self._said = is_live
            if is_live:
                log.info("live stream follows kafka")
            else:
                log.warning("live stream has lost kafka")

    def _wake(self) -> None:
        sleeping, self._changed = self._changed, asyncio.Event()
        sleeping.set()


@dataclass(frozen=True, slots=True)
class Read:
    """A message of the topic, and who reads in it of which other incidents."""

    event: Any
    reading: Reading


def _read(record: ConsumerRecord) -> Read | None:
    try:
        event = orjson.loads(record.value or b"")
        return Read(event, reading_of(event["incident"], event["entries"]))
    except UNREADABLE as error:
        _say_unreadable(record, error)
        return None


def _say_unreadable(record: ConsumerRecord, error: Exception) -> None:
    log.error("unreadable event", partition=record.partition, offset=record.offset, reason=repr(error))


def _nothing(record: ConsumerRecord) -> LiveEvent:
    return LiveEvent(record.partition, record.offset, None)


class Expected:
    """The first event about one report, for one who waits for it."""

    def __init__(self, waiting: dict[str, list[asyncio.Future[Any]]], report_id: str) -> None:
        self._waiting = waiting
        self._report_id = report_id
        self._future: asyncio.Future[View] = asyncio.get_running_loop().create_future()

    def __enter__(self) -> "Expected":
        self._waiting.setdefault(self._report_id, []).append(self._future)
        return self

    def __exit__(self, *_: object) -> None:
        others = [f for f in self._waiting.pop(self._report_id, []) if f is not self._future]
        if others:
            self._waiting[self._report_id] = others

    async def within(self, seconds: float) -> View | None:
        """The event, or None when it did not come in time."""
        done, _ = await asyncio.wait([self._future], timeout=seconds)
        return self._future.result() if done else None
