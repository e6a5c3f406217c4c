"""Which units a text accuses (被投诉单位): those never lead, never join, and do not read it.

A unit stands accused when its name is said near a deed ("派出所民警打人"), or, in a complaint about conduct, when it is
named at all. One that is asked for help ("请派出所来") or came to help ("派出所已到场") does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from gridward.policy.normalise import normalise
from gridward.policy.schema import AccusedRows
from gridward.policy.units import serving

if TYPE_CHECKING:
    from gridward.policy.policy import Policy

_plain = lru_cache(4096)(normalise)  # the same few names, in every clause of every report
_CLAUSE = re.compile(r"[,。;!?\n]")


@dataclass(frozen=True, slots=True)
class Accused:
    """A unit that a text accuses; `name` is what the text calls it, `deed` what it is said to have done."""

    unit: str
    name: str
    deed: str | None

    @property
    def text(self) -> str:
        """The reason in Chinese, without the unit's name."""
        return f"正文称“{self.name}”“{self.deed}”" if self.deed else f"投诉事项的正文提到“{self.name}”"


def accused_units(text: str, category: str | None, grid: str | None, policy: "Policy") -> tuple[Accused, ...]:
    """Each accused unit once, in the order in which the text names them.

    A unit that is called by its kind ("派出所") is the one that serves the grid; without a grid only full names count.
    """
    rows = policy.attributes.rows.accused
    named_is_enough = category in rows.matters
    found: dict[str, Accused] = {}
    for clause in _CLAUSE.split(normalise(text)):
        for name, unit, start in _named(clause, grid, policy):
            if _asked(clause, start, name, rows):
                continue
            deed = _deed(clause, start, name, rows)
            if (deed or named_is_enough) and unit not in found:
                found[unit] = Accused(unit, name, deed)
    return tuple(found.values())


def _named(clause: str, grid: str | None, policy: "Policy") -> Iterator[tuple[str, str, int]]:
    """What the clause calls a unit, the unit, and where; full names before words for a kind."""
    for unit in policy.units.values():
        at = clause.find(_plain(unit.name))
        if at >= 0:
            yield unit.name, unit.code, at
    if grid is None:
        return
    for kind, words in policy.attributes.rows.accused.kinds.items():
        for word in words:
            at = clause.find(word)
            if at >= 0:
                served = serving(policy.responsibility.areas.get(kind, {}), grid)
                if served is not None:
                    yield word, served[1], at
                break


def _deed(clause: str, start: int, name: str, rows: AccusedRows) -> str | None:
    """The deed that follows the name within reach: who did it is named first ("打人的民警" is rare and is left out)."""
    after = clause[start + len(name) : start + len(name) + rows.reach]
    return next((deed for deed in rows.deeds if deed in after), None)


def _asked(clause: str, start: int, name: str, rows: AccusedRows) -> bool:
    """Whether the unit is called for or came, rather than complained about."""
    before, after = clause[max(0, start - 4) : start], clause[start + len(name) : start + len(name) + 6]
    return any(word in before for word in rows.asked_before) or any(
        word in after for word in rows.asked_after
    )
