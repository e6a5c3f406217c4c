"""The desk is shown few matters that one in doubt may repeat, and none that only stand near it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gridward.policy.likely import likeliest
from gridward.policy.policy import Policy
from gridward.policy.same import Matter

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HERE = Matter("梧桐苑北门外垃圾桶满了三天没人清，臭得开不了窗", AT, "0501", 118.41, 30.93)
DOUBT = replace(HERE, text="梧桐苑北门垃圾桶三天没清了，味道太大，窗户都不敢开", category=None)
NOWHERE = {"lon": None, "lat": None}


@pytest.mark.parametrize(
    ("changes", "is_shown"),
    [
        ({}, True),
        ({"at": AT + timedelta(days=5)}, True),
        ({"category": None}, True),
        ({"text": "青梧大道上有人占道摆摊，路都堵了"}, False),  # near, of another matter
        ({"text": "梧桐苑3栋楼道的灯坏了，晚上看不见"}, False),
        ({"text": "石桥苑北门外垃圾桶满了三天没人清，臭得开不了窗，石桥路"}, True),  # names of no kind
        ({"lat": 30.934}, False),  # 440 m away
        ({"at": AT - timedelta(days=31)}, False),
        (NOWHERE, False),  # in other words, and nobody knows where
        ({**NOWHERE, "text": DOUBT.text + "快来"}, True),
    ],
)
def test_what_may_be_one_with_it_is_shown(policy: Policy, changes: dict[str, object], is_shown: bool) -> None:
    found = likeliest(DOUBT, [replace(HERE, **changes)], policy.bundle.same)  # type: ignore[arg-type]
    assert bool(found) == is_shown


def test_numbers_that_contradict_and_kinds_of_another_group_are_not_shown(policy: Policy) -> None:
    rules = policy.bundle.same
    third, fifth = (replace(HERE, text=HERE.text.replace("北门外", f"{n}栋旁")) for n in (3, 5))
    assert likeliest(replace(third, category=None), [fifth], rules) == []
    assert likeliest(replace(DOUBT, category="0201"), [HERE], rules) == []
    assert likeliest(replace(DOUBT, category="0502"), [HERE], rules)


def test_at_most_three_the_likeliest_first(policy: Policy) -> None:
    others = [replace(HERE, lat=30.93 + n * 0.0002) for n in (4, 1, 3, 0, 2)]
    assert [n for n, _ in likeliest(DOUBT, others, policy.bundle.same)] == [3, 1, 4]
