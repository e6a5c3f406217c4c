"""The worker's way of writing to Kafka: everything of a call confirmed, or `Unavailable` and all of it again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from gridward.bus import LARGEST
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger

log = get_logger(__name__)

# Without one success for so long it is made anew: the client never recovers from a sequence number that the
# broker has stopped to take, nor from the end of its own sending task. What was sent may then be sent again.
ANEW_AFTER = 20.0  # seconds
# Beyond it nothing more is to be heard: a sending task that has ended confirms nothing and refuses nothing.
CONFIRMED_WITHIN = 45.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for a topic."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]] = ()


class Producer:
    """One idempotent producer at a time."""

    def __init__(
        self, servers: str, anew_after: float = ANEW_AFTER, confirmed_within: float = CONFIRMED_WITHIN
    ) -> None:
        self.servers = servers
        self.confirmed_within = confirmed_within
        self.anew_after = anew_after
        self.failing_since: float | None = None
        self._producer: AIOKafkaProducer | None = None
        self._starting = asyncio.Lock()
        self._stopping: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Raises `Unavailable`."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.servers,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_request_size=LARGEST,
        )
        try:
            await producer.start()
        except Exception as error:
            await producer.stop()
            raise Unavailable(f"Kafka: {error!r}") from error
        self._producer = producer

    async def stop(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def deliver(self, topic: str, messages: Sequence[Outgoing]) -> None:
        """Every message confirmed by Kafka. Raises `Unavailable`; then some of them may have arrived."""
        producer = await self._ready()
        try:
            async with asyncio.timeout(self.confirmed_within):
                confirmations = [
                    await producer.send(topic, one.value, key=one.key, headers=list(one.headers))
                    for one in messages
                ]
                await asyncio.gather(*confirmations)
        except (KafkaError, TimeoutError) as error:
            await self._failed(error)
            raise Unavailable(f"Kafka: {error!r}") from error
        self.failing_since = None

    async def _ready(self) -> AIOKafkaProducer:
        """One for all who ask at once."""
        async with self._starting:
            if self._producer is None:
                await self.start()
            assert self._producer is not None
            return self._producer

    async def _failed(self, error: Exception) -> None:
        now = asyncio.get_running_loop().time()
        self.failing_since = self.failing_since or now
        if now - self.failing_since >= self.anew_after:
            log.error("producer_made_anew", reason=type(error).__name__)
            self.failing_since = None
            stopping = asyncio.create_task(self.stop())
            self._stopping.add(stopping)
            stopping.add_done_callback(self._stopped)
            # It may wait for what will never be confirmed.
            await asyncio.wait([stopping], timeout=2)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        self._stopping.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("producer_stopped_badly", reason=type(error).__name__)
