"""The worker's periodic duties, each a `once` function that says how much it did."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from gridward.domain.errors import Unavailable
from gridward.faults import describe, frames
from gridward.logs import get_logger
from gridward.metrics import retries, unexpected_errors
from stream.delivery import pauses

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Duty:
    """`once` is called again at once when it did a full step (`full`), else after `every` seconds or a nudge."""

    name: str
    once: Callable[[], Awaitable[int]]
    every: float
    full: int = 1
    nudge: asyncio.Event | None = None


async def keep(duty: Duty) -> None:
    """Do the duty for ever. An outage is waited out; an unforeseen error is counted and the duty goes on."""
    waits = pauses()
    while True:
        try:
            done = await duty.once()
            waits = pauses()
            if done < duty.full:
                await rest(duty)
        except Unavailable as outage:
            retries.labels(duty.name).inc()
            pause = next(waits)
            log.warning("waiting", duty=duty.name, reason=str(outage), seconds=pause)
            await asyncio.sleep(pause)
        except Exception as error:
            unexpected_errors.labels(duty.name).inc()
            log.error("unexpected", duty=duty.name, error=describe(error), frames=frames(error))
            await asyncio.sleep(next(waits))


async def rest(duty: Duty) -> None:
    if duty.nudge is None:
        await asyncio.sleep(duty.every)
        return
    try:
        async with asyncio.timeout(duty.every):
            await duty.nudge.wait()
    except TimeoutError:
        return
    duty.nudge.clear()
