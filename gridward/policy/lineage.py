"""Matters of categories that were split, merged or renamed since (类别沿革), compared with today's reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from gridward.policy.same import Matter


class HasMatter(Protocol):
    """A dataclass with what is compared of an incident."""

    @property
    def matter(self) -> Matter: ...


Found = TypeVar("Found", bound=HasMatter)


@dataclass(frozen=True, slots=True)
class Lineage:
    """`heirs`: retired category -> those of today that took its place."""

    heirs: Mapping[str, frozenset[str]]

    def now(self, category: str) -> frozenset[str]:
        """Today's categories of it; itself where it is one, or where nothing took its place."""
        return self.heirs.get(category) or frozenset({category})

    def before(self, category: str) -> frozenset[str]:
        """The category, and every retired one whose place it took: what its open matters may be recorded as."""
        return frozenset({category, *(old for old, heirs in self.heirs.items() if category in heirs)})

    def groups(self, category: str) -> frozenset[str]:
        """The groups that those are of."""
        return frozenset(code[:2] for code in self.before(category))

    def of_today(self, found: Sequence[Found]) -> list[Found]:
        """The same ones, those of a retired category with today's beside it."""
        return [
            _with_heirs(one, heirs) if (heirs := self.heirs.get(one.matter.category or "")) else one
            for one in found
        ]


def _with_heirs(one: Any, heirs: frozenset[str]) -> Any:
    return replace(one, matter=replace(one.matter, heirs=heirs))
