"""How far this worker has got in each partition, without a hole behind it.

A position that is committed is never read again. Faust may hand over a message from before a rebalance together
with those from after it; counting only what follows without a gap keeps such a stray from skipping others.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from faust.types import TP

from gridward.domain.commands import Position


class Placed(Protocol):
    """As much of a message as its place."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


class Progress:
    """The next offset of each partition that is read here. `log` is the Kafka cluster that it is read from."""

    def __init__(self, log: str = "") -> None:
        self.log = log
        self.next: dict[TP, int] = {}

    def begin(self, tp: TP, offset: int) -> None:
        """The partition is ours from `offset` on."""
        self.next[tp] = offset

    def after(self, messages: Iterable[Placed]) -> list[Position]:
        """The positions once these messages are done; nothing for a partition that they do not bring forward.

        One that was never begun starts at its first message.
        """
        reached: dict[TP, int] = {}
        for message in sorted(messages, key=lambda m: m.offset):
            tp = TP(message.topic, message.partition)
            expected = reached.get(tp, self.next.get(tp, message.offset))
            if message.offset == expected:
                reached[tp] = message.offset + 1
        return [Position(*tp, offset, self.log) for tp, offset in sorted(reached.items())]

    def skip(self, tp: TP, begins: int, ends: int) -> None:
        """Kafka has nothing from `begins` to `ends`: what comes next follows what came before."""
        if self.next.get(tp) == begins:
            self.next[tp] = ends

    def done(self, positions: Sequence[Position]) -> None:
        """They are committed. A partition that began anew meanwhile is never set back by it."""
        for position in positions:
            tp = TP(position.topic, position.partition)
            self.next[tp] = max(position.next_offset, self.next.get(tp, 0))
