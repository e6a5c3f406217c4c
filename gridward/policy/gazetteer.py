"""The gazetteer (地名词库) compiled: one pass of an automaton finds every known name in a text.

Names come from policy, from the grids of the boundary set, and from lists of divisions that a county imports.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import ahocorasick

from gridward.policy.distance import metres
from gridward.policy.divisions import VILLAGE, prefix_of
from gridward.policy.normalise import letters, normalise
from gridward.policy.numerals import spellings
from gridward.policy.place_rows import Deciding, GazetteerRows, Grammar, PlaceEntry

PRECISION_M = 500.0  # of a kind that policy says nothing about
LEAST = 2  # characters of a short name


@dataclass(frozen=True, slots=True)
class Place:
    """A place that has a name. `lon`, `lat`: WGS 84 degrees; `grids`: those it lies in, where that is known."""

    name: str
    kind: str
    lon: float | None
    lat: float | None
    precision_m: float
    grids: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name in a text: characters `start` to `end` of its plain form, and the places that bear it.

    `is_short`: it is no place's name, but what is left of one when people leave off 村.
    """

    start: int
    end: int
    words: str
    places: tuple[Place, ...]
    is_short: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Safe to use from several threads."""

    places: tuple[Place, ...]
    grammar: Grammar
    deciding: Deciding
    crossings: Mapping[frozenset[str], tuple[Place, ...]]  # by the names of two roads that meet
    names: Any = field(
        repr=False
    )  # automaton over `letters` -> (letters of the name, places, whether it is short)
    kinds: Mapping[str, tuple[Place, ...]]  # what people say for any of a kind (学校), the longest first

    def mentions(self, text: str) -> list[Mention]:
        """Every known name in a plain text (`normalise`), in order; of overlapping ones the longest counts."""
        if not len(self.names):
            return []
        spelled = letters(text)
        found = [(end + 1 - size, end + 1, *named) for end, (size, *named) in self.names.iter(spelled)]
        found.sort(key=lambda one: (one[0] - one[1], one[0]))
        taken: list[tuple[int, int, tuple[Place, ...], bool]] = []
        for start, end, named, is_short in found:
            if all(end <= other[0] or start >= other[1] for other in taken):
                taken.append((start, end, named, is_short))
        return [_mention(spelled, *one) for one in sorted(taken, key=lambda one: one[0])]

    def of_a_kind(self, text: str) -> Mention | None:
        """The first word of a plain text that may mean any place of its kind (学校, 村口的小学)."""
        for words, places in self.kinds.items():
            start = text.find(words)
            if start >= 0:
                return Mention(start, start + len(words), words, places)
        return None


def _mention(spelled: str, start: int, end: int, named: tuple[Place, ...], is_short: bool) -> Mention:
    before, words = (part.encode("latin-1").decode() for part in (spelled[:start], spelled[start:end]))
    return Mention(len(before), len(before) + len(words), words, named, is_short)


def compile_gazetteer(rows: GazetteerRows, more: Sequence[Place] = ()) -> Gazetteer:
    """Policy's places and `more` (those of the boundary set) as one gazetteer."""
    entries = [(place_of(row, rows), (row.name, *row.aliases)) for row in rows.places]
    grids = {code for place in more for code in place.grids}
    named = [(_with_grids(place, grids), names) for place, names in entries]
    named += [(place, (place.name,)) for place in more]
    by_name: dict[str, list[Place]] = {}
    shortly: dict[str, list[Place]] = {}
    for place, names in named:
        for name in names:
            for form in spellings(normalise(name)):
                by_name.setdefault(form, []).append(place)
            if short := _shortened(normalise(name), place, rows.grammar):
                shortly.setdefault(short, []).append(place)
    automaton = ahocorasick.Automaton()
    for form, bearers in [*shortly.items(), *by_name.items()]:  # what is a name in full is not short
        spelled = letters(form)
        automaton.add_word(
            spelled, (len(spelled), tuple(dict.fromkeys(_merged(bearers))), form not in by_name)
        )
    if by_name:
        automaton.make_automaton()
    places = tuple(place for place, _ in named)
    kinds = _of_kinds(by_name, rows.grammar)
    return Gazetteer(places, rows.grammar, rows.deciding, _crossings(places), automaton, kinds)


def _shortened(name: str, place: Place, grammar: Grammar) -> str | None:
    """石桥湾 for 石桥湾村; None where too little would be left to know it by."""
    if place.kind not in ("village", "town"):
        return None
    ending = next((one for one in grammar.shortened if name.endswith(one)), "")
    short = name.removesuffix(ending)
    return short if ending and len(short) >= LEAST else None


def _of_kinds(by_name: Mapping[str, Sequence[Place]], grammar: Grammar) -> dict[str, tuple[Place, ...]]:
    found = {}
    for words in sorted(grammar.generic, key=len, reverse=True):
        endings = tuple(map(normalise, grammar.generic[words]))
        places = [place for name, bearers in by_name.items() if name.endswith(endings) for place in bearers]
        if places:
            found[normalise(words)] = tuple(dict.fromkeys(_merged(places)))
    return found


def place_of(row: PlaceEntry, rows: GazetteerRows) -> Place:
    return Place(
        row.name,
        row.kind,
        row.lon,
        row.lat,
        row.precision_m or rows.precision_m.get(row.kind, PRECISION_M),
        (row.grid,) if row.grid else (),
        tuple(row.within),
        tuple(row.roads),
        row.code,
    )


def _with_grids(place: Place, grids: Collection[str]) -> Place:
    """A division is where the grids are whose codes begin with its own; a grid that is not drawn is nowhere."""
    if place.grids and grids and not set(place.grids) <= set(grids):
        return replace(place, grids=())
    if place.grids or place.code is None:
        return place
    found = tuple(sorted(code for code in grids if code.startswith(prefix_of(str(place.code)))))
    return replace(place, grids=found)


def _merged(places: Sequence[Place]) -> Iterator[Place]:
    """Each place once: the one that policy places gives way to none, a division of an import to what is drawn of it,
    and a grid or village that is drawn to a finer place of its name that lies in it.
    """
    drawn = {code[:VILLAGE] for place in places for code in place.grids if place.lon is not None}
    for place in places:
        if place.lon is None and place.code is not None and place.code in drawn:
            continue
        if not any(_is_finer_in(other, place) for other in places):
            yield place


def _is_finer_in(inner: Place, outer: Place) -> bool:
    if inner.lon is None or inner.lat is None or outer.lon is None or outer.lat is None:
        return False
    finer = inner.precision_m < outer.precision_m and outer.kind in ("grid", "village")
    return finer and metres(inner.lon, inner.lat, outer.lon, outer.lat) <= outer.precision_m


def _crossings(places: Iterable[Place]) -> dict[frozenset[str], tuple[Place, ...]]:
    found: dict[frozenset[str], list[Place]] = {}
    for place in places:
        for one in place.roads:
            for other in place.roads:
                if one < other:
                    found.setdefault(frozenset((one, other)), []).append(place)
    return {roads: tuple(there) for roads, there in found.items()}
