"""Sees every message to its end: done, or set aside with the reason. Never dropped, never in a hurry.

Faust commits a message even when its agent raised, so nothing may escape from here but cancellation.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from typing import Generic, TypeVar

from gridward.domain.errors import Refused, Unavailable
from gridward.faults import describe, frames
from gridward.logs import get_logger
from gridward.metrics import agent_paused, retries, unexpected_errors

log = get_logger(__name__)

Message = TypeVar("Message")
Result = TypeVar("Result")
Sleep = Callable[[float], Awaitable[None]]
# Handles messages in one transaction; says for each why it was refused, or None. Raises `Unavailable`.
Work = Callable[[Sequence[Message]], Awaitable[Sequence[Refused | None]]]
SetAside = Callable[[Message, str], Awaitable[None]]
# Records that everything up to these messages has reached its end. Raises `Unavailable`.
Pass = Callable[[Sequence[Message]], Awaitable[None]]

ERRORS_IN_A_ROW = 10


def pauses() -> Iterator[float]:
    """Seconds to wait between tries: doubling from 50 ms to 5 s, then 5 s for ever."""
    pause = 0.05
    while True:
        yield pause
        pause = min(pause * 2, 5.0)


async def until_available(
    name: str, act: Callable[[], Awaitable[Result]], sleep: Sleep = asyncio.sleep
) -> Result:
    """Try `act` until what it depends on is there. Order within the partition is kept by waiting in place."""
    for pause in pauses():
        try:
            return await act()
        except Unavailable as outage:
            retries.labels(name).inc()
            log.warning("waiting", agent=name, reason=str(outage), seconds=pause)
            await sleep(pause)
    raise AssertionError("the series of pauses does not end")


class Gate:
    """Shuts after ten unexpected errors in a row, so that a bug cannot empty a topic into the dead letters."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors_in_a_row = 0
        self.reason = ""
        self._open = asyncio.Event()
        self._open.set()
        agent_paused.labels(name).set(0)

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    def succeeded(self) -> None:
        self.errors_in_a_row = 0

    async def failed(self, error: Exception) -> bool:
        """Count an error nobody foresaw; True when the gate was shut and a person has opened it again."""
        unexpected_errors.labels(self.name).inc()
        self.errors_in_a_row += 1
        if self.errors_in_a_row < ERRORS_IN_A_ROW:
            return False
        self.reason = describe(error)
        self._open.clear()
        agent_paused.labels(self.name).set(1)
        log.error("paused", agent=self.name, reason=self.reason, errors_in_a_row=self.errors_in_a_row)
        await self._open.wait()
        return True

    def resume(self) -> None:
        """A person has looked; try again from where it stopped."""
        self.errors_in_a_row = 0
        self.reason = ""
        agent_paused.labels(self.name).set(0)
        self._open.set()


class Delivery(Generic[Message]):
    """One agent's way of bringing messages to their end."""

    def __init__(
        self,
        gate: Gate,
        work: Work[Message],
        set_aside: SetAside[Message],
        pass_on: Pass[Message],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.gate = gate
        self.work = work
        self.set_aside = set_aside
        self.pass_on = pass_on
        self.sleep = sleep

    async def deliver(self, messages: Sequence[Message]) -> None:
        """All in one transaction; when that fails for an unforeseen reason, one by one, in order."""
        try:
            await self.deliver_together(messages)
        except Exception as error:
            log.warning("one_by_one", agent=self.gate.name, error=describe(error), messages=len(messages))
            for message in messages:
                await self.deliver_alone(message)

    async def deliver_together(self, messages: Sequence[Message]) -> None:
        reasons = await self.until_available(lambda: self.work(messages))
        self.gate.succeeded()
        refused = [(message, str(why)) for message, why in zip(messages, reasons, strict=True) if why]
        if refused:
            await self.finish_refused(messages, refused)

    async def deliver_alone(self, message: Message) -> None:
        """Nothing but its end leads out of here: what cannot be set aside either is one more unforeseen error."""
        reason = ""
        while True:
            try:
                if reason:
                    await self.finish_refused([message], [(message, reason)])
                else:
                    await self.deliver_together([message])
                return
            except Exception as error:
                log.error("unexpected", agent=self.gate.name, error=describe(error), frames=frames(error))
                a_person_says_try_again = await self.gate.failed(error)
                reason = "" if a_person_says_try_again else describe(error)

    async def finish_refused(
        self, messages: Sequence[Message], refused: Sequence[tuple[Message, str]]
    ) -> None:
        """Set aside first, then pass: a position that is recorded is never read again."""
        for message, reason in refused:
            await self.until_available(partial(self.set_aside, message, reason))
        await self.until_available(lambda: self.pass_on(messages))

    async def until_available(self, act: Callable[[], Awaitable[Result]]) -> Result:
        return await until_available(self.gate.name, act, self.sleep)
