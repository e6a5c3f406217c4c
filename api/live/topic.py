"""One Kafka topic read from stated offsets, by a consumer that belongs to no group and commits nothing."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from api.live.vector import Vector
from api.tasks import close_each, within

CONNECT_WITHIN = 8.0  # seconds
ANSWER_WITHIN = 3.0


class Topic:
    """Reads all partitions. Raises `KafkaError`, `TimeoutError` or `OSError` while Kafka is away."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self._partitions: list[TopicPartition] = sorted(consumer.assignment())

    async def begins(self) -> Vector:
        """The oldest offset that Kafka still has, for each partition."""
        return _by_number(await within(ANSWER_WITHIN, self._consumer.beginning_offsets(self._partitions)))

    async def ends(self) -> Vector:
        """The offset that the next message will get, for each partition."""
        return _by_number(await within(ANSWER_WITHIN, self._consumer.end_offsets(self._partitions)))

    def seek(self, vector: Vector) -> None:
        for partition in self._partitions:
            self._consumer.seek(partition, vector[partition.partition])

    async def read(self, wait_ms: int = 1000) -> list[ConsumerRecord]:
        """What has come; of one partition in order. Nothing when nothing came in `wait_ms`."""
        found = await self._consumer.getmany(timeout_ms=wait_ms, max_records=2000)
        return [record for records in found.values() for record in records]


@asynccontextmanager
async def open_topic(servers: str, name: str) -> AsyncIterator[Topic]:
    """Connect and disconnect again. Raises like `Topic`."""
    # "earliest": where the wanted offset is gone, the jump shows as a gap, which the hub looks out for.
    consumer = AIOKafkaConsumer(
        name,
        bootstrap_servers=servers,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        request_timeout_ms=10_000,
        retry_backoff_ms=100,
    )
    try:
        await within(CONNECT_WITHIN, consumer.start())
        yield Topic(consumer)
    finally:
        # Its `stop` may end early, by a cancellation of its own making, and leave the connections open.
        await close_each(ANSWER_WITHIN, consumer.stop, consumer._client.close)


def _by_number(offsets: dict[TopicPartition, int]) -> Vector:
    return {partition.partition: offset for partition, offset in offsets.items()}


def missing(vector: Vector, partitions: Iterable[int]) -> bool:
    """Whether the vector is of another set of partitions."""
    return set(vector) != set(partitions)
