"""The trained part of triage: which category a text is of, learnt from labelled reports (`gridward train`).

A linear model over hashed n-grams: one row of weights for each n-gram that enough texts had, one column for each
category and one for "urgent". It is read from one file of plain arrays, which runs no code, and answers a batch
with one product of a sparse and a dense matrix.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from gridward.domain.errors import Refused
from gridward.policy.ngrams import Counts, count, places

Floats = NDArray[np.float32]
Matrix = NDArray[np.float32]

SHIPPED = Path(__file__).parent / "data" / "model.npz"
FORMAT = 3
SIGNS = 15  # columns of `signs`
MOST_READ = 1500  # letters of a text: whoever writes more has said by then what it is about
WORD = 6  # letters; what speaks for a category is shown in stretches of at most so many


@dataclass(frozen=True, eq=False)
class Model:
    """Weights and what they were learnt from. `about` is the model card's data: figures, dates, numbers of texts."""

    codes: tuple[str, ...]
    bits: int
    bucket: NDArray[np.int32]  # sorted: the buckets that have a row
    rarity: Floats  # how much an n-gram of that bucket says: inverse document frequency
    weights: Matrix  # buckets x (codes, then urgency as short reports tell it, then as long ones do)
    bias: Floats
    steepness: float  # what turns a lead of scores into shares of belief
    curve: Floats  # logistic, over what tells of surety: see `evidence`
    alarm: Floats  # logistic, over what tells of urgency: see `signs`
    often: Matrix  # codes x 2: logarithm of the odds that such a matter is urgent, among short reports, among long ones
    about: Mapping[str, Any]
    sha256: str = ""

    @cached_property
    def row(self) -> NDArray[np.int32]:
        """The row of each bucket, -1 for none."""
        rows = np.full(1 << self.bits, -1, dtype=np.int32)
        rows[self.bucket] = np.arange(len(self.bucket), dtype=np.int32)
        return rows

    def scores(self, texts: Sequence[str]) -> Matrix:
        """n normalised texts -> n x (codes, then the two of urgency)."""
        seen = weigh(count([text[:MOST_READ] for text in texts], self.bits), self.row, self.rarity)
        return np.asarray(seen @ self.weights + self.bias, dtype=np.float32)

    def belief(self, scores: Matrix) -> Matrix:
        """Shares that sum to 1, from scores of n x any number of codes."""
        return shares(scores * self.steepness)

    def surety(self, scores: Matrix, belief: Matrix, votes: Matrix, lengths: Floats) -> Floats:
        """How likely the best of each row of scores is right; the arguments as for `evidence`."""
        return _logistic(evidence(scores, belief, votes, lengths) @ self.curve)

    def urgency(
        self, said: Matrix, lengths: Floats, dangers: Floats, often: Matrix, over: NDArray[np.bool_]
    ) -> Floats:
        """How likely each matter must be acted on at once; the arguments as for `signs`."""
        return _logistic(signs(said, lengths, dangers, often, over) @ self.alarm)

    def reading(self, text: str, codes: Sequence[str]) -> "Reading":
        """A normalised text, read for these categories; those that the model never saw say nothing."""
        return Reading(self, text[:MOST_READ], tuple(code for code in codes if code in self.codes))


@dataclass(frozen=True, eq=False)
class Reading:
    """What in a text speaks for some categories and against the others. The text is read once, when first asked."""

    model: Model
    text: str
    codes: tuple[str, ...]

    def speakers(self, code: str, most: int = 4) -> tuple[str, ...]:
        """The stretches of the text that spoke most for `code` and against the others; for one that is not among
        them, none.
        """
        if code not in self.codes:
            return ()
        known, says = self._said
        column = self.codes.index(code)
        others = np.delete(says, column, axis=1)
        lead = says[:, column] - others.mean(axis=1) if len(self.codes) > 1 else says[:, column]
        spoken = np.zeros(sum(len(keys) for _, _, keys in self._places), dtype=np.float32)
        spoken[known] = lead
        loud = np.zeros(len(self.text), dtype=np.float32)
        start = 0
        for length, ends, _ in self._places:
            for at in range(length):
                loud[at : at + ends] += spoken[start : start + ends] / length
            start += ends
        return _stretches(self.text, loud, most)

    @cached_property
    def _places(self) -> list[tuple[int, int, NDArray[np.int64]]]:
        return places(self.text, self.model.bits)

    @cached_property
    def _said(self) -> tuple[NDArray[np.intp], Matrix]:
        """Which of the n-grams of all places the model knows, and what each says: n-grams x codes."""
        rows = self.model.row[np.concatenate([keys for _, _, keys in self._places])]
        known = np.flatnonzero(rows >= 0)
        columns = [self.model.codes.index(code) for code in self.codes]
        rows = rows[known][:, None]
        return known, self.model.weights[rows, columns] * self.model.rarity[rows]


