"""Batches are taken in order, acknowledged after they are finished and never before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import faust
import pytest
from mode.utils.queues import FlowControlEvent, ThrowableQueue

from stream.batches import Batches, Event


class Message:
    """A Faust event as far as batches see it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.acked = False

    def ack(self) -> None:
        self.acked = True


@dataclass
class Channel:
    queue: "ThrowableQueue[Message]"


@dataclass
class Stream:
    channel: Channel


def stream_of(*messages: Message) -> tuple[faust.StreamT[Any], "ThrowableQueue[Message]"]:
    flow = FlowControlEvent()
    flow.resume()
    queue: ThrowableQueue[Message] = ThrowableQueue(maxsize=100, flow_control=flow, clear_on_resume=True)
    for message in messages:
        queue.put_nowait(message)
    return cast("faust.StreamT[Any]", Stream(Channel(queue))), queue


def some(count: int) -> list[Message]:
    return [Message(f"m{n}") for n in range(count)]


class Finish:
    """Notes what it is given; holds on to the first batch when told to."""

    def __init__(self, hold: bool = False) -> None:
        self.given: list[list[str]] = []
        self.acked_before: list[bool] = []
        self.held = asyncio.Event()
        self.hold = hold

    async def __call__(self, batch: Sequence[Event]) -> None:
        messages = cast("Sequence[Message]", batch)
        self.given.append([m.name for m in messages])
        self.acked_before.append(any(m.acked for m in messages))
        if self.hold:
            await self.held.wait()


async def settled() -> None:
    await asyncio.sleep(0.05)


async def test_what_waits_is_one_batch_up_to_the_size() -> None:
    messages = some(7)
    stream, _ = stream_of(*messages)
    finish = Finish()
    running = asyncio.create_task(Batches(3, 0).each(stream, finish))
    await settled()
    assert finish.given == [["m0", "m1", "m2"], ["m3", "m4", "m5"], ["m6"]]
    assert all(m.acked for m in messages)
    running.cancel()


async def test_nothing_is_acknowledged_before_it_is_finished() -> None:
    messages = some(2)
    stream, _ = stream_of(*messages)
    finish = Finish(hold=True)
    running = asyncio.create_task(Batches(5, 0).each(stream, finish))
    await settled()
    assert not any(m.acked for m in messages)
    finish.held.set()
    await settled()
    assert all(m.acked for m in messages)
    assert finish.acked_before == [False]
    running.cancel()


async def test_a_batch_that_was_cancelled_comes_again_first() -> None:
    stream, queue = stream_of(*some(2))
    batches = Batches(5, 0)
    finish = Finish(hold=True)
    running = asyncio.create_task(batches.each(stream, finish))
    await settled()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    queue.put_nowait(Message("later"))
    finish.hold = False
    again = asyncio.create_task(batches.each(stream, finish))  # as Faust starts an agent anew
    await settled()
    assert finish.given == [["m0", "m1"], ["m0", "m1"], ["later"]]
    again.cancel()


async def test_a_batch_that_failed_is_not_acknowledged() -> None:
    messages = some(1)
    stream, _ = stream_of(*messages)

    async def fail(_: Sequence[Event]) -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await Batches(5, 0).each(stream, fail)
    assert not messages[0].acked


async def test_it_waits_a_moment_for_more() -> None:
    stream, queue = stream_of(Message("first"))
    finish = Finish()
    running = asyncio.create_task(Batches(5, 0.1).each(stream, finish))
    await asyncio.sleep(0.02)
    queue.put_nowait(Message("second"))
    await asyncio.sleep(0.2)
    assert finish.given == [["first", "second"]]
    running.cancel()


async def test_what_was_taken_when_the_stream_ends_is_still_finished() -> None:
    messages = some(2)
    stream, queue = stream_of(*messages)
    finish = Finish()
    batches = Batches(5, 0.05)
    running = asyncio.create_task(batches.each(stream, finish))
    await asyncio.sleep(0.02)
    await queue.throw(StopAsyncIteration())
    await asyncio.wait_for(running, 2)
    assert finish.given == [["m0", "m1"]]
    assert all(m.acked for m in messages)
