"""A wait holds to its time and to its kind of failure, whatever the library inside it does with cancellations."""

import asyncio

import pytest

from api.tasks import within


async def answer(after: float) -> str:
    await asyncio.sleep(after)
    return "answer"


async def cancels_itself() -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(1)


async def swallows(swallowed: asyncio.Event, ends: asyncio.Event) -> None:
    while not ends.is_set():
        try:
            await ends.wait()
        except asyncio.CancelledError:
            swallowed.set()


async def test_what_comes_in_time_is_returned() -> None:
    assert await within(1, answer(0.01)) == "answer"


async def test_what_comes_too_late_is_a_timeout() -> None:
    with pytest.raises(TimeoutError):
        await within(0.01, answer(60))


async def test_it_is_a_timeout_too_where_the_work_does_not_let_itself_be_stopped() -> None:
    swallowed, ends = asyncio.Event(), asyncio.Event()
    with pytest.raises(TimeoutError):
        await within(0.01, swallows(swallowed, ends))
    await asyncio.wait_for(swallowed.wait(), 1)
    ends.set()


async def test_a_cancellation_from_inside_does_not_end_who_waits() -> None:
    with pytest.raises(ConnectionError):
        await within(1, cancels_itself())


async def test_one_from_outside_ends_both() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    waiting = asyncio.create_task(within(60, work()))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(ended.wait(), 1)
