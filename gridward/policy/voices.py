"""The model and the words of a policy, brought to the same list of categories so that their scores can be added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridward.policy.model import Floats, Matrix, Model
from gridward.policy.schema import ModelRow
from gridward.policy.votes import Scores

Columns = NDArray[np.intp]

# A category that the model never saw has its words only; they must then speak up against a model that knows others.
ALONE = 4.0
# Many words say little more than some: the sum of the votes is divided by the root of the best (and a bit).
_EASE = 0.3


@dataclass(frozen=True, eq=False)
class Voices:
    """`codes` are the policy's categories; the columns say where each is in model and words (-1: nowhere)."""

    codes: tuple[str, ...]
    model: Model
    settings: ModelRow
    in_model: Columns
    in_words: Columns
    often: Matrix  # codes x 2: as in the model, and what is taken for a category that it never saw
    severity: Mapping[str, int]  # of each of `codes`
    at_once: frozenset[str]  # those of the urgent class

    def explains(self, code: str, danger: int) -> bool:
        """Whether a category is grave enough for a danger of this severity that was heard, or goes the urgent way."""
        return self.severity[code] <= danger + 1 or code in self.at_once

    def alarms(self, code: str) -> bool:
        """Whether somebody is sent within minutes to whatever is of that category: fires, people in the water.

        Of the urgent class are others, too, such as frauds; policy says how grave it must be (`model.over`).
        """
        grave = self.settings.over
        return grave is not None and self.severity[code] <= grave and code in self.at_once

    def urgency(
        self, said: Matrix, belief: Matrix, lengths: Floats, dangers: Floats, over: NDArray[np.bool_]
    ) -> Floats:
        """How likely each text must be acted on at once (`gridward.policy.model.signs`)."""
        return self.model.urgency(said, lengths, dangers, belief @ self.often, over)

    def scores(self, texts: Sequence[str], eased: Matrix) -> tuple[Matrix, Matrix]:
        """Normalised texts and the words' eased votes on them -> n x codes, and the model's word on urgency (n x 2)."""
        said = self.model.scores(texts)
        kinds = len(self.model.codes)
        return self.together(said[:, :kinds], eased), said[:, kinds:]

    def together(self, kinds: Matrix, eased: Matrix) -> Matrix:
        """The model's scores (n x its codes) and the words' eased votes (n x codes) -> n x codes."""
        strange = self.in_model < 0
        scores = kinds[:, self.in_model]
        scores[:, strange] = kinds.mean(axis=1, keepdims=True)
        loud = np.where(strange, ALONE, 1.0) * self.settings.words
        return np.asarray(scores + eased * loud, dtype=np.float32)

    def eased(self, votes: Scores) -> Matrix:
        """The words' votes as n x codes, so that a long text with many words does not shout."""
        best = votes.max(axis=1, keepdims=True, initial=0.0)
        eased = (votes / np.sqrt(best + _EASE))[:, self.in_words]
        eased[:, self.in_words < 0] = 0.0
        return np.asarray(eased, dtype=np.float32)


def voices(
    codes: Mapping[str, tuple[bool, int]], worded: Sequence[str], model: Model, settings: ModelRow
) -> Voices:
    """`codes`: the policy's categories, each with whether it is of the urgent class, and its severity; `worded`: those
    that the words vote for, in the order of the votes.
    """
    ordered = tuple(sorted(codes))
    in_model = _columns(ordered, model.codes)
    return Voices(
        ordered,
        model,
        settings,
        in_model,
        _columns(ordered, worded),
        _often(model, in_model, [codes[code][0] for code in ordered]),
        {code: codes[code][1] for code in ordered},
        frozenset(code for code in ordered if codes[code][0]),
    )


def _often(model: Model, in_model: Columns, urgent_class: Sequence[bool]) -> Matrix:
    """Of a category that the model never saw only the class is known: even odds for the urgent one, else the mean."""
    often = model.often[in_model]
    strange = np.flatnonzero(in_model < 0)
    often[strange] = model.often.mean(axis=0)
    often[strange[np.array(urgent_class)[strange]]] = 0.0
    return often


def _columns(codes: Sequence[str], among: Sequence[str]) -> Columns:
    at = {code: n for n, code in enumerate(among)}
    return np.array([at.get(code, -1) for code in codes], dtype=np.intp)
