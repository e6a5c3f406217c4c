"""A producer that has failed for good is replaced by one that works."""

import pytest

from gridward.bus import EVENTS
from gridward.domain.errors import Unavailable
from infra.kafka_log import KafkaLog
from stream.producer import Outgoing, Producer

pytestmark = pytest.mark.kafka

ONE = [Outgoing(b"key", b"value")]


def arrived(kafka: str, topic: str) -> int:
    with KafkaLog(kafka) as log:
        places = log.places([topic])
        return len(list(log.read(log.begins(places), log.ends(places))))


async def test_one_whose_sending_has_ended_is_made_anew(kafka_server: str, topic_prefix: str) -> None:
    topic = topic_prefix + EVENTS
    producer = Producer(kafka_server, anew_after=0.0, confirmed_within=1.0)
    await producer.deliver(topic, ONE)
    assert producer._producer is not None
    producer._producer._sender._sender_task.cancel()  # as after an error that nobody foresaw in it
    with pytest.raises(Unavailable):
        await producer.deliver(topic, ONE)
    await producer.deliver(topic, ONE)
    assert arrived(kafka_server, topic) == 2
    await producer.stop()


async def test_one_failure_is_no_reason_to_make_it_anew(kafka_server: str, topic_prefix: str) -> None:
    producer = Producer(kafka_server)
    await producer.start()
    before = producer._producer
    with pytest.raises(Unavailable):
        await producer.deliver(topic_prefix + EVENTS, [Outgoing(b"key", b"x" * (5 << 20))])
    assert producer._producer is before
    await producer.stop()
