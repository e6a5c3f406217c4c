"""What a text says beside its category: flags such as weapons or injury, and how many people.

Pure. The words are policy; only the grammar of Chinese numbers is here.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ahocorasick

from gridward.policy.normalise import in_sentences
from gridward.policy.numerals import DIGITS, UNITS, value_of
from gridward.policy.schema import AttributeRows, PeopleRows
from gridward.policy.spelling import any_of, is_gapped, openings, pattern, said

_LOOSE = {  # said without a number
    "几": (3, 9),
    "好几": (3, 9),
    "数": (3, 9),
    "几十": (20, 99),
    "好几十": (20, 99),
    "数十": (20, 99),
    "上百": (100, 199),
    "几百": (200, 999),
    "数百": (200, 999),
    "上千": (1000, 1999),
}
_NUMBER = r"(?:好几十|几十|数十|上百|几百|数百|上千|好几|[零〇一二两三四五六七八九十百千]+几?|\d{1,5}|几|数)"


@dataclass(frozen=True, slots=True)
class People:
    """How many people a text tells of, and the words that say it."""

    least: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """`flags`: name of the flag -> the words that raised it. `times`: 3 for "第三次"."""

    flags: Mapping[str, tuple[str, ...]]
    people: People | None
    times: int | None


class AttributeReader:
    """The compiled patterns of one policy version."""

    def __init__(self, rows: AttributeRows) -> None:
        self.rows = rows
        self._words, self._gapped = _automata(rows.flags)
        ends = re.escape("，。；,;!?、" + rows.negation.ends)
        denial = any_of(rows.negation.words)
        # No farther back than the longest denial and its gap: a text is not searched whole for each word.
        self._back = max(map(len, rows.negation.words), default=0) + rows.negation.gap
        self._denial = re.compile(f"(?:{denial.pattern})[^{ends}]{{0,{rows.negation.gap}}}$")
        self._people = _people_pattern(rows.people)
        self._times = re.compile(r"第(\d{1,2}|[一二两三四五六七八九十]+)次")

    def read(self, text: str) -> Attributes:
        plain = in_sentences(text)  # a denial ends with its line
        times = self._times.search(plain)
        span = _span(times[1], False) if times is not None else None
        return Attributes(self._flags(plain), self._count(plain), span[1] if span else None)

    def _flags(self, plain: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        passed = 0
        for start, end, flags in self._spoken(plain):
            before = plain[max(min(passed, start), start - self._back) : start]
            passed = max(passed, end)
            if self._denial.search(before):
                continue
            for flag in flags:
                found.setdefault(flag, {})[plain[start:end]] = None
        return {flag: tuple(words) for flag, words in found.items()}

    def _spoken(self, plain: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Where words of flags stand: the longest of those without a gap, and all that have one."""
        whole = [
            (last - length + 1, last + 1, flags)
            for last, (length, flags) in (self._words.iter_long(plain) if len(self._words) else ())
        ]
        gapped = [
            (start, found.end(), flags)
            for last, (length, words) in (self._gapped.iter(plain) if len(self._gapped) else ())
            for start in (last - length + 1,)
            for fits, flags in words
            if (found := fits.match(plain, start))
        ]
        return sorted(whole + gapped)

    def _count(self, plain: str) -> People | None:
        """The largest number of people that may be meant: of 21人 and 几十人 the latter."""
        counts = [
            People(*span, match[0])
            for match in self._people.finditer(plain)
            if (span := _span(match["number"], match["more"] is not None))
        ]
        return max(counts, key=lambda one: (one.most, one.least), default=None)


def _automata(flags: Mapping[str, Iterable[str]]) -> tuple[Any, Any]:
    """The words without a gap, each with its length and its flags; and what words with a gap begin with."""
    of_word: dict[str, dict[str, None]] = {}
    for flag, words in flags.items():
        for word in said(words):
            of_word.setdefault(word, {})[flag] = None
    whole, gapped = ahocorasick.Automaton(), ahocorasick.Automaton()
    begun: dict[str, list[tuple[re.Pattern[str], tuple[str, ...]]]] = {}
    for word, its_flags in of_word.items():
        if not is_gapped(word):
            whole.add_word(word, (len(word), tuple(its_flags)))
            continue
        fits = re.compile(pattern(word))
        for opening in openings(word):
            begun.setdefault(opening, []).append((fits, tuple(its_flags)))
    for opening, with_gap in begun.items():
        gapped.add_word(opening, (len(opening), with_gap))
    whole.make_automaton()
    gapped.make_automaton()
    return whole, gapped


def _people_pattern(rows: PeopleRows) -> re.Pattern[str]:
    if not rows.counters:
        return re.compile(r"(?!)(?P<number>)(?P<more>)")
    never = f"(?![{re.escape(rows.never_after)}])" if rows.never_after else ""
    counters = any_of(rows.counters).pattern
    bare = f"个(?={any_of(rows.nouns).pattern}|[,。;!?、]|$)"
    family = "(?<=家.)口|(?<=家..)口"  # 一家五口
    # 上百村民: after a round number what people are called needs no counter; 一百多学生证 are none.
    called = any_of(noun for noun in rows.nouns if len(noun) > 1).pattern
    rough = f"(?:(?<=[多余来])|(?<=几十|数十|上百|几百|数百|上千))(?=(?:{called})(?![证机票卡房]))"
    return re.compile(
        rf"(?<![\d.第])(?P<number>{_NUMBER})(?P<more>多|余|来)?(?:(?:{counters}){never}|{bare}|{family}|{rough})"
    )


def _span(number: str, more: bool) -> tuple[int, int] | None:
    """Least and most: 二三十 -> 20..30, 三四五 -> 3..5, 十几 -> 11..19, 30余 -> 30..39. None for what is no number."""
    if number in _LOOSE:
        return _LOOSE[number]
    if number.endswith("几"):
        tens = value_of(number[:-1])
        return (tens + 1, tens + 9) if tens else None
    # 三四 and 三四五 are guesses, and no numbers of two and three digits.
    guess = re.fullmatch(
        r"([一二两三四五六七八九])[二两三四五六七八九]*([二两三四五六七八九])([十百千]?)", number
    )
    if guess:
        scale = UNITS.get(guess[3], 1)
        low, high = DIGITS[guess[1]], DIGITS[guess[2]]
        return (low * scale, high * scale) if low < high else None
    value = value_of(number)
    if not value:
        return None
    return value, value + _last_scale(value) - 1 if more else value


def _last_scale(value: int) -> int:
    scale = 1
    while value % (scale * 10) == 0:
        scale *= 10
    return scale
