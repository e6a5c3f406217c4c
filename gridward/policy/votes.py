"""What the words of policy say of a text: each votes for categories with the weight that policy gives it.

One pass of the automaton over each text; each word votes once, however often it occurs, and a generic word inside
another (快来 in 快来人) is no second vote for the same category: only the heavier counts. The votes of a whole
batch are counted together.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from gridward.policy.lexicon import Lexicon

Scores = NDArray[np.float64]
Positions = NDArray[np.intp]
MOST_WORDS = 8


def count(spoken: Sequence[set[int]], lexicon: Lexicon) -> Scores:
    """Texts x categories: the sum of the votes, without those that a word inside another says again."""
    votes, width = lexicon.votes, len(lexicon.codes)
    words = np.fromiter((word for one in spoken for word in one), dtype=np.intp)
    texts = np.repeat(np.arange(len(spoken)), [len(one) for one in spoken])

    def total(text: Positions, vote: Positions) -> Scores:
        cells = text * width + votes.category[vote]
        return np.asarray(
            np.bincount(cells, weights=votes.weight[vote], minlength=len(spoken) * width), dtype=np.float64
        )

    said = total(*_spread(texts, votes.start[words], votes.count[words]))
    silences = votes.silences
    text, at = _spread(texts, silences.start[words], silences.count[words])
    # Two words may silence the same vote: it was cast once, and is taken back once.
    once = np.unique(text * len(votes.weight) + silences.vote[at])
    again = total(*np.divmod(once, max(len(votes.weight), 1)))
    return (said - again).reshape(len(spoken), width)


def _spread(texts: Positions, start: Positions, count: Positions) -> tuple[Positions, Positions]:
    """The texts, each repeated `count` times, and the positions from `start` on that belong to them."""
    ends = np.cumsum(count)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - count, count)
    return np.repeat(texts, count), np.repeat(start, count) + within


def speakers(category: int, spoken: set[int], told: Mapping[int, str], lexicon: Lexicon) -> tuple[str, ...]:
    """The words whose vote for the category counts, the heaviest first, at most eight; of those with a gap what is
    `told` in the text.
    """
    votes = lexicon.votes
    rank = votes.rank[category]
    counted: list[str] = []
    heavier: list[str] = []  # the generic ones so far
    for number in sorted(spoken & rank.keys(), key=rank.__getitem__):
        word = told.get(number, votes.words[number])
        again = False
        if number in votes.generic:
            again = any(word in one or one in word for one in heavier)
            heavier.append(word)
        if not again:
            counted.append(word)
        if len(counted) == MOST_WORDS:
            break
    return tuple(counted)
