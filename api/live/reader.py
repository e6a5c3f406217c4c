"""One browser on the live stream: greeted, brought up to date, and kept so until it or we leave."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from typing import Any

import orjson
from aiokafka import ConsumerRecord

from api.live.hub import KAFKA_AWAY, Hub
from api.live.ring import LiveEvent, Ring
from api.live.topic import missing, open_topic
from api.live.vector import Vector, parse_vector, show_vector
from gridward.logs import get_logger
from gridward.metrics import live_catch_ups, live_sent

HEARTBEAT = 15.0  # seconds
CHUNK = 200  # events that go out in one write
BLOCK = 2000  # events, or few more, that are read from Kafka in one turn
SAY_EVERY = 1.0  # seconds between words to a reader who waits for a turn
WAITING = b": waiting\n\n"

Greeting = Callable[[], dict[str, Any]]

log = get_logger(__name__)


class Lost(Exception):
    """Kafka no longer has what a reader has yet to see."""


class Reader:
    """Follows one hub. `vector` is where this reader stands: after an event was sent, behind that event."""

    def __init__(self, hub: Hub, greeting: Greeting, last_id: str | None) -> None:
        self.hub = hub
        self.greeting = greeting
        self.last_id = last_id
        self.vector: Vector = parse_vector(last_id) or {} if last_id else {}
        self.next = 0
        self.generation = 0
        self.shown_live: bool | None = None

    async def stream(self) -> AsyncGenerator[bytes]:
        """Everything from `last_id` on, as server-sent events, until the reader is too slow or the server ends."""
        yield b"retry: 1000\n\n"
        async for chunk in self._wait_for_hub():
            yield chunk
        if self.hub.closing:
            return
        async with aclosing(self._arrive()) as arriving:
            async for chunk in arriving:
                yield chunk
        async for chunk in self._follow():
            yield chunk

    async def _wait_for_hub(self) -> AsyncGenerator[bytes]:
        """While Kafka has never been reached there is nothing to begin from, and the reader is told so."""
        while self.hub.ring is None and not self.hub.closing:
            yield self._state() or WAITING
            if self.hub.ring is None:
                await self.hub.changed(HEARTBEAT)

    async def _arrive(self) -> AsyncGenerator[bytes]:
        """Greet, and bring this reader to where the ring takes over."""
        ring = self._ring()
        if self.last_id and (missing(self.vector, ring.positions) or await self._is_ahead_of_kafka(ring)):
            for chunk in self._reset():
                yield chunk
            return
        if not self.vector:
            self._join_now()
        yield self._hello()
        if not self._ring().holds_from(self.vector):
            async with aclosing(self._catch_up()) as catching_up:
                async for chunk in catching_up:
                    yield chunk
            return
        if self.last_id:
            live_catch_ups.labels("ring").inc()
            self._join_ring()

    async def _is_ahead_of_kafka(self, ring: Ring) -> bool:
        """A position that Kafka has not reached is of another stream; one that only the hub has not is fine."""
        if all(offset <= ring.positions[p] for p, offset in self.vector.items()):
            return False
        while not self.hub.closing:
            try:
                async with open_topic(self.hub.servers, self.hub.topic) as topic:
                    ends = await topic.ends()
                    return any(offset > ends[p] for p, offset in self.vector.items())
            except KAFKA_AWAY:
                await self.hub.changed(HEARTBEAT)
        return False

    async def _catch_up(self) -> AsyncGenerator[bytes]:
        """Read from Kafka what the ring no longer has. Ends where the ring takes over, or after a reset."""
        live_catch_ups.labels("kafka").inc()
        while not self._ring().holds_from(self.vector):
            try:
                async with aclosing(self._next_block()) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except Lost:
                for chunk in self._reset():
                    yield chunk
                return
            except KAFKA_AWAY:
                yield self._state() or WAITING
                await self.hub.changed(1.0)
            if self.hub.closing:
                return
        # No await since the ring was asked: nothing can have left it in between.
        self._join_ring()

    async def _next_block(self) -> AsyncGenerator[bytes]:
        """Wait for a turn at Kafka, saying so; what it gave goes out when the turn is over. Raises `Lost`."""
        reading = asyncio.create_task(self._read_block())
        reading.add_done_callback(
            lambda done: done.cancelled() or done.exception()
        )  # the reader may have left
        try:
            while not (await asyncio.wait([reading], timeout=SAY_EVERY))[0]:
                if self.hub.closing:
                    return
                yield WAITING
            records = reading.result()
        finally:
            # Told once only, so that it closes its connections in peace.
            reading.cancel()
            await asyncio.wait([reading])
        for start in range(0, len(records), CHUNK):
            dressed = await self.hub.dress(records[start : start + CHUNK])
            yield self._events(event for event, _ in dressed)

    async def _read_block(self) -> list[ConsumerRecord]:
        """What comes after `vector`, up to where the ring takes over. Raises `Lost`, or what `Topic` raises.

        Nothing is sent meanwhile: a reader that does not read must not keep the others from their turn.
        """
        records: list[ConsumerRecord] = []
        reached = dict(self.vector)
        async with self.hub.catching_up, open_topic(self.hub.servers, self.hub.topic) as topic:
            begins = await topic.begins()
            if any(offset < begins[p] for p, offset in reached.items()):
                raise Lost
            topic.seek(reached)
            while len(records) < BLOCK and not self._ring().holds_from(reached):
                found = await topic.read()
                if not found:
                    break
                if has_gap(reached, found):
                    raise Lost
                records += found
                reached |= {record.partition: record.offset + 1 for record in found}
        return records

    async def _follow(self) -> AsyncGenerator[bytes]:
        while not self.hub.closing:
            if state := self._state():
                yield state
            if self.generation != self.hub.generation:
                for chunk in self._reset():
                    yield chunk
            ring = self._ring()
            if self.next < ring.first:
                log.info("live reader is too slow", behind=ring.first - self.next)
                return
            if self.next < ring.next:
                until = min(ring.next, self.next + CHUNK)
                chunk = self._events(ring.get(number) for number in range(self.next, until))
                self.next = until
                yield chunk
            elif not await self.hub.changed(HEARTBEAT):
                yield b": heartbeat\n\n"

    def _ring(self) -> Ring:
        assert self.hub.ring is not None  # a hub that has begun keeps a ring for good
        return self.hub.ring

    def _join_now(self) -> None:
        ring = self._ring()
        self.vector = dict(ring.positions)
        self.next = ring.next
        self.generation = self.hub.generation

    def _join_ring(self) -> None:
        """From the ring's oldest event on; what this reader has passed is skipped by its offset."""
        self.next = self._ring().first
        self.generation = self.hub.generation

    def _reset(self) -> Iterator[bytes]:
        """What was missed cannot be known: load everything again, and go on from the present."""
        live_catch_ups.labels("reset").inc()
        self._join_now()
        yield self._hello()
        yield _frame("reset", b"{}", show_vector(self.vector))

    def _events(self, events: Iterable[LiveEvent]) -> bytes:
        frames: list[bytes] = []
        for event in events:
            if event.offset < self.vector[event.partition]:
                continue
            self.vector[event.partition] = event.offset + 1
            if event.data is not None:
                frames.append(_frame("incident", event.data, show_vector(self.vector)))
        live_sent.inc(len(frames))
        return b"".join(frames)

    def _hello(self) -> bytes:
        position = show_vector(self.vector)
        body = {**self.greeting(), "position": position, "state": self._state_name()}
        return _frame("hello", orjson.dumps(body), position)

    def _state(self) -> bytes | None:
        """Told when it changes: stale means that nothing new can come until Kafka is back."""
        if self.shown_live is self.hub.is_live:
            return None
        first, self.shown_live = self.shown_live is None, self.hub.is_live
        if first and self.hub.is_live:
            return None
        return _frame("state", orjson.dumps({"state": self._state_name()}), None)

    def _state_name(self) -> str:
        return "live" if self.hub.is_live else "stale"


def has_gap(vector: Vector, records: Sequence[ConsumerRecord]) -> bool:
    """Whether Kafka went past something that a reader who stands at `vector` has yet to see."""
    firsts: dict[int, int] = {}
    for record in records:
        firsts.setdefault(record.partition, record.offset)
    return any(offset > vector[partition] for partition, offset in firsts.items())


def _frame(event: str, data: bytes, id: str | None) -> bytes:
    position = f"id: {id}\n".encode() if id is not None else b""
    return b"%sevent: %s\ndata: %s\n\n" % (position, event.encode(), data)
