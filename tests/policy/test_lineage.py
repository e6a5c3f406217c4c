"""Matters recorded under a code that was split, merged or renamed are compared as what they are called today."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.same import Matter, is_likely, likeness, may_join
from gridward.policy.schema import PolicyBundle
from tests.policy.test_history import with_changes

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
TEXT = "梧桐苑北门外的垃圾桶已经满了三天没有人来清运，污水流了一地，味道臭得住户开不了窗户，请尽快处理"
NEW = Matter(TEXT, AT, "0501", 118.41, 30.93)


@dataclass(frozen=True)
class Seen:
    id: str
    matter: Matter


@pytest.fixture(scope="module")
def policy(bundle: PolicyBundle) -> Policy:
    changed = with_changes(
        bundle,
        ("rename", "0581", "0501"),
        ("rename", "0691", "0501"),
        ("merge", "0582 0682", "0501"),
        ("split", "0583", "0501 0502"),
        ("split", "0693", "0501 0101"),
        ("rename", "0391", "0581"),
        ("retire", "0594", ""),
        ("rename", "0695", "0201"),
    )
    return compile_policy(changed, 1)


@pytest.mark.parametrize(
    ("old", "category", "joins"),
    [
        ("0501", 1.0, True),
        ("0581", 1.0, True),
        ("0691", 1.0, True),  # into another group
        ("0391", 1.0, True),  # twice
        ("0682", 1.0, True),  # merged
        ("0583", 0.5, False),  # split: it may be the other part
        ("0693", 0.5, False),  # split over two groups, one of which never joins
        ("0594", 0.5, False),  # retired: nothing took its place
        ("0695", 0.0, False),
        ("0694", 0.0, False),  # nobody knows it
    ],
)
def test_an_old_code_is_compared_as_todays(policy: Policy, old: str, category: float, joins: bool) -> None:
    rules = policy.bundle.same
    (known,) = policy.lineage.of_today([Seen("a", replace(NEW, category=old))])
    like = likeness(known.matter, NEW, rules)
    assert like.category == category
    assert may_join(known.matter, NEW, like, rules) == joins
    assert is_likely(like, rules)
    assert known.matter.category == old, "what is shown is what was recorded"


def test_where_matters_of_today_are_looked_for(policy: Policy) -> None:
    lineage = policy.lineage
    assert lineage.before("0501") == {"0501", "0581", "0691", "0582", "0682", "0583", "0693", "0391"}
    assert lineage.groups("0501") == {"05", "06", "03"}
    assert (lineage.before("0503"), lineage.groups("0503")) == ({"0503"}, {"05"})


def test_a_matter_whose_successor_never_joins_does_not_either(policy: Policy) -> None:
    """The list of kinds that are kept apart names today's codes."""
    rules = policy.bundle.same
    (known,) = policy.lineage.of_today([Seen("a", replace(NEW, category="0695"))])
    today = replace(NEW, category="0201")
    like = likeness(known.matter, today, rules)
    assert like.category == 1.0
    assert not may_join(known.matter, today, like, rules)
