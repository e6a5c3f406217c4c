"""Where a worker goes on in each partition: as the database has it, for this Kafka cluster and no other."""

from collections.abc import Mapping
from typing import Any, Protocol

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from faust.types import TP

from gridward.clock import Clock
from gridward.domain.errors import Unavailable
from gridward.logs import get_logger
from gridward.metrics import positions_reset
from gridward.store.connect import passing_errors
from stream.delivery import until_available

log = get_logger(__name__)


class Positions(Protocol):
    async def read(self, partitions: set[TP]) -> Mapping[TP, int]:
        """The next offset of each; nothing for a partition of which the database has seen nothing."""
        ...

    async def reset(self, tp: TP, offset: int) -> None:
        """What was known of this partition is of a log that no longer exists: begin again at `offset`."""
        ...


class StoredPositions:
    """The table `positions`. An offset of another cluster says nothing about this one: a broker whose disk was
    replaced, or another broker, begins to count anew. What is read again because of it changes nothing.
    """

    def __init__(self, pool: asyncpg.Pool, cluster: str, clock: Clock) -> None:
        self.pool = pool
        self.cluster = cluster
        self.clock = clock

    async def read(self, partitions: set[TP]) -> Mapping[TP, int]:
        return await until_available("positions", lambda: self._read(partitions))

    async def _read(self, partitions: set[TP]) -> Mapping[TP, int]:
        with passing_errors():
            rows = await self.pool.fetch("SELECT topic, partition, next_offset, log FROM positions")
        known: dict[TP, int] = {}
        for row in rows:
            tp = TP(row["topic"], row["partition"])
            if tp in partitions and self.is_ours(row["log"]):
                known[tp] = row["next_offset"]
            elif tp in partitions:
                log.error("position_of_another_kafka", topic=tp.topic, partition=tp.partition, log=row["log"])
                await self._reset(tp, 0)
        return known

    def is_ours(self, cluster: str) -> bool:
        return not cluster or not self.cluster or cluster == self.cluster

    async def reset(self, tp: TP, offset: int) -> None:
        await until_available("positions", lambda: self._reset(tp, offset))

    async def _reset(self, tp: TP, offset: int) -> None:
        positions_reset.inc()
        with passing_errors():
            await self.pool.execute(
                "UPDATE positions SET next_offset = $3, updated_at = $4, log = $5"
                " WHERE topic = $1 AND partition = $2",
                tp.topic,
                tp.partition,
                offset,
                self.clock.now(),
                self.cluster,
            )


async def cluster_of(servers: str) -> str:
    """The id that Kafka gave itself when its disk was new; empty when it does not tell. Raises `Unavailable`."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=servers)
    try:
        await admin.start()
        return str((await admin.describe_cluster()).get("cluster_id") or "")
    except Exception as error:
        raise Unavailable(f"Kafka: {error!r}") from error
    finally:
        await admin.close()
