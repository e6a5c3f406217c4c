"""What one check of the audit has found."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is not as promised: its id, and what is wrong with it."""

    id: str
    what: str


@dataclass(slots=True)
class Finding:
    """One promise: how many things were looked at, what is broken, what is only worth saying."""

    check: str
    title: str
    looked_at: int = 0
    broken: list[Broken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.broken

    def add(self, id: object, what: str) -> None:
        self.broken.append(Broken(str(id), what))

    def add_all(self, ids: Sequence[object], what: str) -> None:
        self.broken += [Broken(str(id), what) for id in ids]
