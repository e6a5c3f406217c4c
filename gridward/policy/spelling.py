"""How policy spells words: plainly, with choices, or with a gap.

`掉(进|到|)(池塘|河)里` is each of its six spellings. `拿刀…追` is 拿刀 and 追 in one clause, with at most `REACH`
characters between. People fall into ponds in more words than anybody lists; they do so by few verbs and many waters.
Words are normalised before they are read: full-width brackets and bars are as good.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product, takewhile
from math import prod

from gridward.policy.normalise import letters, normalise

REACH = 12  # characters that a gap may stand for
MOST = 6_000  # spellings of one word
LONGEST = 30  # characters of a plain word; with choices many more

GAP = "..."  # as normalised text has …
_PART = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)|(\.{3,})")
_MARKS = ",;:!?."  # what ends a clause, beside 、 and 。
_CHARACTER = rf"[^{_MARKS}、。\n]"
# The same of the UTF-8 bytes that automata read: no byte of one character begins another.
_LETTER = rf"(?:[^{_MARKS}\n\x80-\xff]|(?!{letters('、')}|{letters('。')})[\xc0-\xff][\x80-\xbf]+)"


def is_gapped(word: str) -> bool:
    """Whether a normalised word has a gap, so that no list of its spellings exists."""
    return GAP in word


def spellings(words: Iterable[str]) -> Iterator[str]:
    """Each spelling of words without gaps, normalised."""
    for word in map(normalise, words):
        if "|" in word:
            yield from map("".join, product(*_choices(word)))
        else:
            yield word


def said(words: Iterable[str]) -> Iterator[str]:
    """Each spelling; a word with a gap stays as policy writes it, normalised."""
    for word in map(normalise, words):
        if is_gapped(word):
            yield word
        else:
            yield from spellings([word])


def openings(word: str) -> Iterator[str]:
    """The spellings of what stands before the first gap of a normalised word."""
    return spellings([word.partition(GAP)[0]])


def closings(word: str) -> Iterator[str]:
    """The spellings of what stands behind its last gap."""
    return spellings([word.rpartition(GAP)[2]])


def pattern(word: str) -> str:
    """A regular expression for normalised text that fits each spelling, also across its gaps."""
    return _fitting(_parts(word))


def _fitting(parts: Iterable[tuple[str, ...] | None]) -> str:
    return "".join(
        _gap(_CHARACTER) if part is None else f"(?:{'|'.join(map(re.escape, part))})" for part in parts
    )


def letters_pattern(word: str) -> re.Pattern[str]:
    """The same for the `letters` of normalised text."""
    return re.compile(
        "".join(
            _gap(_LETTER) if part is None else f"(?:{'|'.join(re.escape(letters(one)) for one in part)})"
            for part in _parts(word)
        )
    )


def found_in(word: str, text: str) -> str | None:
    """What a normalised word, plain or with a gap, fits in a normalised text first."""
    if not is_gapped(word):
        return word if word in text else None
    fits = _compiled(word).search(text)
    return fits[0] if fits else None


@lru_cache(maxsize=4_096)
def _compiled(word: str) -> re.Pattern[str]:
    return re.compile(pattern(word))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of these words as normalised text has them, the longest first; without words it fits nowhere."""
    longest = sorted(filter(None, map(normalise, words)), key=len, reverse=True)
    if not longest:
        return re.compile(r"(?!)")
    if any("" in (next(_parts(word)) or ()) for word in longest):
        return re.compile(f"(?:{'|'.join(map(pattern, longest))})")
    # By what they begin with: hardly any place in a text begins one, and those that do not are passed at a glance.
    begun: dict[str, list[str]] = {}
    for word in longest:
        opening, *rest = _parts(word)
        behind = _fitting(rest)
        for first, ends in _by_first(opening or ()).items():
            begun.setdefault(first, []).append(f"(?:{'|'.join(map(re.escape, ends))}){behind}")
    ways = "|".join(f"{re.escape(first)}(?:{'|'.join(ends)})" for first, ends in begun.items())
    return re.compile(f"(?:{ways})")


def _by_first(words: Iterable[str]) -> dict[str, list[str]]:
    """What follows each first letter."""
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[0], []).append(word[1:])
    return behind


def checked(word: str) -> str:
    """The word as it is; raises ValueError with what to write instead where it cannot be read."""
    plain = normalise(word)
    if len(plain) <= LONGEST and "|" not in plain and not is_gapped(plain):
        return word
    gapped = [part.strip(".") for part in plain.split(GAP)]
    if is_gapped(plain) and not all(gapped):
        raise ValueError("“…”前后都要有字，如 拿刀…追 a gap (…) stands between words")
    rest = _PART.sub("", plain)
    if "|" in rest or (any(mark in rest for mark in "()") and len(rest) < len(plain)):
        raise ValueError(
            "“|”要写在括号里，括号不能套括号，如 掉(进|到)河 choices stand in round brackets, none within another"
        )
    if len(plain) > LONGEST and plain == rest:
        raise ValueError(f"词语最多 {LONGEST} 个字 a word has at most {LONGEST} characters")
    count = prod(
        len(part) for part in takewhile(bool, _parts(plain)) if part
    )  # up to a gap: the rest is no list
    if count > MOST:
        raise ValueError(
            f"这样写有 {count} 种写法，最多 {MOST} 种，请拆成几个词 {count} spellings, at most {MOST}: split it up"
        )
    if min(map(len, spellings(gapped))) == 0:
        raise ValueError("每种写法都要有字 every spelling must have letters")
    return word


def _gap(character: str) -> str:
    return f"{character}{{0,{REACH}}}?"


def _choices(word: str) -> list[tuple[str, ...]]:
    return [part for part in _parts(word) if part is not None]


def _parts(word: str) -> Iterator[tuple[str, ...] | None]:
    """The pieces of a normalised word in their order: what may stand there, or None for a gap."""
    at = 0
    for part in _PART.finditer(word):
        if part.start() > at:
            yield (word[at : part.start()],)
        yield None if part[2] else tuple(part[1].split("|"))
        at = part.end()
    if at < len(word):
        yield (word[at:],)
