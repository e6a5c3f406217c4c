"""Texts made to be slow: whatever is repeated for the whole length of a report, the time grows with the length only."""

from collections.abc import Callable
from functools import partial
from itertools import cycle
from time import perf_counter

import pytest

from gridward.policy.classify import classify
from gridward.policy.danger import must_never_miss
from gridward.policy.policy import Policy

LONGEST, SHORT = 5000, 500  # characters; the first is `intake.text_max`
SLOWEST = 0.1  # seconds; on an idle machine each of these takes less than 0.01
STEEPEST = 35.0  # 10 is linear, 100 quadratic; between them other work on the machine has its say
MEASURABLE = 0.0003  # seconds; below it the clock and the other work on the machine say more than the text
TRIES = 5  # the best of these, since other work on the machine only adds

REPEATED = {
    "a danger": "着火",
    "a danger, in clauses": "着火，",
    "a danger, in sentences": "着火。",
    "a danger and dots that are three marks each": "着火…",
    "a danger hidden by zero-width spaces": "着\u200b火",
    "a denied danger": "没有着火",
    "a lesson": "防火宣传",
    "a danger among lessons": "着火宣传",
    "a danger that is over": "着火已扑灭",
    "an exercise": "着火演练，",
    "an end": "已扑灭",
    "a cry for help": "救命",
    "a word of a category": "垃圾",
    "words of categories, in clauses": "垃圾，路灯，噪音，",
    "marks": "，。",
    "accents that pile up": "\u0315\u0300",
    "a character that becomes eighteen": "\ufdfa",
}


def filled(piece: str, length: int) -> str:
    return (piece * length)[:length]


def all_words(policy: Policy, length: int) -> str:
    """Every danger beside a context, a clause each."""
    words = policy.bundle.words
    said = words.contexts
    contexts = cycle([*said.before, *said.near, *said.sentence, *said.over])
    pairs = [
        context + word for row in words.must_never_miss for word in row.words for context in [next(contexts)]
    ]
    return filled("，".join(pairs), length)


def best_time(run: Callable[[], object]) -> float:
    times = []
    for _ in range(TRIES):
        start = perf_counter()
        run()
        times.append(perf_counter() - start)
    return min(times)


def check(short: str, longest: str, policy: Policy) -> None:
    for act in (must_never_miss, classify_one):
        brief = best_time(partial(act, short, policy))
        whole = best_time(partial(act, longest, policy))
        assert whole < SLOWEST
        assert whole / max(brief, MEASURABLE) < STEEPEST


def classify_one(text: str, policy: Policy) -> object:
    return classify([text], policy)


@pytest.mark.parametrize("piece", REPEATED.values(), ids=REPEATED.keys())
def test_repeating_costs_no_more_than_length(policy: Policy, piece: str) -> None:
    check(filled(piece, SHORT), filled(piece, LONGEST), policy)


def test_every_word_at_once_costs_no_more_than_length(policy: Policy) -> None:
    check(all_words(policy, SHORT), all_words(policy, LONGEST), policy)


def test_the_longest_text_is_the_one_that_policy_lets_in(policy: Policy) -> None:
    assert policy.intake.text_max == LONGEST


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("没有着火，" * 1000, False),
        ("没有着火，" * 999 + "着火了", True),
        ("着火了，" + "没有着火，" * 999, True),
        ("着火，已扑灭。" * 700, False),
        ("着火，已扑灭。" * 700 + "又着火", True),
        ("消防演练，着火" * 700, False),
    ],
)
def test_one_danger_among_a_thousand_harmless_ones_is_heard(policy: Policy, text: str, urgent: bool) -> None:
    assert must_never_miss(text, policy) is urgent


def test_a_condition_before_many_dangers_costs_no_more_than_length(policy: Policy) -> None:
    short, longest = (f"如果{'着火' * (length // 2 - 4)}怎么办" for length in (SHORT, LONGEST))
    check(short, longest, policy)
