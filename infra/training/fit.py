"""Learns a model: rare n-grams are dropped, meanings are taken from all texts, and two classifiers decide together.

Latent semantic analysis over labelled and unlabelled texts says which n-grams mean similar things. A linear support
vector machine learns from the n-grams and those meanings, a softmax regression from the meanings and from the second
categories that readers gave. As all of them are linear, they fold into one matrix: the worker multiplies once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from gridward.policy.model import SIGNS, Matrix, Model, evidence, shares, weigh
from gridward.policy.ngrams import Counts, count
from infra.training import softmax
from infra.training.examples import Example

BITS = 22
NEVER = -9.0  # the score of a category that no example had
ALSO = 0.25  # the share of belief in the second category that a reader gave
ROUNDS = 60
LOUDNESS = 0.5  # spread of the scores: `model.words` in words.yaml says how loud the words are beside that
LONG = 100  # letters from which a report tells its story as complaints do
UNREAD = 5.0  # reports of each category that are imagined beside those read
STEEPNESSES = np.arange(1.0, 8.0, 0.25)


Linear = tuple[Matrix, NDArray[np.float32]]  # weights (n-grams x codes) and bias


@dataclass(frozen=True, slots=True)
class Recipe:
    """What was found best by cross-validation (docs/triage.md)."""

    seen_in: int = 5  # texts that an n-gram must occur in
    meanings: int = 800
    penalty: float = 0.5  # of the vector machine: the smaller, the plainer
    soft_penalty: float = 0.12  # of the regression: the larger, the plainer
    softness: float = 1.5  # how loud the regression speaks beside the vector machine
    evenness: float = 0.25  # 0: a common category counts by its number, 1: each category counts alike
    urgent_penalty: float = 0.3  # of the two vector machines on urgency: the smaller, the plainer
    overheard: float = 0.1  # how much each of them hears of reports of the other length
    seed: int = 0


BEST = Recipe()


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known of the language before anything of categories: buckets kept, their rarity, their meanings."""

    bucket: NDArray[np.int32]
    row: NDArray[np.int32]
    rarity: NDArray[np.float32]
    meaning: Matrix  # buckets x meanings


def learn(examples: Sequence[Example], unlabelled: Sequence[str], recipe: Recipe = BEST) -> Model:
    """A model of the examples' categories. What it believes is not yet calibrated (`calibrate`)."""
    ground = survey([*(one.text for one in examples), *unlabelled], recipe)
    return learn_on(ground, examples, recipe)


def learn_on(ground: Ground, examples: Sequence[Example], recipe: Recipe) -> Model:
    plain = weigh(count([one.text for one in examples], BITS), ground.row, ground.rarity)
    seen = np.asarray(plain @ ground.meaning)
    both = scipy.sparse.hstack([plain, scipy.sparse.csr_matrix(seen)]).tocsr()
    codes = tuple(sorted({one.code for one in examples}))
    kinds = _machine(recipe).fit(both, [one.code for one in examples])
    columns = kinds.coef_.T.astype(np.float32)
    size = len(ground.bucket)
    machine = columns[:size] + ground.meaning @ columns[size:], kinds.intercept_.astype(np.float32)
    soft, soft_bias = _softly(seen, examples, codes, recipe)
    weights, bias = _together(plain, machine, (ground.meaning @ soft, soft_bias), recipe.softness)
    alarm, alarm_bias = _urgently(both, examples, recipe)
    return Model(
        codes,
        BITS,
        ground.bucket,
        ground.rarity,
        np.hstack([weights, alarm[:size] + ground.meaning @ alarm[size:]]),
        np.concatenate([bias, alarm_bias]),
        1.0,
        np.array([0, 0, 1, 0, 0, 0], dtype=np.float32),
        np.zeros(SIGNS, dtype=np.float32),
        _often(examples, codes, recipe),
        {},
    )


def _together(plain: Any, machine: Linear, soft: Linear, softness: float) -> Linear:
    """Both in one, as loud as what the words of policies were weighed against.

    The one's scores are margins, the other's logarithms of odds: each is first brought to the same loudness.
    """
    louds = [_loudness(plain @ weights + bias) for weights, bias in (machine, soft)]
    parts = 1 / louds[0], softness / louds[1]
    weights, bias = (parts[0] * one + parts[1] * other for one, other in zip(machine, soft, strict=True))
    loud = LOUDNESS / _loudness(plain @ weights + bias)
    return weights * np.float32(loud), bias * np.float32(loud)


def _loudness(scores: Matrix) -> float:
    return float((scores - scores.mean(axis=1, keepdims=True)).std())


def _softly(
    meanings: Matrix, examples: Sequence[Example], codes: tuple[str, ...], recipe: Recipe
) -> tuple[Matrix, NDArray[np.float32]]:
    """Weights of the meanings (meanings x codes) and the bias."""
    at = {code: n for n, code in enumerate(codes)}
    told = np.zeros((len(examples), len(codes)))
    for n, one in enumerate(examples):
        also = at.get(one.also or "")
        told[n, at[one.code]] = 1.0 if also is None else 1 - ALSO
        if also is not None:
            told[n, also] += ALSO
    code = np.array([at[one.code] for one in examples])
    rarity = len(code) / (len(codes) * np.bincount(code, minlength=len(codes)))
    seen = np.column_stack([meanings, np.full(len(examples), 0.5)])
    found = softmax.fit(seen, told, rarity[code] ** recipe.evenness, recipe.soft_penalty, ROUNDS)
    return found[:-1].astype(np.float32), (0.5 * found[-1]).astype(np.float32)


