"""Duties go on for ever: they rest, wait out outages, and survive errors that nobody foresaw."""

import asyncio
from collections.abc import Callable

from gridward.domain.errors import Unavailable
from gridward.metrics import unexpected_errors
from stream.duties import Duty, keep


class Work:
    """Does what its list says, then nothing."""

    def __init__(self, *results: int | Exception) -> None:
        self.results = list(results)
        self.calls = 0

    async def __call__(self) -> int:
        self.calls += 1
        result = self.results.pop(0) if self.results else 0
        if isinstance(result, Exception):
            raise result
        return result


async def calls_within(duty: Callable[[Work], Duty], work: Work, seconds: float) -> int:
    keeping = asyncio.create_task(keep(duty(work)))
    await asyncio.sleep(seconds)
    assert not keeping.done()
    keeping.cancel()
    return work.calls


async def test_it_rests_between_calls() -> None:
    assert 2 <= await calls_within(lambda w: Duty("d", w, 0.05), Work(), 0.22) <= 6


async def test_a_full_step_is_followed_by_the_next_at_once() -> None:
    work = Work(500, 500, 500, 3)
    assert await calls_within(lambda w: Duty("d", w, 60, full=500), work, 0.1) == 4


async def test_a_nudge_ends_the_rest() -> None:
    nudge = asyncio.Event()
    work = Work()
    keeping = asyncio.create_task(keep(Duty("d", work, 60, nudge=nudge)))
    await asyncio.sleep(0.05)
    assert work.calls == 1
    nudge.set()
    await asyncio.sleep(0.05)
    assert work.calls == 2
    assert not nudge.is_set()
    keeping.cancel()


async def test_an_outage_is_waited_out() -> None:
    assert await calls_within(lambda w: Duty("d", w, 60), Work(Unavailable("x"), Unavailable("x")), 0.4) == 3


async def test_an_unforeseen_error_is_counted_and_the_duty_goes_on() -> None:
    before = unexpected_errors.labels("clumsy")._value.get()
    assert await calls_within(lambda w: Duty("clumsy", w, 60), Work(RuntimeError("a bug")), 0.3) == 2
    assert unexpected_errors.labels("clumsy")._value.get() == before + 1
