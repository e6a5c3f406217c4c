"""A producer that has failed for good is replaced, and reports are taken again."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    NotEnoughReplicasError,
    OutOfOrderSequenceNumber,
    RequestTimedOutError,
)

from api.publisher import Publisher, is_for_good
from gridward.bus import REPORTS, full_name
from gridward.domain.errors import Unavailable
from gridward.settings import Settings
from tests.api.system import read_topic

pytestmark = pytest.mark.kafka


@pytest.fixture
def topic(settings: Settings) -> str:
    return full_name(REPORTS, settings.topic_prefix)


@pytest_asyncio.fixture
async def publisher(settings: Settings) -> AsyncIterator[Publisher]:
    publisher = Publisher(settings.kafka)
    publisher.start()
    await ready(publisher)
    yield publisher
    await publisher.stop()


async def ready(publisher: Publisher) -> AIOKafkaProducer:
    async with asyncio.timeout(20):
        while not publisher.is_ready:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert publisher._producer is not None
    return publisher._producer


def lose_count(producer: AIOKafkaProducer) -> None:
    """As when a batch was given up half-way: the broker waits for a number that will never come."""
    numbers = producer._txn_manager._sequence_numbers
    for partition in list(numbers):
        numbers[partition] += 7


def end_sending(producer: AIOKafkaProducer) -> None:
    producer._sender.sender_task.cancel()


@pytest.mark.parametrize("breaks", [lose_count, end_sending])
async def test_one_that_failed_for_good_is_replaced(
    publisher: Publisher, settings: Settings, topic: str, breaks: Callable[[AIOKafkaProducer], None]
) -> None:
    await publisher.publish(topic, b"one", b"1")
    former = await ready(publisher)
    breaks(former)
    with pytest.raises(Unavailable):
        await publisher.publish(topic, b"one", b"2")
    assert publisher._producer is not former
    await ready(publisher)
    await publisher.publish(topic, b"one", b"3")
    assert [record.value for record in await read_topic(settings, REPORTS)][-1] == b"3"
    async with asyncio.timeout(10):
        while not former._sender.sender_task.done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_it_is_not_ready_meanwhile(publisher: Publisher) -> None:
    publisher._give_up(await ready(publisher), "tested")
    assert not publisher.is_ready
    with pytest.raises(Unavailable):
        await publisher.publish("any", b"one", b"1")
    await ready(publisher)


async def test_a_late_failure_of_a_former_one_does_not_end_its_successor(publisher: Publisher) -> None:
    former = await ready(publisher)
    publisher._give_up(former, "tested")
    successor = await ready(publisher)
    publisher._give_up(former, "tested")
    assert publisher._producer is successor


@pytest.mark.parametrize("error", [OutOfOrderSequenceNumber(), KafkaError("unexpected")])
def test_what_the_broker_refuses_is_for_good(error: Exception) -> None:
    assert is_for_good(error)


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        KafkaTimeoutError(),
        RequestTimedOutError(),
        KafkaConnectionError(),
        NotEnoughReplicasError(),
    ],
)
def test_what_is_late_or_cut_off_is_not(error: Exception) -> None:
    assert not is_for_good(error)