def weigh(counts: Counts, row: NDArray[np.int32], rarity: Floats) -> scipy.sparse.csr_matrix:
    """Texts x rows: (1 + log count) x rarity, each text scaled to length one, so that a long complaint and a short
    call speak equally loud.
    """
    rows = row[counts.bucket]
    known = np.flatnonzero(rows >= 0)
    rows, times = rows[known], counts.count[known]
    values = rarity[rows]
    again = np.flatnonzero(times > 1)  # few: nearly all n-grams stand once in a text
    values[again] *= 1 + np.log(times[again])
    start = np.searchsorted(known, counts.start)
    squares = np.concatenate(([0.0], np.cumsum(values * values, dtype=np.float64)))
    norms = np.sqrt(squares[start[1:]] - squares[start[:-1]])
    values /= np.repeat(norms.astype(np.float32), np.diff(start))
    return scipy.sparse.csr_matrix((values, rows, start), shape=(len(start) - 1, len(rarity)))


def evidence(scores: Matrix, belief: Matrix, votes: Matrix, lengths: Floats) -> Matrix:
    """What the surety of an answer is read from: the lead and the log share of the best, and what the words of policy
    (`votes`, n x the same codes) say of it: their voice for it, and its lead over what they would rather have.
    """
    at = np.arange(len(scores))
    order = np.argsort(-scores, axis=1)
    best, second = order[:, 0], order[:, 1]
    others = votes.copy()
    others[at, best] = 0.0
    said, rather = votes[at, best], others.max(axis=1)
    columns = [
        np.ones(len(scores)),
        scores[at, best] - scores[at, second],
        np.log(np.maximum(belief[at, best], 1e-6)),
        np.log1p(lengths),
        said,
        said - rather,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def signs(said: Matrix, lengths: Floats, dangers: Floats, often: Matrix, over: NDArray[np.bool_]) -> Matrix:
    """What urgency is read from: the model's own two columns (n x 2), the letters, the gravest danger heard (0 none, 2
    or 1), the odds that matters of the categories believed in have (n x 2), and whether an end is told (扑灭了).

    A danger says less in a long complaint, which tells old stories too; and what is urgent in it is told otherwise.
    """
    long = np.log1p(lengths) / 5
    first, second = (dangers == 1).astype(np.float32), (dangers == 2).astype(np.float32)
    short_tale, long_tale = said[:, 0], said[:, 1]
    columns = [
        np.ones_like(long),
        long,
        short_tale,
        long_tale,
        short_tale * long,
        long_tale * long,
        first,
        second,
        first * long,
        second * long,
        over.astype(np.float32),
        *often.T,
        *(often.T * long),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def read(path: Path = SHIPPED) -> Model:
    """A model from its file. Raises `Refused` with one line when the file is none of ours."""
    try:
        with np.load(path, allow_pickle=False) as held:
            about = json.loads(bytes(held["about"]).decode())
            if about["format"] != FORMAT:
                raise Refused(
                    f"{path}: 模型格式 {about['format']} 不受支持, 请用 gridward train 重新训练; "
                    f"its format is not {FORMAT}: train it anew"
                )
            weights = held["weights"].astype(np.float32) * held["scale"]
            return Model(
                tuple(about["codes"]),
                int(about["bits"]),
                held["bucket"],
                held["rarity"].astype(np.float32),
                weights,
                held["bias"],
                float(about["steepness"]),
                held["curve"],
                held["alarm"],
                held["often"],
                about,
                sha256(path.read_bytes()).hexdigest(),
            )
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise Refused(f"{path}: 不是可用的模型文件, no usable model: {error}") from error


def write(model: Model, path: Path) -> None:
    """One byte for a weight: what is lost is far below what the model knows."""
    scale = np.maximum(np.abs(model.weights).max(axis=0), 1e-9) / 127
    about = dict(model.about) | {
        "format": FORMAT,
        "codes": list(model.codes),
        "bits": model.bits,
        "steepness": model.steepness,
    }
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
            bucket=model.bucket,
            rarity=model.rarity.astype(np.float16),
            weights=np.round(model.weights / scale).astype(np.int8),
            scale=scale.astype(np.float32),
            bias=model.bias,
            curve=model.curve,
            alarm=model.alarm,
            often=model.often,
        )


def _logistic(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


def shares(scores: Matrix) -> Matrix:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float32)


def _stretches(text: str, loud: Floats, most: int) -> tuple[str, ...]:
    """The loudest stretches, none overlapping another, in the order of their loudness."""
    found: list[tuple[float, str]] = []
    loud = loud.copy()
    while len(found) < most and len(text):
        at = int(loud.argmax())
        if loud[at] <= 0:
            break
        enough = loud[at] / 3
        first, last = at, at + 1
        while first > 0 and loud[first - 1] > enough and last - first < WORD:
            first -= 1
        while last < len(text) and loud[last] > enough and last - first < WORD:
            last += 1
        word = text[first:last].strip(",.!?;:。、()")
        if len(word) > 1:
            found.append((float(loud[first:last].sum()), word))
        loud[first:last] = 0
    return tuple(dict.fromkeys(word for _, word in sorted(found, reverse=True)))
