"""From labelled reports to the model that ships: held-out answers to calibrate by, then all of them to learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridward.policy.classify import Classification, classify, hear
from gridward.policy.model import Matrix, Model, signs
from gridward.policy.policy import Policy
from gridward.policy.voices import Voices
from gridward.policy.votes import count
from infra.training.examples import Example
from infra.training.fit import BEST, Recipe, calibrate, calibrate_urgency, learn
from infra.training.held_out import Answers, answer


@dataclass(frozen=True, slots=True)
class Trained:
    """The model, and what models that had not learnt from them say of the same examples."""

    model: Model
    held_out: list[Classification]


@dataclass(frozen=True, eq=False)
class HeldOutVoices(Voices):
    """Answers as the model would have given them, had it not learnt from the texts that it is asked about."""

    answers: Answers

    def scores(self, texts: Sequence[str], eased: Matrix) -> tuple[Matrix, Matrix]:
        """For all the examples at once, in their order."""
        return self.together(self.answers.scores, eased), self.answers.urgency


def train(
    examples: Sequence[Example],
    unlabelled: Sequence[str],
    policy_with: Callable[[Model], Policy],
    today: date,
    recipe: Recipe = BEST,
    say: Callable[[str], None] = lambda line: None,
    calibrated_by: Callable[[Example], bool] = lambda one: True,
    alarmed_by: Callable[[Example], bool] = lambda one: True,
) -> Trained:
    """`policy_with`: the policy whose words speak beside a model. `calibrated_by`: examples to read the surety from,
    where the words of the policy were chosen by looking at some of the others. `alarmed_by`: those to read the
    likelihood of urgency from, where readers differed in what they called urgent.
    """
    answers = answer(examples, unlabelled, recipe, say=say)
    say("learning from all of them")
    model = learn(examples, unlabelled, recipe)
    policy = policy_with(model)
    sure, alarmed = _chosen(examples, calibrated_by), _chosen(examples, alarmed_by)
    model = calibrated(model, answers, examples, policy, sure, alarmed)
    policy = policy_with(replace(model, about=_about(model, examples, unlabelled, today)))
    assert policy.voices is not None
    held = HeldOutVoices(**_fields(policy.voices), answers=answers)
    found = classify([one.text for one in examples], replace(policy, voices=held))
    return Trained(policy.voices.model, found)


def _chosen(examples: Sequence[Example], by: Callable[[Example], bool]) -> NDArray[np.bool_]:
    """Those that are chosen; all where there are none."""
    chosen = np.array([by(one) for one in examples])
    return chosen if chosen.any() else ~chosen


def calibrated(
    model: Model,
    answers: Answers,
    examples: Sequence[Example],
    policy: Policy,
    sure: NDArray[np.bool_],
    alarmed: NDArray[np.bool_],
) -> Model:
    """The model with its steepness and its two curves: the surety of `sure` examples, the urgency of `alarmed` ones."""
    voices = policy.voices
    assert voices is not None, "words.yaml needs a model row"
    heard = [hear(one.text, (), policy.lexicon) for one in examples]
    votes = count([one.words for one in heard], policy.lexicon)
    eased = voices.eased(votes)
    scores = voices.together(answers.scores, eased)
    lengths = np.array([len(one.text) for one in examples], dtype=np.float32)
    right = np.array(
        [
            voices.codes[n] in (one.code, one.also)
            for n, one in zip(scores.argmax(axis=1).tolist(), examples, strict=True)
        ]
    )
    code = np.array([voices.codes.index(one.code) for one in examples])
    model = calibrate(model, scores[sure], eased[sure], lengths[sure], right[sure], code[sure])
    dangers = np.array([one.severity for one in heard], dtype=np.float32)
    often = model.belief(scores) @ voices.often
    over = np.array([one.over for one in heard])
    seen = signs(answers.urgency, lengths, dangers, often, over)
    said = alarmed & [one.urgent is not None for one in examples]
    urgent = np.array([bool(one.urgent) for one in examples])
    return calibrate_urgency(model, seen[said], urgent[said])


def _fields(voices: Voices) -> dict[str, Any]:
    return {name: getattr(voices, name) for name in Voices.__dataclass_fields__}


def _about(
    model: Model, examples: Sequence[Example], unlabelled: Sequence[str], today: date
) -> dict[str, object]:
    origins = sorted({one.origin for one in examples})
    return {
        "trained": today.isoformat(),
        "examples": {origin: sum(one.origin == origin for one in examples) for origin in origins},
        "unlabelled": len(unlabelled),
        "n_grams": len(model.bucket),
    }
