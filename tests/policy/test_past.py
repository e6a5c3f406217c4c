"""Earlier matters are alike by words, place and kind; that another stair is meant does not make them less so."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gridward.policy.past import most_alike
from gridward.policy.policy import Policy
from gridward.policy.same import Matter
from gridward.policy.same_rows import PastRows, SameRows

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ONE = Matter("3栋楼下的垃圾桶满了没有人来清运，味道很大", AT, "0501", 118.41, 30.93)
BEFORE = replace(ONE, text="5栋门口垃圾桶满了三天没人清运，臭", at=AT - timedelta(days=400))


@pytest.fixture(scope="module")
def rules(policy: Policy) -> SameRows:
    return policy.bundle.same


def test_another_stair_a_year_ago_is_a_matter_like_it(rules: SameRows) -> None:
    ((n, like),) = most_alike(ONE, [BEFORE], rules)
    assert n == 0
    assert like.contradicts  # so it is no repeat, and yet like it


def test_other_words_and_other_places_are_left_out(rules: SameRows) -> None:
    others = [replace(BEFORE, text="路灯坏了晚上看不见"), replace(BEFORE, lat=30.95)]
    assert most_alike(ONE, others, rules) == []


def test_the_most_alike_come_first_and_no_more_than_policy_says(rules: SameRows) -> None:
    few = rules.model_copy(update={"past": PastRows(most=2)})
    others = [replace(BEFORE, lat=30.936), BEFORE, replace(ONE, at=AT - timedelta(days=700)), BEFORE]
    assert [n for n, _ in most_alike(ONE, others, few)] == [2, 1]


def test_without_a_place_words_alone_decide(rules: SameRows) -> None:
    placeless = replace(ONE, lon=None, lat=None)
    ((_, like),) = most_alike(placeless, [replace(BEFORE, lat=31.5)], rules)
    assert like.away_m is None
