"""The word lists compiled, so that one pass of an automaton over a text finds every word.

Two automata: a large one to classify by, which also finds the dangers, and a small one for the door, which
asks about danger only. A third reads the context of a danger, and runs only where one was found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass
from typing import Any, NamedTuple

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from gridward.policy.normalise import letters, normalise
from gridward.policy.schema import Thresholds, WordLists
from gridward.policy.spelling import closings, is_gapped, letters_pattern, openings, said, spellings
from gridward.policy.word_rows import UrgentRow

BEFORE, NEAR, THROUGHOUT, OVER, CUE, JOIN, SUPPOSED, ASKING, HEARSAY, PAST, NOW = (
    "before",
    "near",
    "throughout",
    "over",
    "cue",
    "join",
    "supposed",
    "asking",
    "hearsay",
    "past",
    "now",
)  # what a context word does
CLAUSE, SENTENCE = "clause", "sentence"  # what a mark ends
_MARKS = dict.fromkeys(",;:、", CLAUSE) | dict.fromkeys("。.!?…", SENTENCE)


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What each word says, twice: by word for explaining, and flat for counting.

    Word i speaks for `category[start[i]:start[i] + count[i]]` with the weights beside them. Where it occurs, so
    do the words inside it: `silences` are the votes that are then said twice and count once.
    """

    words: tuple[str, ...]
    rank: tuple[
        Mapping[int, int], ...
    ]  # by position of the category, the words that speak for it, the heaviest first
    generic: frozenset[int]  # the words that speak for many categories
    start: NDArray[np.intp]
    count: NDArray[np.intp]
    category: NDArray[np.intp]
    weight: NDArray[np.float64]
    silences: "Silences"


@dataclass(frozen=True, slots=True, eq=False)
class Silences:
    """Word i silences the votes `vote[start[i]:start[i] + count[i]]` (positions in the flat lists of `Votes`)."""

    start: NDArray[np.intp]
    count: NDArray[np.intp]
    vote: NDArray[np.intp]


class Gapped(NamedTuple):
    """A word with a gap (拿刀…追): what it fits in `letters`, its number, and the numbers of what it may close with: a
    text without any of those is not searched for it.
    """

    fits: re.Pattern[str]
    number: int
    closes: frozenset[int]


class Alarm(NamedTuple):
    """What a word of danger brings. `vowed`: somebody vows to do it."""

    severity: int
    vowed: bool


class Cry(NamedTuple):
    """A word of danger (`alarm`), the beginning of some that have a gap, or both; `length` in `letters`."""

    length: int
    alarm: Alarm | None
    gapped: tuple[tuple[re.Pattern[str], Alarm], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """`words` finds the number of a word, whether it votes, tells of danger or of an end, or several of these.

    `dangers` finds a `Cry`, `contexts` and `joins` (role, length). All of them read `letters`, and count in them; so do
    the patterns. A word with a gap has a number too: `opening` says what begins so with the word of another number.
    """

    codes: tuple[str, ...]
    at: Mapping[str, int]  # the position of each code
    votes: Votes
    words: Any
    opening: Mapping[int, tuple["Gapped", ...]]
    alarming: frozenset[int]  # numbers of the words that tell of danger
    ending: frozenset[int]  # and of those that tell of an end (扑灭了)
    dangers: Any
    contexts: Any
    joins: Any
    meant: re.Pattern[str]
    later: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]  # of a danger, of its end
    since: re.Pattern[str]
    thresholds: Thresholds


def compile_lexicon(lists: WordLists) -> Lexicon:
    codes = tuple(sorted(lists.categories))
    spoken = _spoken(lists, codes)
    alarms = _alarms(lists.must_never_miss)
    roles = _roles(lists)
    endings = [word for word, role in roles.items() if role == OVER]
    for word in (*alarms, *endings):
        spoken.setdefault(word, {})
    beginnings = {word: tuple(openings(word)) for word in spoken if is_gapped(word)}
    for word, begins in beginnings.items():
        for part in (*begins, *closings(word)):
            spoken.setdefault(part, {})
    spoken = dict(
        sorted(spoken.items(), key=lambda one: -len(one[0]))
    )  # of equal votes the longer word's counts
    numbers = {word: number for number, word in enumerate(spoken)}
    words = _automaton((word, number) for word, number in numbers.items() if word not in beginnings)
    return Lexicon(
        codes,
        {code: position for position, code in enumerate(codes)},
        _votes(spoken, words, len(codes), lists.thresholds.generic),
        words,
        _opening(beginnings, numbers),
        frozenset(numbers[word] for word in alarms),
        frozenset(numbers[word] for word in endings),
        _automaton(_cries(alarms)),
        _automaton((word, (role, len(letters(word)))) for word, role in roles.items()),
        _automaton((word, (JOIN, len(letters(word)))) for word in spellings(lists.contexts.joins)),
        _any_letters(lists.contexts.meant),
        tuple((_any_letters(row.dangers), _any_letters(row.ends)) for row in lists.contexts.later),
        re.compile(f"(?:{_any_letters([*lists.contexts.since, ',']).pattern})*+"),
        lists.thresholds,
    )


