"""Takes whatever is waiting in an agent's channel as one batch, and acknowledges it after its commit only.

Faust's own `take` acknowledges in a `finally`, also when the batch was not handled; its `noack_take` races
three futures for each message. Both are too much or too little for a batch that must not be lost.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import faust

Event = faust.EventT[Any]


class Batches:
    """What one agent has taken and not yet finished outlives the agent's task: Faust may start it anew."""

    def __init__(self, most: int, within: float) -> None:
        self.most = most
        self.within = within
        self.unfinished: list[Event] = []

    async def each(
        self, stream: faust.StreamT[Any], finish: Callable[[Sequence[Event]], Awaitable[None]]
    ) -> None:
        """Hand over batch after batch in order; a batch whose `finish` was cancelled comes again first."""
        async for batch in self.take(stream):
            await finish(batch)
            for event in batch:
                event.ack()
            self.unfinished = []

    async def take(self, stream: faust.StreamT[Any]) -> AsyncIterator[list[Event]]:
        queue: Any = getattr(stream.channel, "queue")  # noqa: B009, Faust's types hide it
        while True:
            if not self.unfinished:
                self.unfinished = [await queue.get()]
                self.drain(queue)
                if len(self.unfinished) < self.most and self.within:
                    # A moment for more to arrive: a transaction for fifty costs little more than for one.
                    await asyncio.sleep(self.within)
                    self.drain(queue)
            yield list(self.unfinished)

    def drain(self, queue: Any) -> None:
        while len(self.unfinished) < self.most and not queue.empty():
            self.unfinished.append(queue.get_nowait())
