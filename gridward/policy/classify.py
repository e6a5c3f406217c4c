"""What a report is about: words vote for categories, and a vote without a clear winner goes to a person.

One pass of the automaton over each text; each word votes once, however often it occurs, and a generic word inside
another (快来 in 快来人) is no second vote for the same category: only the heavier counts. The votes of a whole
batch are counted together.

Words of danger that their context excuses (没有着火, 消防演练) have no vote: they are not what the report is about.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridward.domain.events import Doubt
from gridward.policy.danger import danger
from gridward.policy.lexicon import Lexicon, is_generic
from gridward.policy.normalise import letters, normalise
from gridward.policy.policy import Policy

Alternative = tuple[str, float, tuple[str, ...]]  # code, score, the words that spoke for it
Scores = NDArray[np.float64]
Positions = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Classification:
    """`code` is the best guess even when `doubt` says that a person must decide; None when no word was known."""

    code: str | None
    confidence: float  # 0 to 1
    severity: int  # 1 (特急) to 4 (一般)
    alternatives: tuple[Alternative, ...]  # the best first: three to choose from in doubt, else `code` alone
    words: tuple[str, ...]  # the heaviest that spoke for `code`, at most eight
    urgent: bool
    doubt: Doubt | None


def classify(texts: Sequence[str], policy: Policy) -> list[Classification]:
    """One classification for each text, in the same order."""
    lexicon = policy.lexicon
    plain = [letters(normalise(text)) for text in texts]
    found = [{number for _, number in lexicon.words.iter(text)} for text in plain]
    grave = [_gravity(text, spoken, lexicon) for text, spoken in zip(plain, found, strict=True)]
    heard = [
        spoken - lexicon.alarming if severity is None else spoken
        for spoken, severity in zip(found, grave, strict=True)
    ]
    scores = _count(heard, lexicon)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :3]
    ranked = np.take_along_axis(scores, order, axis=1).tolist()
    confidence = _confidence(scores, lexicon.thresholds.scale).tolist()
    return [
        _judge(list(zip(best, ranks, strict=True)), sure, spoken, severity, policy)
        for best, ranks, sure, spoken, severity in zip(
            order.tolist(), ranked, confidence, heard, grave, strict=True
        )
    ]


def _gravity(text: str, spoken: set[int], lexicon: Lexicon) -> int | None:
    return None if lexicon.alarming.isdisjoint(spoken) else danger(text, lexicon)


def _count(spoken: Sequence[set[int]], lexicon: Lexicon) -> Scores:
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


def _confidence(scores: Scores, scale: float) -> Scores:
    """How much of the belief the best one has: a softmax, flattened for long texts with many words."""
    best = scores.max(axis=1, keepdims=True, initial=0.0)
    shares = np.exp((scores - best) * (scale / np.sqrt(best + 0.3)))
    return np.asarray(1.0 / shares.sum(axis=1))


def _judge(
    ranked: list[tuple[int, float]],  # the three best: position of the category, score
    confidence: float,
    spoken: set[int],
    grave: int | None,
    policy: Policy,
) -> Classification:
    (first, best), (_, second), _ = ranked
    if best == 0.0:
        severity = policy.unsure.severity if grave is None else grave
        return Classification(None, 0.0, severity, (), (), grave is not None, Doubt.NO_CATEGORY)
    lexicon = policy.lexicon
    words = _speakers(first, spoken, lexicon)
    doubt = _doubt(best, best - second, confidence, lexicon)
    category = policy.categories[lexicon.codes[first]]
    return Classification(
        category.code,
        round(confidence, 3),
        category.severity if grave is None else min(category.severity, grave),
        _alternatives(ranked, spoken, lexicon) if doubt else ((category.code, round(best, 2), words),),
        words,
        grave is not None or (doubt is None and category.limit_class == policy.urgent_class),
        doubt,
    )


def _alternatives(
    ranked: list[tuple[int, float]], spoken: set[int], lexicon: Lexicon
) -> tuple[Alternative, ...]:
    return tuple(
        (lexicon.codes[position], round(score, 2), _speakers(position, spoken, lexicon))
        for position, score in ranked
        if score
    )


def _speakers(category: int, spoken: set[int], lexicon: Lexicon) -> tuple[str, ...]:
    """The words whose vote for the category counts, the heaviest first, at most eight."""
    says, words, generic = lexicon.votes.by_word, lexicon.votes.words, lexicon.thresholds.generic
    heard = [(-weight, word) for word in spoken if (weight := says[word].get(category))]
    heard.sort()
    counted: list[str] = []
    heavier: list[str] = []  # the generic ones so far
    for _, number in heard:
        word = words[number]
        again = is_generic(says[number], generic) and any(word in one or one in word for one in heavier)
        if is_generic(says[number], generic):
            heavier.append(word)
        if not again:
            counted.append(word)
        if len(counted) == 8:
            break
    return tuple(counted)


def _doubt(best: float, margin: float, confidence: float, lexicon: Lexicon) -> Doubt | None:
    limits = lexicon.thresholds
    if best < limits.score:
        return Doubt.NO_CATEGORY
    return Doubt.AMBIGUOUS_CATEGORY if confidence < limits.confidence or margin < limits.margin else None
