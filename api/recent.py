"""The reports that Kafka confirmed lately, so that a repeat is known at the door even before triage."""

from collections import OrderedDict

SIZE = 50_000


class Recent:
    """report id -> body hash, the oldest forgotten first. Lost on restart, and best effort by promise."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._bodies: OrderedDict[str, bytes] = OrderedDict()

    def body_of(self, report_id: str) -> bytes | None:
        return self._bodies.get(report_id)

    def add(self, report_id: str, body_hash: bytes) -> None:
        self._bodies[report_id] = body_hash
        self._bodies.move_to_end(report_id)
        if len(self._bodies) > self._size:
            self._bodies.popitem(last=False)
