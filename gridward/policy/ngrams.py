"""Texts as counts of hashed character n-grams: no vocabulary, and arrays only, so that a batch costs little.

Every stretch of one to four letters of a normalised text falls into one of 2**bits buckets. Which stretch fell there is
forgotten, so that the weights learnt from complaints hold nobody's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Buckets = NDArray[np.intp]

LONGEST = 4
# Odd constants of Knuth's and Steele's multiplicative hashing; any change of them makes trained weights useless.
_STEP = np.uint32(0x9E3779B1)
_MIX = np.uint32(0x85EBCA6B)
_APART = 0  # between texts, and never inside one: control characters are taken out at the door


@dataclass(frozen=True, slots=True)
class Counts:
    """Which buckets each text fills and how often, one text after the other: i has `bucket[start[i]:start[i + 1]]`."""

    start: Buckets
    bucket: Buckets
    count: Floats

    def text(self) -> Buckets:
        """For each bucket the position of its text."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))


def count(texts: Sequence[str], bits: int) -> Counts:
    """The n-grams of each normalised text (`gridward.policy.normalise`), the same for ever."""
    letters = _letters(texts)
    owner = np.cumsum(letters == _APART)
    keys = np.concatenate([_keys(letters, owner, length, bits) for length in range(1, LONGEST + 1)])
    keys.sort()
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    found = keys[first]
    return Counts(
        np.searchsorted(found, np.arange(len(texts) + 1, dtype=np.int64) << bits),
        (found & ((1 << bits) - 1)).astype(np.intp),
        np.diff(first, append=len(keys)).astype(np.float32),
    )


def places(text: str, bits: int) -> list[tuple[int, int, NDArray[np.int64]]]:
    """For each length n of n-grams: n, and the bucket of the one that starts at each letter of a normalised text."""
    letters = _letters([text])
    owner = np.cumsum(letters == _APART)
    return [
        (length, len(text) - length + 1, _keys(letters, owner, length, bits))
        for length in range(1, min(LONGEST, len(text)) + 1)
    ]


def _letters(texts: Sequence[str]) -> NDArray[np.uint32]:
    """All texts as code points, each with a mark behind it."""
    joined = "".join(chain.from_iterable((text, chr(_APART)) for text in texts))
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _keys(letters: NDArray[np.uint32], owner: NDArray[np.intp], length: int, bits: int) -> NDArray[np.int64]:
    """Text and bucket in one number, for each stretch of `length` letters within one text."""
    ends = len(letters) - length + 1
    if ends <= 0:
        return np.zeros(0, dtype=np.int64)
    hashed = np.full(ends, length, dtype=np.uint32)
    for at in range(length):
        hashed = (hashed ^ letters[at : at + ends]) * _STEP
        hashed ^= hashed >> np.uint32(15)
    hashed *= _MIX
    hashed ^= hashed >> np.uint32(13)
    # The mark counts up the owner where it stands, so that a stretch across it has another owner at its end.
    whole = (owner[:ends] == owner[length - 1 :]) & (letters[:ends] != _APART)
    bucket = (hashed >> np.uint32(32 - bits)).astype(np.int64)
    return np.asarray(((owner[:ends].astype(np.int64) << bits) | bucket)[whole])
