"""Puts reports on Kafka: answered only when Kafka has them, or `Unavailable` within two seconds."""

import asyncio
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from api.tasks import end, within
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger

ANSWER_WITHIN = 1.8  # seconds
RETRY_START = 1.0
# Reports that wait for Kafka at once. Beyond it Kafka is not keeping up, and waiting longer helps nobody.
MAX_WAITING = 5000

log = get_logger(__name__)


class Publisher:
    """One idempotent producer, started in the background so that the API is up whether Kafka is or not."""

    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.waiting = 0
        self._producer: AIOKafkaProducer | None = None
        self._starting: asyncio.Task[None] | None = None

    @property
    def is_ready(self) -> bool:
        return self._producer is not None

    def start(self) -> None:
        self._starting = asyncio.create_task(self._keep_starting())

    async def stop(self) -> None:
        await end(self._starting)
        if self._producer:
            # What Kafka has not confirmed was not promised to anyone: it need not be waited for.
            with suppress(KafkaError, OSError):
                await within(2, self._producer.stop())

    async def publish(self, topic: str, key: bytes, value: bytes) -> None:
        """Returns once every in-sync replica has it. Raises `Unavailable`; then it may arrive all the same."""
        if self._producer is None:
            raise Unavailable("Kafka: no connection yet")
        if self.waiting >= MAX_WAITING:
            raise Unavailable("Kafka: too many reports wait for it")
        self.waiting += 1
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                confirmed = await self._producer.send(topic, value, key)
                await asyncio.shield(_quiet(confirmed))
        except (TimeoutError, KafkaError) as error:
            raise Unavailable(f"Kafka: {error or 'no confirmation in time'}") from error
        finally:
            self.waiting -= 1

    async def _keep_starting(self) -> None:
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
                self._producer = producer
                log.info("reports can be taken")
                return


def _quiet(confirmed: asyncio.Future[object]) -> asyncio.Future[object]:
    """A confirmation that nobody waits for any more may fail without a word in the log."""
    confirmed.add_done_callback(lambda future: future.cancelled() or future.exception())
    return confirmed
