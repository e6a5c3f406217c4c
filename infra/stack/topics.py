"""The topics on a broker compared with `gridward.bus.TOPICS`: created when missing, shown with their lag."""

import contextlib
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError

from gridward.bus import REPORTS, TOPICS, URGENT, WORKER_GROUP, Topic, full_name

# What the worker's group reads; of the others it keeps no position that a lag could be told from.
READ_BY_WORKER = (REPORTS, URGENT)

_NOT_YET = (CoordinatorLoadInProgressError, CoordinatorNotAvailableError, NotCoordinatorError)


@dataclass(frozen=True, slots=True)
class TopicState:
    """One topic as the broker has it. `retention_ms` -1 keeps for ever; `lag` None: not read by the worker."""

    name: str
    meaning: str
    partitions: int
    retention_ms: int
    messages: int
    lag: int | None


class TopicAdmin:
    """A connection for looking after topics; close it, or use it in a `with` block."""

    def __init__(self, bootstrap: str, prefix: str, timeout_s: float = 20.0) -> None:
        self._prefix = prefix
        self._client: Any = KafkaAdminClient(
            bootstrap_servers=bootstrap.split(","), bootstrap_timeout_ms=int(timeout_s * 1000)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._client.close()

    def missing(self) -> list[Topic]:
        present = set(self._client.list_topics())
        return [topic for topic in TOPICS if full_name(topic.name, self._prefix) not in present]

    def create_missing(self) -> list[str]:
        """Create what is not there and wait until every partition has a leader. Gives back the new names."""
        wanted = {
            # Replication is the broker's own default: one on the embedded broker, a cluster's own choice there.
            full_name(topic.name, self._prefix): {
                "num_partitions": topic.partitions,
                "configs": topic.config(),
            }
            for topic in self.missing()
        }
        if wanted:
            self._client.create_topics(wanted, wait_for_metadata=True)
        return sorted(wanted)

    def delete_all(self) -> None:
        """Delete every topic of this prefix (tests clean up behind them)."""
        present = set(self._client.list_topics())
        names = [full_name(topic.name, self._prefix) for topic in TOPICS]
        self._client.delete_topics([name for name in names if name in present])

    def states(self) -> list[TopicState]:
        """Every topic of `TOPICS` that the broker has."""
        absent = self.missing()
        return [self._state(topic) for topic in TOPICS if topic not in absent]

    def _state(self, topic: Topic) -> TopicState:
        name = full_name(topic.name, self._prefix)
        described = self._client.describe_topics([name])[0]
        places = [TopicPartition(name, part["partition_index"]) for part in described["partitions"]]
        first = self._offsets(places, OffsetSpec.EARLIEST)
        last = self._offsets(places, OffsetSpec.LATEST)
        read = topic.name in READ_BY_WORKER
        return TopicState(
            name=name,
            meaning=topic.meaning_zh,
            partitions=len(places),
            retention_ms=self._retention_ms(name),
            messages=sum(last.values()) - sum(first.values()),
            lag=self._lag(places, first, last) if read else None,
        )

    def _offsets(self, places: list[TopicPartition], spec: Any) -> dict[TopicPartition, int]:
        found = self._client.list_partition_offsets(dict.fromkeys(places, spec))
        return {place: int(found[place].offset) for place in places}

    def _lag(
        self, places: list[TopicPartition], first: dict[TopicPartition, int], last: dict[TopicPartition, int]
    ) -> int:
        """Messages that the worker's group has not acknowledged; where it never did, all that are there."""
        done = self._acknowledged(places)
        reached = {place: done[place].offset if place in done else -1 for place in places}
        return sum(last[place] - max(first[place], reached[place]) for place in places)

    def _acknowledged(self, places: list[TopicPartition]) -> Any:
        """The worker's positions. A new broker first makes the topic that it keeps them in, and says: later."""
        group = full_name(WORKER_GROUP, self._prefix)
        for _ in range(100):
            with contextlib.suppress(*_NOT_YET):
                return self._client.list_group_offsets({group: places})[group]
            time.sleep(0.1)
        return self._client.list_group_offsets({group: places})[group]

    def _retention_ms(self, name: str) -> int:
        resource = ConfigResource(ConfigResourceType.TOPIC, name, {"retention.ms": None})
        found = self._client.describe_configs([resource], config_filter="all")
        configs: dict[str, dict[str, Any]] = next(iter(found.values()))[name]
        return int(configs["retention.ms"]["value"])
