"""Learning and measuring: near-duplicates stay together, held-out answers are held out, figures mean what they say."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from gridward.domain.errors import Refused
from gridward.domain.events import Doubt
from gridward.policy.classify import Classification
from gridward.policy.load import compile_policy, load_bundle
from gridward.policy.model import read, write
from infra.commands.train import said_of
from infra.training.examples import OURS, Example, as_today, read_examples
from infra.training.fit import Recipe
from infra.training.folds import folds_of
from infra.training.ground import gather
from infra.training.measure import calibration_error, measure, share_at
from infra.training.train import train
from tests.policy.test_history import with_changes

SMALL = Recipe(seen_in=3, meanings=60)


def some(categories: int) -> list[Example]:
    examples = [one for path in sorted(OURS.glob("field_*.jsonl")) for one in read_examples(path)]
    codes = sorted({one.code for one in examples})[:categories]
    return [one for one in examples if one.code in codes]


def test_near_duplicates_are_in_one_fold() -> None:
    texts = [f"第{n}组村口路灯坏了三天没有人来修晚上看不见路" for n in "一二三四五六七八九"]
    others = [one.text for one in some(3)]
    fold = folds_of([*texts, *others], 5)
    assert len(set(fold[: len(texts)].tolist())) == 1
    assert len(set(fold.tolist())) == 5


def test_a_model_learns_what_it_is_shown_and_is_measured_on_what_it_was_not(tmp_path: Path) -> None:
    examples = some(12)
    bundle = load_bundle()
    trained = train(examples, [], lambda model: compile_policy(bundle, 0, model), date(2026, 1, 1), SMALL)
    right = np.mean(
        [it.code in (one.code, one.also) for one, it in zip(examples, trained.held_out, strict=True)]
    )
    assert 0.6 < right < 0.99  # of twelve; chance is 0.08, and what is learnt by heart is 1
    assert trained.model.about["trained"] == "2026-01-01"
    write(trained.model, tmp_path / "model.npz")
    assert read(tmp_path / "model.npz").codes == tuple(sorted({one.code for one in examples}))


def an_answer(code: str | None, confidence: float = 0.9, doubt: Doubt | None = None) -> Classification:
    return Classification(code, confidence, 3, ((code or "9999", 0.9, ()),), (), False, doubt)


def test_a_second_category_counts_as_right_and_a_neighbour_of_the_same_unit_for_the_unit() -> None:
    one = Example("1", "文", "0501", "0503", 4, True, "set")
    units = {"0501": "环卫所", "0503": "环卫所", "0502": "环卫所", "0101": "村社区"}
    found = [an_answer("0503"), an_answer("0502"), an_answer("0101", doubt=Doubt.AMBIGUOUS_CATEGORY)]
    quality = measure([one, replace(one, id="2"), replace(one, id="3")], found, units)
    assert (quality.top1, quality.first_level) == (pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (quality.dispatched, quality.dispatched_right, quality.unit_right) == (
        pytest.approx(2 / 3),
        0.5,
        1.0,
    )
    assert (quality.urgent_recall, quality.severity_within_one) == (0.0, 1.0)


def test_the_share_at_a_rightness_is_the_largest() -> None:
    right = np.array([True] * 19 + [False] + [True] * 19 + [False, False, False])
    sure = np.linspace(1, 0, len(right))
    assert share_at(sure, right, 0.95) == pytest.approx(40 / 42)
    assert share_at(sure, ~right, 0.95) == 0.0


def test_a_surety_that_is_too_high_shows_as_an_error() -> None:
    right = np.array([True, False] * 50)
    assert calibration_error(np.full(100, 0.9), right) == pytest.approx(0.4)
    assert calibration_error(np.full(100, 0.5), right) == pytest.approx(0.0)


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "more.jsonl"
    path.write_text(json.dumps({"id": "1", "text": "文", "code": "0501"}) + "\n", encoding="utf-8")
    with pytest.raises(Refused, match="line 1 needs"):
        read_examples(path)


def test_examples_follow_what_became_of_their_category_and_what_cannot_is_counted() -> None:
    table = with_changes(
        load_bundle(), ("rename", "0591", "0501"), ("split", "0592", "0502 0503"), ("retire", "0593", "")
    ).categories
    one = Example("1", "文", "0591", "0592", 4, None, "corrections")
    examples = [
        one,
        replace(one, code="0504", also="0591"),
        replace(one, also="0501"),
        *(replace(one, code=code, also=None) for code in ("0592", "0592", "0593", "0000")),
    ]
    kept, left_out = as_today(examples, table)
    assert [(one.code, one.also) for one in kept] == [("0501", None), ("0504", "0501"), ("0501", None)]
    assert left_out == {"0592": 2, "0593": 1, "0000": 1}
    assert "4 条" in said_of(left_out)
    assert said_of(left_out).endswith("0000 1, 0592 2, 0593 1")


def test_without_the_shared_texts_our_own_are_learnt_from(tmp_path: Path) -> None:
    material = gather(tmp_path)
    assert len(material.examples) >= 2208
    assert material.unlabelled == []


def test_our_own_reports_are_labelled_with_categories_that_exist_and_are_no_repeats() -> None:
    known = {row.code for row in load_bundle().categories.categories}
    examples = gather(Path("/nonexistent")).examples
    assert {one.code for one in examples} <= known
    assert {one.also for one in examples} - {None} <= known
    texts = [one.text for one in examples]
    assert len(set(texts)) > 0.995 * len(texts)
    assert len({one.id for one in examples}) == len(examples)


def test_each_label_of_ours_finds_its_complaint(shared_data: Path) -> None:
    """The labels are worth nothing without: a number that names no complaint would go unnoticed."""
    with (OURS / "message_labels.csv").open(encoding="utf-8", newline="") as file:
        numbers = [row["id"] for row in csv.DictReader(file)]
    learnt = {one.id for one in gather(shared_data / "text").examples if one.origin == "messages"}
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) == learnt
