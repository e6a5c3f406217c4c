"""What every store promises: the same suite for memory and Postgres."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from gridward.domain import events as e
from gridward.domain.commands import Applied, Command, NotFound, Outcome, Overtaken, Position, Repeated, Stale
from gridward.domain.draft import Actor
from gridward.domain.errors import Unavailable
from gridward.domain.rules import Rules
from gridward.domain.transitions import IllegalTransition, Status
from gridward.handle import handle, handle_each
from gridward.store.unit_of_work import UnitOfWork
from tests.domain.rules import make_rules
from tests.domain.story import ALICE, DAY, HOUR, JOINT_UNIT, REVIEWER, RULES, UNIT_B, rules_of
from tests.store.asked import NOW, action, everything, id_of, merge, queued_report, report
from tests.store.benches import Bench, do, stored


async def test_a_new_incident_is_stored_as_it_was_decided(bench: Bench) -> None:
    (outcome,) = await do(bench, everything(1))
    assert isinstance(outcome, Applied)
    assert await stored(bench, 1) == outcome.incident
    assert outcome.incident.status is Status.DISPATCHED


async def test_every_field_comes_back_after_every_move(bench: Bench) -> None:
    await do(bench, everything(1))
    moves: list[tuple[e.Event, Actor | None]] = [
        (e.Accepted(), ALICE),
        (e.ExtensionAsked("rain", 0.1), ALICE),
        (e.ExtensionGranted(), None),
        (e.JointAdded(UNIT_B), None),  # held to the outer limit, which is earlier than their own
        (e.SuspensionAsked("court", NOW + 9 * DAY), ALICE),
        (e.SuspensionGranted(), None),
        (e.Resumed(), None),
        (e.Resolved("done", e.Outcome.SOLVED), ALICE),
        (e.VerificationFailed("no"), REVIEWER),
        (e.Merged(id_of(2)), None),
    ]
    for hours, (event, actor) in enumerate(moves, 1):
        command = action(f"a{hours}", 1, event, at=NOW + hours * HOUR)
        (outcome,) = await do(bench, replace(command, actor=actor) if actor else command)
        assert isinstance(outcome, Applied), outcome
        assert await stored(bench, 1) == outcome.incident


async def test_a_repeat_changes_nothing(bench: Bench) -> None:
    await do(bench, report(1))
    before = (await stored(bench, 1), await bench.journal(1), await bench.messages(1))
    assert await do(bench, report(1), report(1)) == [Repeated(id_of(1), True)] * 2
    assert (await stored(bench, 1), await bench.journal(1), await bench.messages(1)) == before


async def test_a_repeat_within_one_batch_changes_nothing(bench: Bench) -> None:
    first, second = await do(bench, report(1), report(1))
    assert isinstance(first, Applied)
    assert second == Repeated(id_of(1), True)
    assert len(await bench.journal(1)) == 2


async def test_another_body_is_put_to_the_desk_once_for_each_body(bench: Bench) -> None:
    await do(bench, report(1))
    for body in (b"other", b"other", b"third", b"body", b"other"):
        (outcome,) = await do(bench, report(1, body))
        assert outcome == Repeated(id_of(1), body == b"body")
    incident = await stored(bench, 1)
    assert incident is not None
    assert [task.doubts for task in incident.desk_tasks()] == [(e.Doubt.CONFLICT,)] * 2
    assert [type for _, type, _ in await bench.journal(1)].count("report_conflicted") == 2


async def test_another_body_within_one_batch_is_a_conflict_too(bench: Bench) -> None:
    outcomes = await do(bench, report(1), report(1, b"other"), report(1, b"other"))
    assert outcomes[1:] == [Repeated(id_of(1), False)] * 2
    assert len(await bench.journal(1)) == 3


async def test_what_is_refused_leaves_no_trace_and_stops_nobody(bench: Bench) -> None:
    bad = report(2, moves=(e.Accepted(),))
    outcomes = await do(bench, report(1), bad, report(3))
    assert [type(outcome) for outcome in outcomes] == [Applied, IllegalTransition, Applied]
    assert await stored(bench, 2) is None
    assert await bench.messages(2) == []
    assert isinstance((await do(bench, report(2)))[0], Applied)


async def test_a_command_happens_as_a_whole_or_not_at_all(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    await do(bench, action("end", 2, e.Cancelled("mistake")))
    before = await stored(bench, 1)
    (outcome,) = await do(bench, merge("m", 1, 2))
    assert isinstance(outcome, IllegalTransition)
    assert await stored(bench, 1) == before


async def test_a_click_on_what_has_changed_is_stale_and_says_what_it_is_now(bench: Bench) -> None:
    (opened,) = await do(bench, report(1))
    assert isinstance(opened, Applied)
    seen = opened.incident.version
    await do(bench, action("move", 1, e.Dispatched(UNIT_B), seen=seen))
    (outcome,) = await do(bench, action("late", 1, e.Accepted(), by=ALICE, seen=seen))
    assert isinstance(outcome, Stale)
    assert outcome.incident == await stored(bench, 1)


async def test_what_was_worked_out_before_another_joined_changes_nothing(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    read = await stored(bench, 1)
    assert read is not None
    await do(bench, merge("join", 2, 1))
    joined = await stored(bench, 1)
    assert joined is not None
    assert joined.version == read.version
    late = replace(action("late", 1, e.Cancelled("mistake"), seen=read.version), read=(read,))
    (outcome,) = await do(bench, late)
    assert isinstance(outcome, Overtaken)
    assert await stored(bench, 1) == joined
    assert isinstance((await do(bench, replace(late, read=(joined,))))[0], Applied)


async def test_what_one_step_does_to_another_incident_is_fenced_too(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    target = await stored(bench, 2)
    assert target is not None
    await do(bench, action("dispatch", 2, e.Dispatched(UNIT_B)))
    assert isinstance((await do(bench, replace(merge("m", 1, 2), read=(target,))))[0], Overtaken)


async def test_another_body_is_put_to_the_desk_whatever_it_was_worked_out_from(bench: Bench) -> None:
    await do(bench, report(1), queued_report(2))
    read = await stored(bench, 2)
    assert read is not None
    await do(bench, action("dispatch", 2, e.Dispatched(UNIT_B)))
    (outcome,) = await do(bench, replace(report(1, b"other"), read=(read,)))
    assert outcome == Repeated(id_of(1), False)
    assert [type for _, type, _ in await bench.journal(1)].count("report_conflicted") == 1


async def test_a_category_brings_the_rules_along_that_it_was_read_from(bench: Bench) -> None:
    """Class E is known to version 2 only; what follows goes by that version too."""
    dispatch = e.Dispatched(UNIT_B, category="0301", limit_class="E", rules_version=2)
    await do(bench, report(1))
    (outcome,) = await do(bench, action("d", 1, dispatch))
    assert isinstance(outcome, Applied), outcome
    kept = await stored(bench, 1)
    assert kept is not None
    assert (kept.limit_class, kept.rules_version) == ("E", 2)
    assert isinstance((await do(bench, action("j", 1, e.JointAdded(JOINT_UNIT))))[0], Applied)


async def test_a_repeated_click_is_no_stale_one(bench: Bench) -> None:
    (opened,) = await do(bench, report(1))
    assert isinstance(opened, Applied)
    click = action("click", 1, e.Accepted(), by=ALICE, seen=opened.incident.version)
    assert isinstance((await do(bench, click))[0], Applied)
    assert await do(bench, click) == [Repeated(id_of(1), True)]


async def test_what_does_not_exist_is_not_found(bench: Bench) -> None:
    (outcome,) = await do(bench, action("a", 9, e.Dispatched(UNIT_B)))
    assert isinstance(outcome, NotFound)


async def test_an_opening_command_makes_one_incident_only(bench: Bench) -> None:
    other = action("x", 2, e.ChildJoined(id_of(1))).moves
    command = replace(report(1), moves=report(1).moves + other)
    assert isinstance((await do(bench, command))[0], NotFound)
    assert await stored(bench, 1) is None
    await do(bench, report(2))
    assert isinstance((await do(bench, command))[0], Applied)
    assert [type for _, type, _ in await bench.journal(2)] == ["reported", "dispatched", "child_joined"]


async def test_the_journal_is_numbered_without_holes(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    await do(bench, action("bad", 1, e.Accepted(), by=ALICE), action("d", 1, e.Dispatched(UNIT_B)))
    await do(bench, merge("m", 1, 2))
    assert [no for no, _, _ in await bench.journal(1)] == [1, 2, 3, 4]
    assert [no for no, _, _ in await bench.journal(2)] == [1, 2, 3]


async def test_the_outbox_keeps_each_incidents_order(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2), action("d", 1, e.Dispatched(UNIT_B)))
    await do(bench, action("c", 2, e.Cancelled("mistake")), action("c1", 1, e.Cancelled("mistake")))
    told = await bench.messages(1)
    assert [[entry["no"] for entry in message["entries"]] for message in told] == [[1, 2, 3], [4]]
    assert [message["incident"]["status"] for message in told] == ["dispatched", "cancelled"]
    assert [message["incident"]["journal_no"] for message in told] == [3, 4]
    assert len(await bench.messages(2)) == 2


async def test_positions_never_go_back(bench: Bench) -> None:
    await do(bench, report(1), at=[Position("reports", 0, 5), Position("reports", 1, 2)])
    await do(bench, at=[Position("reports", 0, 3), Position("reports", 1, 9)])
    assert await bench.positions() == {("reports", 0): 5, ("reports", 1): 9}


async def test_a_position_in_another_log_counts_for_itself(bench: Bench) -> None:
    await do(bench, report(1), at=[Position("reports", 0, 500, "lost-disk")])
    await do(bench, report(2), at=[Position("reports", 0, 3, "new-disk")])
    assert await bench.positions() == {("reports", 0): 3}
    await do(bench, at=[Position("reports", 0, 2, "new-disk")])
    assert await bench.positions() == {("reports", 0): 3}


async def test_a_position_waits_for_what_was_refused_to_be_set_aside(bench: Bench) -> None:
    await do(bench, report(1), report(2, moves=(e.Accepted(),)), at=[Position("reports", 0, 2)])
    assert await stored(bench, 1) is not None
    assert await bench.positions() == {}
    await do(bench, at=[Position("reports", 0, 2)])
    assert await bench.positions() == {("reports", 0): 2}


async def test_a_crash_in_the_middle_leaves_nothing(bench: Bench) -> None:
    await do(bench, queued_report(1), at=[Position("reports", 0, 1)])
    before = (await stored(bench, 1), await bench.journal(1), await bench.messages(1))

    with pytest.raises(ZeroDivisionError):
        await crash_after(bench, action("d", 1, e.Dispatched(UNIT_B)), report(2))
    assert (await stored(bench, 1), await bench.journal(1), await bench.messages(1)) == before
    assert await stored(bench, 2) is None
    assert await bench.positions() == {("reports", 0): 1}
    assert isinstance((await do(bench, report(2)))[0], Applied)


async def crash_after(bench: Bench, *commands: Command) -> None:
    """Save it all, then die before the commit."""

    @asynccontextmanager
    async def begin() -> AsyncIterator[UnitOfWork]:
        async with bench.begin() as work:
            yield work
            raise ZeroDivisionError

    await handle(commands, begin, rules_of, [Position("reports", 0, 7)])


async def test_one_key_at_two_workers_at_once_is_applied_once(bench: Bench) -> None:
    outcomes = await asyncio.gather(*(until_it_goes(bench, report(1)) for _ in range(4)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Applied", *["Repeated"] * 3]
    assert len(await bench.journal(1)) == 2


async def until_it_goes(bench: Bench, command: Command) -> Outcome:
    while True:
        try:
            return (await do(bench, command))[0]
        except Unavailable:
            continue


async def test_one_click_that_arrives_twice_at_once_is_neither_stale_nor_illegal(bench: Bench) -> None:
    (opened,) = await do(bench, report(1))
    assert isinstance(opened, Applied)
    click = action("click", 1, e.Accepted(), by=ALICE, seen=opened.incident.version)
    outcomes = await asyncio.gather(*(until_it_goes(bench, click) for _ in range(4)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Applied", *["Repeated"] * 3]


async def test_one_report_under_two_incident_ids_at_once_becomes_one(bench: Bench) -> None:
    other = report(2)
    twin = replace(report(1), moves=other.moves, opens=other.opens)
    outcomes = await asyncio.gather(until_it_goes(bench, report(1)), until_it_goes(bench, twin))
    assert {type(outcome) for outcome in outcomes} == {Applied, Repeated}
    assert (await stored(bench, 1) is None) != (await stored(bench, 2) is None)


async def test_one_incident_at_two_workers_at_once_loses_neither_move(bench: Bench) -> None:
    await do(bench, report(1))
    notes = [action(f"note{n}", 1, e.Progressed(f"note {n}"), by=ALICE) for n in range(6)]
    await asyncio.gather(*(do(bench, note) for note in notes))
    assert [no for no, _, _ in await bench.journal(1)] == list(range(1, 9))


async def test_crossing_merges_and_batches_in_any_order_do_not_lock_each_other_out(bench: Bench) -> None:
    await do(bench, *(queued_report(n) for n in range(1, 7)))
    await asyncio.gather(
        do(bench, merge("m1", 1, 2), merge("m2", 3, 4)),
        do(bench, merge("m3", 4, 3), merge("m4", 2, 1)),
        do(bench, merge("m5", 6, 5), merge("m6", 2, 5)),
    )
    ended = [n for n in range(1, 7) if (i := await stored(bench, n)) and i.status is Status.MERGED]
    for n in ended:
        incident = await stored(bench, n)
        assert incident is not None
        assert incident.merged_into is not None
    assert ended


async def test_a_merge_moves_both_in_one_step(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    (outcome,) = await do(bench, merge("m", 1, 2))
    child = await stored(bench, 1)
    assert outcome == Applied(child)  # type: ignore[arg-type]
    assert child is not None
    assert (child.status, child.merged_into) == (Status.MERGED, id_of(2))
    assert (await bench.journal(2))[-1] == (3, "child_joined", "action:m")


async def test_a_large_batch_goes_in_whole(bench: Bench) -> None:
    outcomes = await do(bench, *(report(n) for n in range(1, 301)))
    assert all(isinstance(outcome, Applied) for outcome in outcomes)
    assert await stored(bench, 300) is not None


async def test_a_rule_that_breaks_for_one_stops_none_of_its_neighbours(bench: Bench) -> None:
    def broken_for_two(version: int) -> Rules:
        if version == 2:
            raise RuntimeError("a bug in a rule")
        return RULES

    await do(bench, queued_report(1), queued_report(3))
    await handle([queued_report(2)], bench.begin, lambda version: make_rules(2))
    commands = [action(f"a{n}", n, e.Dispatched(UNIT_B)) for n in (1, 2, 3)]
    outcomes = await handle_each(commands, bench.begin, broken_for_two)
    assert [type(outcome) for outcome in outcomes] == [Applied, RuntimeError, Applied]
    moved = [await stored(bench, n) for n in (1, 2, 3)]
    assert [i.status for i in moved if i] == [Status.DISPATCHED, Status.QUEUED, Status.DISPATCHED]
