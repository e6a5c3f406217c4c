"""Takes whatever is waiting in an agent's channel as one batch, and acknowledges it after its commit only.

Faust's own `take` acknowledges in a `finally`, also when the batch was not handled; its `noack_take` races
three futures for each message. Both are too much or too little for a batch that must not be lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import faust

Event = faust.EventT[Any]


class Batches:
    """What one agent has taken and not yet finished outlives the agent's task: Faust may start it anew."""

    def __init__(self, most: int, within: float) -> None:
        self.most = most
        self.within = within
        self.unfinished: list[Event] = []
        self.ended = False

    async def each(
        self, stream: faust.StreamT[Any], finish: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        """Hand over batch after batch, in order, until the stream ends; a batch whose `finish` was cancelled
        comes again first.
        """
        queue: Any = getattr(stream.channel, "queue")  # noqa: B009, Faust's types hide it
        self.ended = False
        while self.unfinished or (not self.ended and await self.take(queue)):
            await finish(self.unfinished)
            for event in self.unfinished:
                event.ack()
            self.unfinished = []

    async def take(self, queue: Any) -> bool:
        """Wait for the next batch; False when Faust has ended the stream, which it says by an exception."""
        try:
            self.unfinished = [await queue.get()]
        except StopAsyncIteration:
            return False
        self.drain(queue)
        if len(self.unfinished) < self.most and self.within:
            # A moment for more to arrive: a transaction for fifty costs little more than for one.
            await asyncio.sleep(self.within)
            self.drain(queue)
        return True

    def drain(self, queue: Any) -> None:
        try:
            while len(self.unfinished) < self.most and not queue.empty():
                self.unfinished.append(queue.get_nowait())
        except StopAsyncIteration:
            self.ended = True  # what was taken before is still finished
