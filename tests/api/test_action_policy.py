"""Which clocks are put right, and which severities stand, when people act: both by the policy in force."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from api.acting import when_done
from api.action_events import Asked, event_of
from api.models import action as a
from api.names import Names
from api.problems import Problem
from gridward.domain.draft import When
from gridward.domain.events import Dispatched
from gridward.domain.incident import Card, Incident
from gridward.policy.load import bundled_policy, compile_policy, load_bundle
from gridward.policy.policy import Actions, Policy
from tests.policy.test_history import with_changes

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
UNIT = "99010110120002"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return bundled_policy()


def asked(policy: Policy, severity: int = 1) -> Asked:
    body = a.Dispatch.model_validate(
        {
            "id": str(uuid4()),
            "version": 1,
            "action": "dispatch",
            "actor": {"id": "desk-1", "role": "desk"},
            "unit": UNIT,
            "category": "0102",  # severity 4
        }
    )
    return Asked(body, Incident("i", "n", severity=severity), When(NOW, NOW), Names(policy))


@pytest.mark.parametrize(("minutes", "tolerance", "fits"), [(1.9, 2, True), (2.1, 2, False), (2.1, 5, True)])
def test_a_clock_may_be_off_by_what_policy_tolerates(
    policy: Policy, minutes: float, tolerance: float, fits: bool
) -> None:
    done, tolerated = NOW + timedelta(minutes=minutes), timedelta(minutes=tolerance)
    if fits:
        assert when_done(done, NOW, asked(policy), tolerated) == (When(NOW, NOW), ["clock_ahead"])
    else:
        with pytest.raises(Problem):
            when_done(done, NOW, asked(policy), tolerated)


@pytest.mark.parametrize(("found", "kept", "stands"), [(2, 2, 2), (3, 2, 4), (3, 3, 3), (1, 0, 4)])
def test_a_grave_severity_stands_when_policy_keeps_it(
    policy: Policy, found: int, kept: int, stands: int
) -> None:
    keeping = replace(policy, actions=Actions(timedelta(minutes=2), kept))
    event = event_of(asked(keeping, found))
    assert isinstance(event, Dispatched)
    assert event.severity == stands


@pytest.mark.parametrize(
    ("text", "limit_class", "stands"),
    [
        ("楼上漏水，两家吵了几句", "M", 4),
        ("楼上漏水，他拎着斧头追我", "A", 1),
        ("楼上漏水，十几个人吵起来", "B", 2),
        ("楼上漏水，没有动刀", "M", 4),
    ],
)
def test_what_the_text_tells_counts_under_the_category_that_the_desk_names(
    policy: Policy, text: str, limit_class: str, stands: int
) -> None:
    card = Card("r", "hotline", NOW, NOW)
    told = asked(policy, severity=4)
    told = replace(told, text=text, incident=replace(told.incident, card=card))
    event = event_of(told)
    assert isinstance(event, Dispatched)
    assert (event.limit_class, event.severity) == (limit_class, stands)


def test_how_grave_a_person_says_it_is_stands(policy: Policy) -> None:
    told = replace(asked(policy, severity=4), text="楼上漏水，他拎着斧头追我")
    told = replace(
        told,
        incident=replace(told.incident, card=Card("r", "hotline", NOW, NOW)),
        body=told.body.model_copy(update={"severity": 3}),
    )
    event = event_of(told)
    assert isinstance(event, Dispatched)
    assert (event.limit_class, event.severity) == ("M", 3)


def test_a_named_category_brings_the_version_along_that_it_was_read_from(policy: Policy) -> None:
    event = event_of(asked(replace(policy, version=7)))
    assert isinstance(event, Dispatched)
    assert (event.category, event.rules_version) == ("0102", 7)


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        (("rename", "0191", "0102"), True),
        (("merge", "0191 0192", "0102"), True),
        (("split", "0191", "0102 0103"), False),
    ],
)
def test_a_category_that_was_renamed_or_merged_is_the_same_matter(
    changes: tuple[str, str, str], is_same: bool
) -> None:
    later = compile_policy(with_changes(load_bundle(), changes), 2)
    known = Incident("i", "n", category="0191", severity=3, limit_class="M", rules_version=1)
    event = event_of(replace(asked(later), incident=known))
    assert isinstance(event, Dispatched)
    assert event.same_matter is is_same


def test_a_category_of_before_stays_where_it_is_and_is_given_to_no_other(policy: Policy) -> None:
    """A desk's form names the category that the incident has; a rollback may have taken it from the policy."""
    without = replace(policy, categories={c: one for c, one in policy.categories.items() if c != "0102"})
    kept = replace(asked(without), incident=Incident("i", "n", category="0102", severity=3, limit_class="M"))
    event = event_of(kept)
    assert isinstance(event, Dispatched)
    assert (event.category, event.limit_class, event.rules_version, event.unit) == (None, None, None, UNIT)
    with pytest.raises(Problem, match="no such category"):
        event_of(replace(kept, incident=Incident("i", "n", category="0101", severity=3)))
