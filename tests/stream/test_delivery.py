"""Every message is seen to its end: done, set aside with a reason, or waited for."""

import asyncio
from collections.abc import Sequence

import pytest

from gridward.domain.errors import Refused, Unavailable
from stream.delivery import ERRORS_IN_A_ROW, Delivery, Gate, pauses


class Place:
    """What an agent's parts would do to the world, with troubles of our choosing."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.aside: list[tuple[str, str]] = []
        self.passed: list[list[str]] = []
        self.said: list[str] = []  # every act in its order
        self.slept: list[float] = []
        self.outages: dict[str, int] = {"work": 0, "set_aside": 0, "pass": 0}
        self.poison: set[str] = set()
        self.refused: set[str] = set()
        self.gate = Gate("test")
        self.delivery = Delivery(self.gate, self.work, self.set_aside, self.pass_on, self.sleep)

    def outage(self, part: str) -> None:
        if self.outages[part]:
            self.outages[part] -= 1
            raise Unavailable(part)

    async def work(self, messages: Sequence[str]) -> list[Refused | None]:
        self.outage("work")
        if bad := self.poison.intersection(messages):
            raise RuntimeError(f"never foreseen: {sorted(bad)}")
        self.done += [m for m in messages if m not in self.refused]
        self.said.append("work")
        return [Refused(f"not {m}") if m in self.refused else None for m in messages]

    async def set_aside(self, message: str, reason: str) -> None:
        self.outage("set_aside")
        self.aside.append((message, reason))
        self.said.append("set_aside")

    async def pass_on(self, messages: Sequence[str]) -> None:
        self.outage("pass")
        self.passed.append(list(messages))
        self.said.append("pass")

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def place() -> Place:
    return Place()


async def test_a_good_batch_is_one_transaction(place: Place) -> None:
    await place.delivery.deliver(["a", "b"])
    assert place.said == ["work"]
    assert place.done == ["a", "b"]


async def test_an_outage_is_waited_out(place: Place) -> None:
    place.outages["work"] = 12
    await place.delivery.deliver(["a", "b"])
    assert place.done == ["a", "b"]
    assert place.aside == []
    assert place.slept == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0, 5.0, 5.0, 5.0]


def test_pauses_double_up_to_five_seconds() -> None:
    waits = pauses()
    assert [next(waits) for _ in range(9)] == [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


async def test_what_is_refused_is_set_aside_before_it_is_passed(place: Place) -> None:
    place.refused = {"b"}
    await place.delivery.deliver(["a", "b", "c"])
    assert place.done == ["a", "c"]
    assert place.aside == [("b", "not b")]
    assert place.passed == [["a", "b", "c"]]
    assert place.said == ["work", "set_aside", "pass"]


async def test_one_poison_among_many_does_not_stop_its_neighbours(place: Place) -> None:
    place.poison = {"m7"}
    messages = [f"m{n}" for n in range(20)]
    await place.delivery.deliver(messages)
    assert place.done == [m for m in messages if m != "m7"]
    assert [message for message, _ in place.aside] == ["m7"]
    assert place.aside[0][1].startswith("RuntimeError at tests/stream/test_delivery.py")
    assert "m7" not in place.aside[0][1]  # an error's own words may quote a report
    assert place.passed == [["m7"]]
    assert place.gate.is_open
    assert place.gate.errors_in_a_row == 0


async def test_setting_aside_is_retried_until_it_succeeds(place: Place) -> None:
    place.refused = {"a"}
    place.outages |= {"set_aside": 3, "pass": 2}
    await place.delivery.deliver(["a"])
    assert place.aside == [("a", "not a")]
    assert place.passed == [["a"]]
    assert len(place.slept) == 5


async def test_ten_unexpected_errors_in_a_row_shut_the_gate(place: Place) -> None:
    messages = [f"m{n}" for n in range(15)]
    place.poison = set(messages)
    delivering = asyncio.create_task(place.delivery.deliver(messages))
    await settled()
    assert not place.gate.is_open
    assert "RuntimeError" in place.gate.reason
    assert len(place.aside) == ERRORS_IN_A_ROW - 1  # the tenth waits, and is not lost to the dead letters
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


async def test_what_cannot_even_be_set_aside_leaves_no_exception_behind(place: Place) -> None:
    """Faust would commit the message, and it would be lost."""
    place.poison = {"a"}

    async def full(message: str, reason: str) -> None:
        raise OSError("never foreseen either")

    place.delivery.set_aside, kept = full, place.delivery.set_aside
    delivering = asyncio.create_task(place.delivery.deliver(["a"]))
    await settled()
    assert not place.gate.is_open
    assert not delivering.done()
    place.delivery.set_aside = kept
    place.poison = set()
    place.gate.resume()
    await delivering
    assert (place.done, place.aside) == (["a"], [])


async def test_resume_tries_the_same_message_again(place: Place) -> None:
    messages = [f"m{n}" for n in range(12)]
    place.poison = set(messages)
    delivering = asyncio.create_task(place.delivery.deliver(messages))
    await settled()
    place.poison = set()  # a person has mended it
    place.gate.resume()
    await delivering
    assert place.done == messages[ERRORS_IN_A_ROW - 1 :]
    assert place.gate.is_open


async def test_a_gate_resumed_too_early_shuts_after_ten_more(place: Place) -> None:
    messages = [f"m{n}" for n in range(30)]
    place.poison = set(messages)
    delivering = asyncio.create_task(place.delivery.deliver(messages))
    await settled()
    place.gate.resume()
    await settled()
    assert not place.gate.is_open
    assert len(place.aside) == 2 * (ERRORS_IN_A_ROW - 1)
    delivering.cancel()
    await asyncio.gather(delivering, return_exceptions=True)


async def test_an_outage_between_errors_neither_counts_nor_forgives(place: Place) -> None:
    place.poison = {"a", "b"}
    place.outages["work"] = 1
    await place.delivery.deliver(["a", "b"])
    assert place.gate.errors_in_a_row == 2


async def test_a_success_forgives_what_went_before(place: Place) -> None:
    messages = [f"m{n}" for n in range(40)]
    place.poison = {m for n, m in enumerate(messages) if n % 10}  # nine bad ones, then a good one
    await place.delivery.deliver(messages)
    assert place.gate.is_open
    assert place.done == messages[::10]


async def test_a_cancelled_delivery_sets_nothing_aside(place: Place) -> None:
    never = asyncio.Event()

    async def work(messages: Sequence[str]) -> list[Refused | None]:
        await never.wait()
        return [None for _ in messages]

    place.delivery.work = work
    delivering = asyncio.create_task(place.delivery.deliver(["a"]))
    await settled()
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert place.said == []


async def settled() -> None:
    for _ in range(500):
        await asyncio.sleep(0)
