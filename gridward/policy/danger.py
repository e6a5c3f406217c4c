"""People in danger: words that must never be missed, unless their context takes the danger out of them.

When in doubt it is danger: a denial (没有着火) must stand right before the word, a lesson (防火宣传) in the same
clause, an exercise (消防演练) in the same sentence, an end (已扑灭) after it in the same sentence; and a cry for
help (救命, 快来人) overrules them all.
"""

from collections.abc import Iterable
from typing import TypeVar

from gridward.policy.lexicon import BEFORE, CLAUSE, CUE, NEAR, OVER, SENTENCE, THROUGHOUT, Lexicon
from gridward.policy.normalise import letters, normalise
from gridward.policy.policy import Policy

What = TypeVar("What")
Hit = tuple[int, int, str]  # start, end, role
Danger = tuple[int, int, int]  # start, end, severity


def must_never_miss(text: str, policy: Policy) -> bool:
    """Whether the report must go the urgent way. Fast enough for the door."""
    return danger(letters(normalise(text)), policy.lexicon) is not None


def danger(text: str, lexicon: Lexicon) -> int | None:
    """The gravest severity that the letters of a normalised text cry out, or None."""
    dangers: list[Danger] = _hits(lexicon.dangers.iter(text))
    if not dangers:
        return None
    around: list[Hit] = _hits(lexicon.contexts.iter(text))
    if not any(role == CUE for _, _, role in around):
        dangers = [one for one in dangers if not _is_harmless(one, around)]
    return min((severity for _, _, severity in dangers), default=None)


def _hits(found: Iterable[tuple[int, tuple[What, int]]]) -> list[tuple[int, int, What]]:
    return [(last - length + 1, last + 1, what) for last, (what, length) in found]


def _is_harmless(word: Danger, around: list[Hit]) -> bool:
    clause = _stretch(word, around, (CLAUSE, SENTENCE))
    sentence = _stretch(word, around, (SENTENCE,))
    reaches = {
        BEFORE: lambda first, last: last == word[0],
        NEAR: lambda first, last: clause[0] <= first and last <= clause[1],
        THROUGHOUT: lambda first, last: sentence[0] <= first and last <= sentence[1],
        OVER: lambda first, last: word[1] <= first and last <= sentence[1],
    }
    return any(role in reaches and reaches[role](first, last) for first, last, role in around)


def _stretch(word: Danger, around: list[Hit], marks: tuple[str, ...]) -> tuple[int, float]:
    """From the last such mark before the word to the first one after it."""
    before = [last for _, last, role in around if role in marks and last <= word[0]]
    after = [first for first, _, role in around if role in marks and first >= word[1]]
    return max(before, default=0), min(after, default=float("inf"))
