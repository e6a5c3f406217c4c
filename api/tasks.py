"""Background tasks and waits that hold, although libraries now and then swallow a cancellation meant for us."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from aiokafka.errors import KafkaError

T = TypeVar("T")


async def end(task: asyncio.Task[Any] | None) -> None:
    """Cancel until it has ended."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """What `work` returns or raises. `TimeoutError` after so long, whether or not it lets itself be stopped;
    `ConnectionError` when something inside it cancelled it.
    """
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if task.cancelled():  # not by us; passed on, it would end whoever waits here
        raise ConnectionError("it was given up by what it waited for")
    if done:
        return task.result()
    # Nobody waits for it any more; what it may still raise is of no interest.
    task.add_done_callback(lambda late: late.cancelled() or late.exception())
    task.cancel()
    raise TimeoutError(f"no answer within {seconds:g} s")


async def close_each(seconds: float, *closings: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """One after the other, each for so long: one that fails or is given up does not keep the others from theirs."""
    for close in closings:
        with suppress(KafkaError, OSError):
            await within(seconds, close())
