"""Passed deadlines, as every store hands them out: leased to one worker, acted on once, none forgotten."""

from datetime import timedelta

from gridward.domain.rules import DeadlineKind
from tests.domain.story import DAY, HOUR
from tests.store.asked import NOW, id_of, passed, queued_report, report
from tests.store.benches import Bench, do

LEASE = timedelta(seconds=30)


async def test_a_passed_deadline_is_leased_to_one_worker_at_a_time(bench: Bench) -> None:
    await do(bench, queued_report(1), queued_report(2))
    now = NOW + 2 * HOUR
    first = await bench.deadlines.lease_due(now, 1)
    second = await bench.deadlines.lease_due(now, 9)
    assert {due.incident_id for due in first + second} == {id_of(1), id_of(2)}
    assert len(first + second) == 2
    assert await bench.deadlines.lease_due(now, 9) == []
    assert await bench.deadlines.lease_due(now + LEASE / 2, 9) == []
    assert len(await bench.deadlines.lease_due(now + LEASE, 9)) == 2


async def test_nothing_is_leased_before_it_is_due_and_the_oldest_comes_first(bench: Bench) -> None:
    await do(bench, report(1))  # accept reminder at 2 h, finish reminder at 2.5 d, for two tasks
    assert await bench.deadlines.lease_due(NOW + 2 * HOUR - timedelta(seconds=1), 9) == []
    due = await bench.deadlines.lease_due(NOW + 3 * DAY, 9)
    assert [one.event.kind for one in due] == [DeadlineKind.ACCEPT] * 2 + [DeadlineKind.FINISH] * 2
    assert [one.due_at for one in due] == sorted(one.due_at for one in due)


async def test_a_step_that_was_taken_waits_for_the_next_one_without_a_lease(bench: Bench) -> None:
    await do(bench, queued_report(1))
    now = NOW + 4 * HOUR  # the first and the second step are both past
    for step in (1, 2):
        (due,) = await bench.deadlines.lease_due(now, 9)
        assert due.event.generation == step
        await do(bench, passed(due, now))
    assert await bench.deadlines.lease_due(now, 9) == []


async def test_the_same_passed_deadline_acts_once(bench: Bench) -> None:
    await do(bench, queued_report(1))
    now = NOW + 2 * HOUR
    (due,) = await bench.deadlines.lease_due(now, 9)
    await do(bench, passed(due, now), passed(due, now))
    await do(bench, passed(due, now))
    assert [type for _, type, _ in await bench.journal(1)] == ["reported", "queued", "deadline_passed"]


async def test_both_deadlines_of_one_incident_act_in_one_batch(bench: Bench) -> None:
    await do(bench, report(1))
    now = NOW + 2 * HOUR
    due = await bench.deadlines.lease_due(now, 9)
    assert len(due) == 2
    await do(bench, *(passed(one, now) for one in due))
    assert [type for _, type, _ in await bench.journal(1)][2:] == ["deadline_passed"] * 2
