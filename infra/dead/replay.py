"""Puts dead letters back where they came from: the original bytes under the original key, then a marker.

The marker comes after the broker has confirmed the copy. A crash between the two leaves the letter open; replaying
it again is harmless, since a report's id is handled once.
"""

from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from kafka import KafkaProducer

from gridward.bus import DEAD, REPORTS, URGENT, full_name
from gridward.clock import Clock
from gridward.domain.errors import Refused
from infra.dead.letters import REPLAYED, Letter
from infra.kafka_log import kafka_errors, require_answer

PATIENCE_S = 30


class Replayer:
    """Sends letters again; use it in a `with` block."""

    def __init__(self, bootstrap: str, prefix: str, clock: Clock) -> None:
        self.dead = full_name(DEAD, prefix)
        self.intake = {full_name(REPORTS, prefix), full_name(URGENT, prefix)}
        self.clock = clock
        require_answer(bootstrap)
        with kafka_errors():
            self._producer: Any = KafkaProducer(
                bootstrap_servers=bootstrap.split(","),
                acks="all",
                enable_idempotence=True,
                bootstrap_timeout_ms=PATIENCE_S * 500,
                max_block_ms=PATIENCE_S * 500,
                delivery_timeout_ms=PATIENCE_S * 1000,
                request_timeout_ms=PATIENCE_S * 500,
                linger_ms=5,
                metrics_enabled=False,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._producer.close(timeout=PATIENCE_S)

    def replay(self, letters: Sequence[Letter]) -> None:
        """Send every letter, wait for each, then mark each. Raises `Unavailable`, or `Refused` for a letter
        that names no topic of ours, and then sends none.
        """
        for letter in letters:
            if letter.topic not in self.intake:
                raise Refused(f"{letter.key}: {letter.topic} is not a topic that reports come in by")
        self._send_all(
            [
                (letter.topic, letter.value, letter.original_key, [("replay_of", letter.key.encode())])
                for letter in letters
            ]
        )
        now = self.clock.now().isoformat().encode()
        self._send_all([(self.dead, b"", letter.key.encode(), [(REPLAYED, now)]) for letter in letters])

    def _send_all(self, messages: Sequence[tuple[str, bytes, bytes | None, list[tuple[str, bytes]]]]) -> None:
        with kafka_errors():
            sent = [
                self._producer.send(topic, value=value, key=key, headers=headers)
                for topic, value, key, headers in messages
            ]
            for confirmation in sent:
                confirmation.get(timeout=PATIENCE_S)
