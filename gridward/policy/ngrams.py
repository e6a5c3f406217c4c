"""Texts as counts of hashed character n-grams: no vocabulary, and arrays only, so that a batch costs little.

Every stretch of one to four letters of a normalised text falls into one of 2**bits buckets. Which stretches fell there
is not kept: whoever tries one can see whether its bucket is in use, and nobody's longer words can be put together.
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


def count(texts: Sequence[str], bits: int) -> Counts:
    """The n-grams of each normalised text (`gridward.policy.normalise`), the same for ever."""
    letters = _letters(texts)
    owner = np.cumsum(letters == _APART)
    keys = np.concatenate(_keys(letters, owner, LONGEST, bits))
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
    found = _keys(letters, owner, min(LONGEST, len(text)), bits)
    return [(length, len(text) - length + 1, keys) for length, keys in enumerate(found, 1)]


def _letters(texts: Sequence[str]) -> NDArray[np.uint32]:
    """All texts as code points, each with a mark behind it."""
    joined = "".join(chain.from_iterable((text, chr(_APART)) for text in texts))
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _keys(
    letters: NDArray[np.uint32], owner: NDArray[np.intp], longest: int, bits: int
) -> list[NDArray[np.int64]]:
    """For each length from 1 to `longest`, text and bucket in one number for each stretch within one text."""
    size = len(letters)
    longest = min(longest, size)
    hashed = np.empty((longest, size), dtype=np.uint32)
    hashed[:] = np.arange(1, longest + 1, dtype=np.uint32)[:, None]
    for at in range(longest):
        # Row n - 1 is that of the stretches of n letters: those longer than `at` take in one letter more.
        taking = hashed[at:, : size - at]
        taking ^= letters[at:]
        taking *= _STEP
        taking ^= taking >> np.uint32(15)
    hashed *= _MIX
    hashed ^= hashed >> np.uint32(13)
    hashed >>= np.uint32(32 - bits)
    keys = (owner.astype(np.int64) << bits) | hashed
    inside = letters != _APART
    # The mark counts up the owner where it stands, so that a stretch across it has another owner at its end.
    return [
        keys[n, : size - n][inside[: size - n] & (owner[: size - n] == owner[n:])] for n in range(longest)
    ]
