"""Which units a text accuses (被投诉单位): those never lead, never join, and do not read it.

A unit stands accused when its name is said near a deed ("派出所民警打人"), or, in a complaint about conduct, when it is
named at all. One that is asked for help ("请派出所来") or came to help ("派出所已到场") does not, nor one that only
says where ("派出所门口"). That it does nothing ("派出所不管") is a deed only in a complaint about conduct: elsewhere
people say so of the very unit that must come.
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
            after = clause[start + len(_plain(name)) :]
            if after.removeprefix("的").startswith(tuple(rows.places)) or _asked(clause[:start], after, rows):
                continue
            deed = _deed(after, rows, named_is_enough)
            if (deed or named_is_enough) and unit not in found:
                found[unit] = Accused(unit, name, deed)
    return tuple(found.values())


def _named(clause: str, grid: str | None, policy: "Policy") -> Iterator[tuple[str, str, int]]:
    """What the clause calls a unit, the unit, and where, each time; full names before words for a kind."""
    for unit in policy.units.values():
        yield from ((unit.name, unit.code, at) for at in _places(clause, _plain(unit.name)))
    if grid is None:
        return
    for kind, words in policy.attributes.rows.accused.kinds.items():
        said = [(word, at) for word in words for at in _places(clause, word)]
        served = serving(policy.responsibility.areas.get(kind, {}), grid) if said else None
        if served is not None:
            yield from ((word, served[1], at) for word, at in said)


def _places(clause: str, word: str) -> Iterator[int]:
    at = clause.find(word)
    while at >= 0:
        yield at
        at = clause.find(word, at + 1)


def _deed(after: str, rows: AccusedRows, is_about_conduct: bool) -> str | None:
    """The deed that follows the name within reach: who did it is named first ("打人的民警" is rare and is left out)."""
    words = (*rows.deeds, *rows.inaction) if is_about_conduct else rows.deeds
    return next((deed for deed in words if deed in after[: rows.reach]), None)


def _asked(before: str, after: str, rows: AccusedRows) -> bool:
    """Whether the unit is called for or came, rather than complained about."""
    return any(word in before[-4:] for word in rows.asked_before) or any(
        word in after[:6] for word in rows.asked_after
    )
