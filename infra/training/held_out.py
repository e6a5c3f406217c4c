"""Answers to texts by models that have not learnt from them, nor from near-duplicates of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridward.policy.model import Matrix
from infra.training.examples import Example
from infra.training.fit import BEST, NEVER, Recipe, learn_on, survey
from infra.training.folds import folds_of

PARTS = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """For each example, in order: its scores (n x codes), its urgency (n x 2), the fold it was held out in (n)."""

    codes: tuple[str, ...]
    scores: Matrix
    urgency: Matrix
    fold: NDArray[np.intp]


def answer(
    examples: Sequence[Example],
    unlabelled: Sequence[str],
    recipe: Recipe = BEST,
    parts: int = PARTS,
    say: Callable[[str], None] = lambda line: None,
) -> Answers:
    """Cross-validation. The meanings of n-grams are taken once from all texts, as no label is looked at for that."""
    texts = [one.text for one in examples]
    ground = survey([*texts, *unlabelled], recipe)
    say(f"{len(ground.bucket):,} n-grams, {recipe.meanings} meanings")
    fold = folds_of(texts, parts, recipe.seed)
    codes = tuple(sorted({one.code for one in examples}))
    scores = np.full((len(texts), len(codes)), NEVER, dtype=np.float32)
    urgency = np.zeros((len(texts), 2), dtype=np.float32)
    for part in range(parts):
        held, learnt = np.flatnonzero(fold == part), np.flatnonzero(fold != part)
        model = learn_on(ground, [examples[n] for n in learnt.tolist()], recipe)
        said = model.scores([texts[n] for n in held.tolist()])
        columns = np.searchsorted(codes, model.codes)
        scores[held[:, None], columns] = said[:, : len(columns)]
        urgency[held] = said[:, len(columns) :]
        say(f"fold {part + 1} of {parts}")
    return Answers(codes, scores, urgency, fold)
