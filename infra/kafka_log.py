"""Whole stretches of Kafka topics, read from one offset to another (kafka-python, no consumer group joined)."""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from gridward.domain.errors import Unavailable

Place = tuple[str, int]  # a topic's full name and one of its partitions
Offsets = Mapping[Place, int]

SILENCE_MS = 15_000  # a broker that is there answers sooner


@dataclass(frozen=True, slots=True)
class Record:
    """One message as it lies there."""

    topic: str
    partition: int
    offset: int
    at: datetime
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes]]

    @property
    def place(self) -> Place:
        return (self.topic, self.partition)

    def header(self, name: str) -> str | None:
        """The last header of that name, as text."""
        values = [value for key, value in self.headers if key == name]
        return values[-1].decode("utf-8", "replace") if values else None


class KafkaLog:
    """A reader of topics; use it in a `with` block. `group` is the one whose acknowledged offsets are asked for."""

    def __init__(self, bootstrap: str, group: str | None = None) -> None:
        require_answer(bootstrap)
        with kafka_errors():
            self._consumer: Any = KafkaConsumer(
                bootstrap_servers=bootstrap.split(","),
                group_id=group,
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                bootstrap_timeout_ms=SILENCE_MS,
                request_timeout_ms=SILENCE_MS,
                fetch_max_wait_ms=50,
                max_poll_records=5000,
                metrics_enabled=False,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close(autocommit=False)

    def cluster(self) -> str:
        """The id that this Kafka gave itself when its disk was new, if it tells. Raises `Unavailable`."""
        with kafka_errors():
            self._consumer.topics()
        # A consumer has it from every answer, but no public word for it.
        return str(self._consumer._cluster.cluster_id or "")

    def places(self, topics: Iterable[str]) -> list[Place]:
        """Every partition of these topics; none for a topic that does not exist. Raises `Unavailable`."""
        with kafka_errors():
            known = self._consumer.topics()
            return [
                (topic, partition)
                for topic in topics
                if topic in known
                for partition in sorted(self._consumer.partitions_for_topic(topic) or ())
            ]

    def begins(self, places: Iterable[Place]) -> dict[Place, int]:
        """The oldest offset that is still there. Raises `Unavailable`."""
        with kafka_errors():
            return plain(self._consumer.beginning_offsets(partitions(places)))

    def ends(self, places: Iterable[Place]) -> dict[Place, int]:
        """The offset that the next message will get. Raises `Unavailable`."""
        with kafka_errors():
            return plain(self._consumer.end_offsets(partitions(places)))

    def acknowledged(self, places: Iterable[Place]) -> dict[Place, int]:
        """What the group has acknowledged; nothing for a partition that it never did. Raises `Unavailable`."""
        with kafka_errors():
            found = {place: self._consumer.committed(TopicPartition(*place)) for place in places}
        return {place: offset for place, offset in found.items() if offset is not None}

    def read(self, start: Offsets, end: Offsets) -> Iterator[Record]:
        """Every message from `start` up to, not including, `end`; in order within a partition.

        What retention deletes meanwhile is passed over. Raises `Unavailable`.
        """
        left = {TopicPartition(*place): to for place, to in end.items() if start.get(place, 0) < to}
        with kafka_errors():
            self._consumer.assign(list(left))
            for place in left:
                self._consumer.seek(place, start.get((place.topic, place.partition), 0))
        while left:
            yield from self._next(left)
            with kafka_errors():
                done = [place for place, to in left.items() if self._consumer.position(place) >= to]
            if done:
                self._consumer.pause(*done)
            left = {place: to for place, to in left.items() if place not in done}

    def _next(self, left: Mapping[Any, int]) -> Iterator[Record]:
        with kafka_errors():
            polled = self._consumer.poll(timeout_ms=SILENCE_MS)
        if not polled:
            raise Unavailable("Kafka: the broker has fallen silent")
        for place, records in polled.items():
            for r in records:
                if r.offset < left.get(place, 0):
                    at = datetime.fromtimestamp(r.timestamp / 1000, UTC)
                    yield Record(r.topic, r.partition, r.offset, at, r.key, r.value, tuple(r.headers))


def require_answer(bootstrap: str) -> None:
    """Raises `Unavailable` when none of the servers takes a connection: sooner, and with less noise, than the
    library would say it.
    """
    for server in bootstrap.split(","):
        host, _, port = server.strip().rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
            return
        except OSError:
            continue
    raise Unavailable(f"Kafka: nobody answers at {bootstrap}")


def partitions(places: Iterable[Place]) -> list[Any]:
    return [TopicPartition(*place) for place in places]


def plain(offsets: Mapping[Any, int]) -> dict[Place, int]:
    return {(place.topic, place.partition): offset for place, offset in offsets.items()}


@contextmanager
def kafka_errors() -> Iterator[None]:
    """Turn every error of the broker or the way to it into `Unavailable`."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise Unavailable(f"Kafka: {error!r}") from error