def _urgently(
    both: scipy.sparse.csr_matrix, examples: Sequence[Example], recipe: Recipe
) -> tuple[Matrix, NDArray[np.float32]]:
    """Weights (n-grams and meanings x 2) and biases of urgency as short reports tell it, and as long ones do.

    A call of one line is urgent in other words than a complaint that tells a year's story.
    """
    said = [n for n, one in enumerate(examples) if one.urgent is not None]
    urgent = np.array([examples[n].urgent for n in said])
    found = [
        LinearSVC(C=recipe.urgent_penalty, random_state=recipe.seed).fit(
            both[said], urgent, sample_weight=heard[said]
        )
        for heard in _heard(examples, recipe)
    ]
    return (
        np.stack([one.coef_[0] for one in found], axis=1).astype(np.float32),
        np.array([one.intercept_[0] for one in found], dtype=np.float32),
    )


def _often(examples: Sequence[Example], codes: tuple[str, ...], recipe: Recipe) -> Matrix:
    """Codes x 2: the logarithm of the odds that such a matter is urgent, among short reports and among long ones."""
    at = {code: n for n, code in enumerate(codes)}
    said = [n for n, one in enumerate(examples) if one.urgent is not None]
    code = np.array([at[examples[n].code] for n in said], dtype=np.intp)
    urgent = np.array([examples[n].urgent for n in said], dtype=np.float64)
    columns = []
    for heard in _heard(examples, recipe):
        weight = heard[said]
        # As if a few more of each had been read, urgent as often as all are: what is rare must not seem certain.
        mean = np.average(urgent, weights=weight)
        yes = np.bincount(code, weight * urgent, len(codes)) + UNREAD * mean
        all_read = np.bincount(code, weight, len(codes)) + UNREAD
        columns.append(np.log(yes / (all_read - yes)))
    return np.stack(columns, axis=1).astype(np.float32)


def _heard(examples: Sequence[Example], recipe: Recipe) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much each example counts where short reports are listened to, and where long ones are."""
    long = np.array([len(one.text) >= LONG for one in examples])
    return np.where(long, recipe.overheard, 1.0), np.where(long, 1.0, recipe.overheard)


def _machine(recipe: Recipe) -> Any:
    # Balanced: a rare kind of matter is no less a matter, and short reports name all kinds alike.
    return LinearSVC(C=recipe.penalty, class_weight="balanced", random_state=recipe.seed)


def survey(texts: Sequence[str], recipe: Recipe) -> Ground:
    counts = count(texts, BITS)
    bucket, rarity = _kept(counts, len(texts), recipe.seen_in)
    row = np.full(1 << BITS, -1, dtype=np.int32)
    row[bucket] = np.arange(len(bucket), dtype=np.int32)
    plain = weigh(counts, row, rarity)
    found = TruncatedSVD(recipe.meanings, n_iter=2, random_state=recipe.seed).fit(plain)
    meaning = found.components_.T
    spread = np.sqrt((np.asarray(plain @ meaning) ** 2).sum(axis=1).mean())
    return Ground(bucket, row, rarity, (meaning / spread).astype(np.float32))


def _kept(counts: Counts, texts: int, seen_in: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    bucket, spread = np.unique(counts.bucket, return_counts=True)
    enough = spread >= seen_in
    rarity = np.log((1 + texts) / (1 + spread[enough])) + 1
    return bucket[enough].astype(np.int32), rarity.astype(np.float32)


def calibrate(
    model: Model,
    scores: Matrix,
    votes: Matrix,
    lengths: NDArray[np.float32],
    right: NDArray[np.bool_],
    code: NDArray[np.intp],
) -> Model:
    """Read the shares of belief and the surety from answers to texts that the scorer had not learnt from.

    `votes`: what the words say, n x the same codes; `right`: whether the best code of each row counts as right;
    `code`: the column that the reader filed it under.
    """
    steepness = float(min(STEEPNESSES, key=lambda one: _surprise(scores * one, code)))
    model = replace(model, steepness=steepness)
    seen = evidence(scores, model.belief(scores), votes, lengths)
    curve = LogisticRegression(fit_intercept=False, C=100.0, max_iter=1000).fit(seen, right)
    return replace(model, curve=curve.coef_[0].astype(np.float32))


def calibrate_urgency(model: Model, seen: Matrix, urgent: NDArray[np.bool_]) -> Model:
    """`seen`: what `gridward.policy.model.signs` gives for texts that the scorer had not learnt from."""
    curve = LogisticRegression(fit_intercept=False, C=10.0, max_iter=2000).fit(seen, urgent)
    return replace(model, alarm=curve.coef_[0].astype(np.float32))


def _surprise(scores: Matrix, code: NDArray[np.intp]) -> float:
    """The mean negative logarithm of the share that the reader's category has."""
    return float(-np.log(np.maximum(shares(scores)[np.arange(len(code)), code], 1e-9)).mean())
