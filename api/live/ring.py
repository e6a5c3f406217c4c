"""The newest events of all incidents, held once for all readers."""

from dataclasses import dataclass

from api.live.vector import Vector

SIZE = 20_000


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One message as readers get it. `data` is None for one that nobody could read: it only moves the position."""

    partition: int
    offset: int
    data: bytes | None


class Ring:
    """Events numbered as they came; the oldest give way.

    `positions` is the offset after the newest event of each partition, `floor` the oldest offset from which
    on everything is still here.
    """

    def __init__(self, positions: Vector, size: int = SIZE) -> None:
        self.size = size
        self.positions = dict(positions)
        self.floor = dict(positions)
        self.next = 0
        self._slots: list[LiveEvent | None] = [None] * size

    @property
    def first(self) -> int:
        """The number of the oldest event that is still here."""
        return max(0, self.next - self.size)

    def add(self, event: LiveEvent) -> None:
        slot = self.next % self.size
        given_up = self._slots[slot]
        if given_up is not None:
            self.floor[given_up.partition] = given_up.offset + 1
        self._slots[slot] = event
        self.positions[event.partition] = event.offset + 1
        self.next += 1

    def get(self, number: int) -> LiveEvent:
        event = self._slots[number % self.size]
        assert event is not None  # the caller stays between `first` and `next`
        return event

    def holds_from(self, vector: Vector) -> bool:
        """Whether everything from these offsets on is here."""
        return all(self.floor[partition] <= offset for partition, offset in vector.items())
