"""Faust's Kafka consumer with two changes: Postgres says where to go on, and no message is let fall.

Faust's own loop races each message's callback against two stop events, each in a task of its own, and drops
what it has fetched whenever the flow is suspended or the group's generation changes, trusting that a rebalance
seeks back. When none follows (a broker that went away and came back in time), what was dropped stays dropped.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from faust.transport.drivers import aiokafka
from faust.types import TP

from gridward.logs import get_logger
from stream.progress import Progress

log = get_logger(__name__)

# The next offset of each partition as the database has it; nothing for one of which it has seen nothing.
Positions = Callable[[set[TP]], Awaitable[Mapping[TP, int]]]

RETRY_AFTER = 0.5  # seconds


class Consumer(aiokafka.Consumer):
    """Hands over every offset of a partition once and in order, from where `seek_to_committed` has set it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected: dict[TP, int] = {}  # the offset to hand over next
        self.seeks = 0  # how often it was set anew; what was fetched before belongs to the past

    async def _drain_messages(self, fetcher: Any) -> None:
        try:
            while not self.ends(fetcher):
                seeks = self.seeks
                records, _ = await self._wait_next_records(1.0)
                await asyncio.sleep(0)
                if records:
                    await self.hand_over(records, seeks, fetcher)
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
            if message.offset > expected:
                await self.go_back(tp, expected, fetcher)
                return
            if message.offset == expected:
                # Noted before it is handed over: that may wait for room until after a rebalance, and must not
                # undo where the rebalance has set us.
                self.expected[tp] = expected + 1
                self._read_offset[tp] = message.offset
                await callback(message)

    async def go_back(self, tp: TP, offset: int, fetcher: Any) -> None:
        """Read again from `offset`, or from what retention has left of it. Every partition is read again from
        where it stopped, since what was fetched with the gap is let go.
        """
        while not self.ends(fetcher):
            try:
                earliest = await self.earliest_offsets(tp)
                self.expected[tp] = max(offset, earliest[tp])
                log.warning(
                    "gap", topic=tp.topic, partition=tp.partition, expected=offset, again=self.expected[tp]
                )
                ours = self.assignment()
                await self.seek_wait({one: at for one, at in self.expected.items() if one in ours})
                self.seeks += 1
                return
            except Exception as error:
                log.warning("gap_waits", topic=tp.topic, partition=tp.partition, reason=repr(error))
                await asyncio.sleep(RETRY_AFTER)

    def ends(self, fetcher: Any) -> bool:
        return bool(self.should_stop or self._stopped.is_set() or fetcher._stopped.is_set())

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Go on where the database stopped: what it has not seen is read again, be it that Kafka was told
        too early, be it that the database was restored from a backup, or is new.
        """
        self.seeks += 1
        offsets = dict(await super().seek_to_committed())
        partitions = self.assignment() | set(offsets)
        positions: Positions = self.app.positions  # type: ignore[attr-defined]
        progress: Progress = self.app.progress  # type: ignore[attr-defined]
        known = await positions(partitions)
        earliest = await self.earliest_offsets(*partitions) if partitions else {}
        for tp in partitions:
            offset = max(known.get(tp, 0), earliest.get(tp, 0))  # what retention has deleted is gone
            if offset != offsets.get(tp):
                await self.seek_wait({tp: offset})
                offsets[tp] = offset
        self.expected = dict(offsets)
        for tp, offset in offsets.items():
            progress.begin(tp, offset)
        self.seeks += 1
        return offsets


class Transport(aiokafka.Transport):
    Consumer: ClassVar[Any] = Consumer
