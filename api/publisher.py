"""Puts reports on Kafka: answered only when Kafka has them, or `Unavailable` within two seconds."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError

from api.tasks import close_each, end
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger

ANSWER_WITHIN = 1.8  # seconds
RETRY_START = 1.0
STOP_WITHIN = 2.0
# Reports that wait for Kafka at once. Beyond it Kafka is not keeping up, and waiting longer helps nobody.
MAX_WAITING = 5000

log = get_logger(__name__)


class Publisher:
    """One idempotent producer, made in the background so that the API is up whether Kafka is or not.

    Most failures a producer outlives by itself. One that the broker refuses for good, such as for a number out
    of sequence, would refuse every report from then on: it is put away, and another one is made.
    """

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.waiting = 0
        self._producer: AIOKafkaProducer | None = None
        self._failed = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._leaving: set[asyncio.Task[None]] = set()

    @property
    def is_ready(self) -> bool:
        return self._producer is not None

    def start(self) -> None:
        self._keeping = asyncio.create_task(self._keep_one())

    async def stop(self) -> None:
        await end(self._keeping)
        if self._producer:
            self._put_away(self._producer)
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def publish(self, topic: str, key: bytes, value: bytes) -> None:
        """Returns once every in-sync replica has it. Raises `Unavailable`; then it may arrive all the same."""
        producer = self._producer
        if producer is None:
            raise Unavailable("Kafka: no connection yet")
        if self.waiting >= MAX_WAITING:
            raise Unavailable("Kafka: too many reports wait for it")
        self.waiting += 1
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                confirmed = await producer.send(topic, value, key)
                await asyncio.shield(_quiet(confirmed))
        except (TimeoutError, KafkaError) as error:
            if is_for_good(error):
                self._give_up(producer, repr(error))
            raise Unavailable(f"Kafka: {str(error) or 'no confirmation in time'}") from error
        finally:
            self.waiting -= 1

    def _give_up(self, producer: AIOKafkaProducer, reason: str) -> None:
        if producer is self._producer:  # a late failure of a former one says nothing about this one
            log.warning("the producer has failed for good, another one is made", reason=reason)
            self._producer = None
            self._failed.set()

    async def _keep_one(self) -> None:
        while True:
            producer = await self._make()
            self._failed.clear()
            self._producer = producer
            log.info("reports can be taken")
            await self._until_it_fails(producer)
            self._put_away(producer)

    async def _until_it_fails(self, producer: AIOKafkaProducer) -> None:
        """Told by a report that it could not send, or seen from the end of the task that does its sending."""
        failed = asyncio.create_task(self._failed.wait())
        try:
            await asyncio.wait([failed, producer._sender.sender_task], return_when=asyncio.FIRST_COMPLETED)
        finally:
            failed.cancel()
        self._give_up(producer, "it does not send any more")

    def _put_away(self, producer: AIOKafkaProducer) -> None:
        leaving = asyncio.create_task(_close(producer))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _make(self) -> AIOKafkaProducer:
        while True:
            producer = AIOKafkaProducer(
                bootstrap_servers=self.servers,
                acks="all",
                enable_idempotence=True,
                request_timeout_ms=10_000,
                retry_backoff_ms=100,
            )
            try:
                await producer.start()
            except (KafkaError, OSError) as error:
                log.debug("kafka is away", reason=str(error))
                await producer.stop()
                await asyncio.sleep(RETRY_START)
            except asyncio.CancelledError:
                await producer.stop()
                raise
            else:
                return producer


def is_for_good(error: Exception) -> bool:
    """Whether the producer is of no more use. What is late or cut off may still arrive, and the next one, too."""
    return isinstance(error, KafkaError) and not (error.retriable or isinstance(error, KafkaTimeoutError))


async def _close(producer: AIOKafkaProducer) -> None:
    """What Kafka has not confirmed was not promised to anyone: it is not waited for long."""
    # Its `stop` waits for that and, when given up, leaves behind what the other two end.
    await close_each(STOP_WITHIN, producer.stop, producer._sender.close, producer.client.close)


def _quiet(confirmed: asyncio.Future[object]) -> asyncio.Future[object]:
    """A confirmation that nobody waits for any more may fail without a word in the log."""
    confirmed.add_done_callback(lambda future: future.cancelled() or future.exception())
    return confirmed
