"""Which of the reports that had joined a withdrawn matter leads the others, and what each journal gets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.merging import withdraw
from gridward.domain import events as e
from gridward.domain.commands import Move
from gridward.domain.draft import MACHINE
from gridward.domain.incident import Card, Incident

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WITHDRAWN = Incident("p", "n")


def merged(id: str, severity: int = 4, minutes: int = 0, *, sensitive: bool = False) -> Incident:
    at = NOW + timedelta(minutes=minutes)
    card = Card(id, "grid", at, at)
    return Incident(id, "n", severity=severity, sensitive=sensitive, merged_into="p", card=card)


@pytest.mark.parametrize(
    ("ones", "first"),
    [
        ((merged("a", minutes=1), merged("b")), "b"),
        ((merged("a"), merged("b", 3, minutes=1)), "b"),
        ((merged("a", 2), merged("b", 3, sensitive=True)), "b"),
        ((merged("b"), merged("a")), "a"),
    ],
    ids=["the oldest", "the graver", "the hidden", "always the same"],
)
def test_one_of_them_leads_the_others(ones: tuple[Incident, ...], first: str) -> None:
    moves = withdraw(WITHDRAWN, "mistake", ones, "A")
    apart = [move.incident_id for move in moves if isinstance(move.event, e.Separated)]
    followed = [move.event.into for move in moves if isinstance(move.event, e.Rejoined)]
    assert (apart, followed) == ([first], [first])


def test_each_step_is_on_each_journal_and_only_the_withdrawal_is_the_persons() -> None:
    moves = withdraw(WITHDRAWN, "mistake", (merged("a"), merged("b", minutes=1)), "A")
    assert moves == (
        Move("p", e.ChildLeft("a"), MACHINE),
        Move("p", e.ChildLeft("b"), MACHINE),
        Move("p", e.Cancelled("mistake")),
        Move("a", e.Separated("", withdrawn=True), MACHINE),
        Move("b", e.Rejoined("a"), MACHINE),
        Move("a", e.ChildJoined("b"), MACHINE),
    )


def test_a_graver_one_that_follows_a_hidden_one_raises_it() -> None:
    grave = replace(merged("b", 2), limit_class="B")
    *_, last = withdraw(WITHDRAWN, "mistake", (merged("a", sensitive=True), grave), "A")
    assert last == Move("a", e.Raised(e.Cause.GRAVER, "b", 2, "B"), MACHINE)


def test_what_nobody_joined_is_only_withdrawn() -> None:
    assert withdraw(WITHDRAWN, "mistake", (), "A") == (Move("p", e.Cancelled("mistake")),)