def _spoken(lists: WordLists, codes: tuple[str, ...]) -> dict[str, dict[int, float]]:
    """Each word with position of the category -> weight; of two weights that it is given the heavier."""
    spoken: dict[str, dict[int, float]] = {}
    for position, code in enumerate(codes):
        of_danger = ((row.votes[code], row.words) for row in lists.must_never_miss if code in row.votes)
        for weight, words in sorted([*lists.categories[code].items(), *of_danger], key=lambda one: one[0]):
            for word in said(words):
                spoken.setdefault(word, {})[position] = weight
    return spoken


def _opening(
    beginnings: Mapping[str, Iterable[str]], numbers: Mapping[str, int]
) -> dict[int, tuple[Gapped, ...]]:
    found: dict[int, list[Gapped]] = {}
    for word, begins in beginnings.items():
        closes = frozenset(numbers[one] for one in closings(word))
        gapped = Gapped(letters_pattern(word), numbers[word], closes)
        for one in begins:
            found.setdefault(numbers[one], []).append(gapped)
    return {number: tuple(gapped) for number, gapped in found.items()}


def _alarms(rows: Iterable[UrgentRow]) -> dict[str, Alarm]:
    """What each word of danger brings: the gravest severity it is listed under, and whether any row has it vowed."""
    alarms: dict[str, Alarm] = {}
    for row in rows:
        for word in said(row.words):
            known = alarms.get(word)
            alarms[word] = (
                Alarm(min(known.severity, row.severity), known.vowed or row.vowed)
                if known
                else Alarm(row.severity, row.vowed)
            )
    return alarms


def _cries(alarms: Mapping[str, Alarm]) -> Iterator[tuple[str, Cry]]:
    gapped: dict[str, list[tuple[re.Pattern[str], Alarm]]] = {}
    for word, alarm in alarms.items():
        if is_gapped(word):
            fits = letters_pattern(word)
            for one in openings(word):
                gapped.setdefault(one, []).append((fits, alarm))
    plain = {word: alarm for word, alarm in alarms.items() if not is_gapped(word)}
    for word in plain.keys() | gapped.keys():
        yield word, Cry(len(letters(word)), plain.get(word), tuple(gapped.get(word, ())))


def _votes(spoken: dict[str, dict[int, float]], words: Any, codes: int, generic: int) -> Votes:
    flat = [vote for given in spoken.values() for vote in given.items()]
    start, count = _stretches(spoken.values())
    speaking: list[list[tuple[float, int]]] = [[] for _ in range(codes)]
    for number, says in enumerate(spoken.values()):
        for position, weight in says.items():
            speaking[position].append((-weight, number))
    return Votes(
        tuple(spoken),
        tuple({number: rank for rank, (_, number) in enumerate(sorted(one))} for one in speaking),
        frozenset(number for number, says in enumerate(spoken.values()) if is_generic(says, generic)),
        start,
        count,
        np.array([position for position, _ in flat], dtype=np.intp),
        np.array([weight for _, weight in flat], dtype=np.float64),
        _silences(spoken, start.tolist(), words, generic),
    )


def _silences(spoken: dict[str, dict[int, float]], start: list[int], words: Any, generic: int) -> Silences:
    """Of a word and one inside it, both for the same category, the heavier vote counts; the longer of equals.

    Both must be generic: phrases that speak for few categories (路灯不亮, 路灯) were weighed to be added up.
    """
    given = list(spoken.values())
    at = [
        {position: first + n for n, position in enumerate(says)}
        for first, says in zip(start, given, strict=True)
    ]
    silenced = [
        {
            at[inner][position] if says[position] >= given[inner][position] else at[outer][position]
            for _, inner in (words.iter(letters(word)) if is_generic(says, generic) else ())
            if inner != outer and is_generic(given[inner], generic)
            for position in says.keys() & given[inner].keys()
        }
        for outer, (word, says) in enumerate(spoken.items())
    ]
    return Silences(
        *_stretches(silenced),
        np.array([vote for votes in silenced for vote in sorted(votes)], dtype=np.intp),
    )


def is_generic(says: dict[int, float], generic: int) -> bool:
    """Whether a word speaks for so many categories (`Thresholds.generic`; 0: none does) that it says little."""
    return 0 < generic <= len(says)


def _stretches(lists: Iterable[Sized]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where each list starts when all are laid end to end, and how long it is."""
    count = np.array([len(one) for one in lists], dtype=np.intp)
    return np.cumsum(count) - count, count


def _roles(lists: WordLists) -> dict[str, str]:
    said = lists.contexts
    roles = dict(_MARKS)
    for role, words in (
        (BEFORE, said.before),
        (NEAR, said.near),
        (THROUGHOUT, said.sentence),
        (OVER, said.over),
        (SUPPOSED, said.supposed),
        (ASKING, said.asking),
        (HEARSAY, said.hearsay),
        (PAST, said.past),
        (NOW, said.now),
        (CUE, said.cues),
    ):
        roles |= dict.fromkeys(spellings(words), role)
    return roles


def _any_letters(words: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(map(normalise, words), key=len, reverse=True)
    return re.compile("|".join(letters_pattern(word).pattern for word in longest) or r"(?!)")


def _automaton(entries: Iterable[tuple[str, Any]]) -> Any:
    automaton = ahocorasick.Automaton()
    for word, value in entries:
        automaton.add_word(letters(word), value)
    automaton.make_automaton()
    return automaton
