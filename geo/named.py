"""One boundary set in memory with the names it brings: finds grids for points, and places for words."""

from collections.abc import Sequence

from geo.index import GridIndex
from geo.places import places_of
from gridward.domain.place import GridRecord
from gridward.policy.gazetteer import Gazetteer, compile_gazetteer
from gridward.policy.policy import Policy


class NamedGrids:
    """An index of grids, and their names beside those of whatever policy asks. Safe to use from several threads."""

    def __init__(self, records: Sequence[GridRecord], version: int) -> None:
        self.index = GridIndex(records, version)
        self.places = places_of(records)
        self._compiled: tuple[Policy, Gazetteer] | None = None

    def gazetteer(self, policy: Policy) -> Gazetteer:
        """The policy's places with those of the grids, compiled once for each policy."""
        known = self._compiled
        if known is None or known[0] is not policy:
            known = self._compiled = policy, compile_gazetteer(policy.bundle.gazetteer, self.places)
        return known[1]
