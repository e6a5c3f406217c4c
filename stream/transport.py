"""Faust's Kafka consumer with three changes: Postgres says where to go on, no message is let fall, and no trouble
of the group leaves it deaf.

Faust's own loop races each message's callback against two stop events, each in a task of its own, and drops
what it has fetched whenever the flow is suspended or the group's generation changes, trusting that a rebalance
seeks back. When none follows (a broker that went away and came back in time, a worker that died as the last
report came), what was dropped stays dropped. So what was fetched, handed over and finished is compared all the time.
"""

import asyncio
from collections.abc import Mapping
from time import monotonic
from typing import Any, ClassVar
from weakref import WeakSet

from faust.transport.drivers import aiokafka
from faust.types import TP
from mode import Service

from gridward.logs import get_logger
from gridward.metrics import read_again
from stream.positions import Positions
from stream.progress import Progress

log = get_logger(__name__)

RETRY_AFTER = 0.5  # seconds
COMPARE_EVERY = 1.0
# The same offset missing after so many readings is missing in Kafka itself (a marker, a mirrored topic).
READINGS = 5


class Consumer(aiokafka.Consumer):
    """Hands over every offset of a partition once and in order, from where `seek_to_committed` has set it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected: dict[TP, int] = {}  # the offset to hand over next
        # What somebody still holds: weakly, so that what Faust lets fall is gone from here too.
        self.handed_over: WeakSet[Any] = WeakSet()
        self.seeks = 0  # how often it was set anew; what was fetched before belongs to the past
        self.compared_at = monotonic()
        # Offset that was not there, and how often it was read again for it, in each partition.
        self.gaps: dict[TP, tuple[int, int]] = {}

    @property
    def progress(self) -> Progress:
        progress: Progress = self.app.progress  # type: ignore[attr-defined]
        return progress

    @Service.task
    async def stay_in_the_group(self) -> None:
        """Kafka's client keeps an error of the group until somebody takes it, and does nothing more until then.
        Faust never does: one refused joining (a member with another protocol that has not timed out) would be the
        worker's last.
        """
        while not self.should_stop:
            await self.sleep(RETRY_AFTER)
            try:
                await self._thread.call_thread(self.take_error)
            except Exception as error:
                log.warning("group_trouble", reason=repr(error))

    async def take_error(self) -> None:
        """In the client's own thread. Raises what kept it from the group; it tries again because of that."""
        coordinator = self._thread._ensure_consumer()._coordinator
        if coordinator._coordination_task.done() and not coordinator._closing.done():
            coordinator._coordination_task = asyncio.create_task(coordinator._coordination_routine())
        coordinator.check_errors()

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not self.ends(fetcher):
                seeks = self.seeks
                records, _ = await self._wait_next_records(1.0)
                await asyncio.sleep(0)
                if records:
                    await self.hand_over(records, seeks, fetcher)
                if monotonic() - self.compared_at >= COMPARE_EVERY:
                    await self.compare(fetcher)
                    self.compared_at = monotonic()
        except self.consumer_stopped_errors:
            if not self.app.should_stop:
                raise
        except asyncio.CancelledError:
            if not self.app.should_stop:
                raise

    async def hand_over(self, records: Any, seeks: int, fetcher: Any) -> None:
        """All that was fetched, unless the partitions are set anew meanwhile: then it comes again."""
        callback = self.callback
        for tp, record in self.scheduler.iterate(records):
            if self.suspend_flow.is_set():
                await self.wait(self.can_resume_flow)  # type: ignore[arg-type]  # as Faust itself does
            if self.seeks != seeks or self.ends(fetcher):
                return
            message = self._to_message(tp, record)
            expected = self.expected.get(tp, message.offset)
            if message.offset > expected and not self.is_hole(tp, expected, message.offset):
                await self.read_again(tp, expected, fetcher)
                await asyncio.sleep(COMPARE_EVERY / 5)  # were it a hole, this would go round and round
                return
            if message.offset >= self.expected.get(tp, message.offset):
                if message.offset == expected:
                    self.gaps.pop(tp, None)
                # Noted before it is handed over: that may wait for room until after a rebalance, and must not
                # undo where the rebalance has set us.
                self.expected[tp] = message.offset + 1
                self._read_offset[tp] = message.offset
                self.handed_over.add(message)
                await callback(message)

    async def compare(self, fetcher: Any) -> None:
        """Between two fetches nothing is on its way: what Kafka's client has passed was handed over, and what
        was handed over is in somebody's hands or finished. What is neither is read again.
        """
        seeks = self.seeks
        held = {message.tp for message in self.handed_over if not message.acked}
        for tp in self.assignment():
            expected = self.expected.get(tp)
            if self.seeks != seeks or not self.flow_active or self.ends(fetcher):
                return
            if expected is None:
                continue
            fetched = await self.fetched(tp, expected)
            if self.seeks != seeks or not self.flow_active or self.ends(fetcher):
                return
            finished = self.progress.next.get(tp, expected)
            dropped_on_the_way = finished < expected and tp not in held
            # A hole at the log's end is no loss; it is passed when something comes behind it.
            if dropped_on_the_way or (fetched > expected and self.note_gap(tp, expected) <= READINGS):
                await self.read_again(tp, min(finished, expected), fetcher)
                return

    async def fetched(self, tp: TP, otherwise: int) -> int:
        """The offset that Kafka's client will fetch next; `otherwise` while it does not know."""
        try:
            async with asyncio.timeout(RETRY_AFTER):
                position = await self.position(tp)
        except Exception as error:
            log.debug("position_unknown", topic=tp.topic, partition=tp.partition, reason=repr(error))
            return otherwise
        return otherwise if position is None else position

    async def read_again(self, tp: TP, missing: int, fetcher: Any) -> None:
        """Every partition from where the database stands."""
        read_again.inc()
        while not self.ends(fetcher):
            try:
                log.warning("read_again", topic=tp.topic, partition=tp.partition, missing=missing)
                await self.seek_to_committed()
                return
            except Exception as error:
                log.warning("read_again_waits", topic=tp.topic, partition=tp.partition, reason=repr(error))
                await asyncio.sleep(RETRY_AFTER)

    def note_gap(self, tp: TP, offset: int) -> int:
        """How often this offset has now been found missing in what was fetched."""
        before, times = self.gaps.get(tp, (offset, 0))
        times = times + 1 if before == offset else 1
        self.gaps[tp] = (offset, times)
        return times

    def is_hole(self, tp: TP, expected: int, found: int) -> bool:
        """Whether Kafka itself has nothing between, since it gave the one without the other time and again:
        then it is passed, and said aloud.
        """
        if self.note_gap(tp, expected) <= READINGS:
            return False
        log.error("hole_in_kafka", topic=tp.topic, partition=tp.partition, begins=expected, ends=found)
        self.expected[tp] = found
        self.progress.skip(tp, expected, found)
        return True

    def ends(self, fetcher: Any) -> bool:
        return bool(self.should_stop or self._stopped.is_set() or fetcher._stopped.is_set())

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go on where the database stopped: what it has not seen is read again, be it that Kafka was told
        too early, be it that the database was restored from a backup, or is new.
        """
        self.seeks += 1
        offsets = dict(await super().seek_to_committed())
        partitions = self.assignment() | set(offsets)
        wanted = await self.wanted(partitions) if partitions else {}
        for tp, offset in wanted.items():
            if offset != offsets.get(tp):
                await self.seek_wait({tp: offset})
                offsets[tp] = offset
        self.expected = dict(offsets)
        for tp, offset in offsets.items():
            self.progress.begin(tp, offset)
        self.seeks += 1
        return offsets

    async def wanted(self, partitions: set[TP]) -> dict[TP, int]:
        """Where to go on in each partition, within what Kafka has."""
        positions: Positions = self.app.positions  # type: ignore[attr-defined]
        known = await positions.read(partitions)
        earliest = await self.earliest_offsets(*partitions)
        latest = await self.highwaters(*partitions)
        wanted: dict[TP, int] = {}
        for tp in partitions:
            offset = max(known.get(tp, 0), earliest.get(tp, 0))  # what retention has deleted is gone
            if offset > latest.get(tp, offset):
                # A log that is shorter than what was read of it is another one: a topic that was made anew.
                log.error("position_beyond_the_log", topic=tp.topic, partition=tp.partition, position=offset)
                offset = earliest.get(tp, 0)
                await positions.reset(tp, offset)
            wanted[tp] = offset
        return wanted


class Transport(aiokafka.Transport):
    Consumer: ClassVar[Any] = Consumer
