"""Which units a text accuses (被投诉单位): those never lead, never join, and do not read it.

A unit stands accused when its name is said near a deed ("派出所民警打人"), or, in a complaint about conduct, when it is
named at all. One that is asked for help ("请派出所来") or came to help ("派出所已到场") does not, nor one that only
says where ("派出所门口"). That it does nothing ("派出所不管") is a deed only in a complaint about conduct: elsewhere
people say so of the very unit that must come.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick

from gridward.policy.normalise import letters, normalise
from gridward.policy.schema import AccusedRows
from gridward.policy.units import Unit, unit_serving

if TYPE_CHECKING:
    from gridward.policy.policy import Policy

_plain = lru_cache(4096)(normalise)  # the same few names, in every report
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


class Call(NamedTuple):
    """What a text calls a unit by: the words as they stand there, its name or its kind's, and the unit."""

    words: str
    name: str
    unit: str


def accused_units(text: str, category: str | None, grid: str | None, policy: "Policy") -> tuple[Accused, ...]:
    """Each accused unit once, in the order in which the text names them.

    A unit that is called by its kind ("派出所") is the one that serves the grid; without a grid only full names count.
    """
    rows = policy.attributes.rows.accused
    named_is_enough = category in rows.matters
    plain = normalise(text)
    calls = _calls(plain, grid, policy)
    found: dict[str, Accused] = {}
    for clause in _CLAUSE.split(plain) if calls else ():
        for call, start in _places(clause, calls):
            after = clause[start + len(call.words) :]
            if after.removeprefix("的").startswith(tuple(rows.places)) or _asked(clause[:start], after, rows):
                continue
            deed = _deed(after, rows, named_is_enough) or _suffered(clause[:start], after, rows)
            if (deed or named_is_enough) and call.unit not in found:
                found[call.unit] = Accused(call.unit, call.name, deed)
    return tuple(found.values())


def recorded(why: Mapping[str, Any]) -> tuple[str, ...]:
    """The accused units that triage kept among an incident's reasons; none in incidents from before it did."""
    return tuple(one["unit"] for one in (why.get("unit") or {}).get("excluded") or ())


def compile_unit_words(units: Iterable[Unit], rows: AccusedRows) -> Any:
    """An automaton over `letters` that finds full names of units and words for their kinds, each as it stands there."""
    automaton = ahocorasick.Automaton()
    kinds = (word for words in rows.kinds.values() for word in words)
    for words in (*(_plain(unit.name) for unit in units), *kinds):
        automaton.add_word(letters(words), words)
    automaton.make_automaton()
    return automaton


def _calls(plain: str, grid: str | None, policy: "Policy") -> list[Call]:
    """What the text may call units by, full names before words for a kind. Most texts name none: one pass tells."""
    said = {words for _, words in policy.unit_words.iter(letters(plain))}
    if not said:
        return []
    named = ((_plain(unit.name), unit) for unit in policy.units.values())
    found = [Call(words, unit.name, unit.code) for words, unit in named if words in said]
    if grid is None:
        return found
    for kind, words in policy.attributes.rows.accused.kinds.items():
        here = [word for word in words if word in said]
        unit = unit_serving(policy.responsibility.areas.get(kind), grid) if here else None
        if unit is not None:
            found += [Call(word, word, unit) for word in here]
    return found


def _places(clause: str, calls: Iterable[Call]) -> Iterator[tuple[Call, int]]:
    """Where the clause calls a unit so, each time."""
    for call in calls:
        at = clause.find(call.words)
        while at >= 0:
            yield call, at
            at = clause.find(call.words, at + 1)


def _deed(after: str, rows: AccusedRows, is_about_conduct: bool) -> str | None:
    """The deed that follows the name within reach: who did it is named first ("打人的民警" is rare and is left out)."""
    words = (*rows.deeds, *rows.inaction) if is_about_conduct else rows.deeds
    return next((deed for deed in words if deed in after[: rows.reach]), None)


def _suffered(before: str, after: str, rows: AccusedRows) -> str | None:
    """What somebody says was done to them by the unit: 被派出所的辅警打了."""
    if "被" not in before[-rows.reach :]:
        return None
    return next((deed for deed in rows.suffered if deed in after[: rows.reach]), None)


def _asked(before: str, after: str, rows: AccusedRows) -> bool:
    """Whether the unit is called for or came, rather than complained about."""
    return any(word in before[-4:] for word in rows.asked_before) or any(
        word in after[:6] for word in rows.asked_after
    )
