"""Which of the reports that had joined a withdrawn matter leads the others, and what each journal gets."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.excluded import Side
from api.merging import Left, Remaining, merge, withdraw
from gridward.domain import events as e
from gridward.domain.commands import Move
from gridward.domain.draft import MACHINE
from gridward.domain.incident import Card, Incident, Task, TaskRole, TaskStatus
from gridward.policy.load import bundled_policy
from gridward.policy.same import Matter

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
WITHDRAWN = Incident("p", "n")
POLICE = "99010110120002"
HER, HIM = b"her", b"him"
RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运"


def merged(
    id: str,
    severity: int = 4,
    minutes: int = 0,
    *,
    sensitive: bool = False,
    excluded: tuple[str, ...] = (),
    holds_hidden: bool = False,
    done_by: str | None = None,
    said: str = RUBBISH,
    caller: bytes | None = None,
    is_over: bool = False,
    alarm: str = "",
) -> Left:
    at = NOW + timedelta(minutes=minutes)
    tasks = (Task(1, TaskRole.JOINT, done_by, TaskStatus.DONE, at),) if done_by else ()
    incident = Incident(
        id,
        "n",
        severity=severity,
        sensitive=sensitive,
        merged_into="p",
        tasks=tasks,
        card=Card(id, "grid", at, at),
    )
    return Left(Side(incident, excluded, holds_hidden), Matter(said, at, caller=caller), is_over, alarm)


def moves(*ones: Left) -> tuple[Move, ...]:
    return withdraw(WITHDRAWN, "mistake", Remaining(ones, bundled_policy()))


def ends(*ones: Left) -> dict[str, str | None]:
    """What each of them joins; None: it is a matter of its own."""
    found: dict[str, str | None] = {}
    for move in moves(*ones):
        if isinstance(move.event, e.Separated | e.Rejoined):
            found[move.incident_id] = move.event.into if isinstance(move.event, e.Rejoined) else None
    return found


def joined(*ones: Left) -> list[e.ChildJoined]:
    return [move.event for move in moves(*ones) if isinstance(move.event, e.ChildJoined)]


@pytest.mark.parametrize(
    ("ones", "first"),
    [
        ((merged("a", minutes=1), merged("b")), "b"),
        ((merged("a"), merged("b", 3, minutes=1)), "b"),
        ((merged("a", 2), merged("b", 3, sensitive=True)), "b"),
        ((merged("a", 2), merged("b", 3, holds_hidden=True)), "b"),
        ((merged("b"), merged("a")), "a"),
    ],
    ids=["the oldest", "the graver", "the sensitive", "what holds a hidden one", "always the same"],
)
def test_one_of_them_leads_the_others(ones: tuple[Left, ...], first: str) -> None:
    (other,) = {one.incident.id for one in ones} - {first}
    assert ends(*ones) == {first: None, other: first}


def test_each_step_is_on_each_journal_and_only_the_withdrawal_is_the_persons() -> None:
    assert moves(merged("a"), merged("b", minutes=1)) == (
        Move("p", e.ChildLeft("a"), MACHINE),
        Move("p", e.ChildLeft("b"), MACHINE),
        Move("p", e.Cancelled("mistake")),
        Move("a", e.Separated("", withdrawn=True), MACHINE),
        Move("b", e.Rejoined("a"), MACHINE),
        Move("a", e.ChildJoined("b"), MACHINE),
    )


def test_a_graver_one_that_follows_a_hidden_one_raises_it() -> None:
    grave = merged("b", 2, alarm="动刀")
    *_, last = moves(merged("a", sensitive=True), grave)
    assert last == Move("a", e.Raised(e.Cause.GRAVER, "b", 2, "C", words="动刀"), MACHINE)


def test_what_tells_of_an_end_raises_nothing_whoever_merges_it() -> None:
    over = merged("b", 2, is_over=True)
    *_, last = moves(merged("a", sensitive=True), over)
    assert last == Move("a", e.ChildJoined("b"), MACHINE)
    mild = merged("a").incident
    for is_over, raised in ((True, False), (False, True)):
        by_hand = merge(over.incident, mild, "A", is_over=is_over)
        assert any(isinstance(move.event, e.Raised) for move in by_hand) is raised


def test_what_nobody_joined_is_only_withdrawn() -> None:
    assert moves() == (Move("p", e.Cancelled("mistake")),)


def test_what_may_not_be_merged_by_hand_does_not_follow_either() -> None:
    complaint = merged("a", sensitive=True, excluded=(POLICE,))
    its_own = merged("b", done_by=POLICE)
    assert ends(complaint, its_own) == {"a": None, "b": None}
    assert ends(replace(complaint, side=replace(complaint.side, excluded=())), its_own) == {
        "a": None,
        "b": "a",
    }
    assert ends(
        merged("a", sensitive=True, done_by=POLICE), merged("b", sensitive=True, excluded=(POLICE,))
    ) == {
        "a": None,
        "b": None,
    }


def test_what_few_may_read_follows_no_ordinary_one() -> None:
    hidden = merged("a", holds_hidden=True), merged("b", holds_hidden=True)
    assert ends(*hidden, merged("c")) == {"a": None, "b": None, "c": "a"}


def test_whom_one_that_follows_accuses_brings_nothing_along_afterwards() -> None:
    ones = merged("a", sensitive=True), merged("b", sensitive=True, minutes=1, excluded=(POLICE,))
    its_own = merged("c", sensitive=True, minutes=2, done_by=POLICE)
    assert ends(*ones, its_own) == {"a": None, "b": "a", "c": None}


def test_whose_voice_it_is_where_it_follows_is_asked_anew() -> None:
    head = merged("a", caller=HER)
    again, more = merged("b", minutes=1, caller=HER), merged("c", minutes=2, caller=HER, said="有人受伤了")
    assert joined(head, again) == [e.ChildJoined("b", same_caller=True)]
    (told,) = joined(head, more)
    assert (told.same_caller, bool(told.new)) == (True, True)
    assert joined(head, merged("b", minutes=1, caller=HIM)) == [e.ChildJoined("b")]
    assert joined(merged("a"), merged("b", minutes=1)) == [e.ChildJoined("b")], "nobody left a phone"
