"""Passed deadlines are acted on once, each for itself, whoever sweeps."""

import asyncio
from datetime import timedelta

import pytest

from gridward.policy.load import load_bundle
from gridward.testing import ManualClock
from stream.deadlines import sweep
from tests.store.test_policy_book import put, spoil
from tests.stream.little_system import UNCLEAR, LittleSystem, apart, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]


async def acted(system: LittleSystem) -> list[tuple[str, str, int]]:
    """Incident, kind and generation of every deadline on the journal."""
    rows = await system.pool.fetch(
        "SELECT incident_id::text AS id, data->>'kind' AS kind, (data->>'generation')::int AS generation "
        "FROM journal WHERE type = 'deadline_passed' ORDER BY 1, no"
    )
    return [(row["id"], row["kind"], row["generation"]) for row in rows]


async def test_a_desk_that_does_not_look_is_passed_by(system: LittleSystem, clock: ManualClock) -> None:
    await system.publish(report(UNCLEAR))
    await system.triage()
    assert await system.sweep() == 0
    clock.advance(timedelta(days=1))
    while await system.sweep():
        pass
    row = await system.pool.fetchrow("SELECT step, light, due_at FROM deadlines WHERE kind = 'desk'")
    assert row["due_at"] is None  # everyone up to the leader on duty was told
    assert row["step"] == len(await acted(system)) > 1
    assert await system.pool.fetchval("SELECT light FROM incidents") == "red"


async def test_two_of_one_incident_due_at_the_same_instant_both_act(
    system: LittleSystem, clock: ManualClock
) -> None:
    await system.publish(report())
    await system.triage()
    await system.pool.execute("UPDATE deadlines SET due_at = $1", clock.now())
    kinds = await system.pool.fetch("SELECT kind FROM deadlines ORDER BY kind")
    assert len(kinds) >= 2
    assert await system.sweep() == len(kinds)
    assert sorted(kind for _, kind, _ in await acted(system)) == [row["kind"] for row in kinds]
    assert await system.sweep() == 0


async def test_sweepers_beside_each_other_act_once(system: LittleSystem, clock: ManualClock) -> None:
    await system.publish(*(report() for _ in range(50)))
    await system.triage()
    await system.pool.execute("UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", clock.now())
    swept = await asyncio.gather(
        *(sweep(system.store.begin, system.store, system.policies.rules, clock, 20) for _ in range(4))
    )
    while await system.sweep():
        pass
    found = await acted(system)
    assert len(found) == len(set(found)) == 50
    assert sum(swept) <= 50


async def test_one_that_was_moved_after_it_was_read_says_nothing(
    system: LittleSystem, clock: ManualClock
) -> None:
    await system.publish(report())
    await system.triage()
    await system.pool.execute("UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", clock.now())
    later = clock.now() + timedelta(hours=1)

    class ReadThenMoved:
        """Postgres, and a desk that is quicker than the sweep."""

        async def lease_due(self, now: object, limit: int) -> object:
            due = await system.store.lease_due(clock.now(), limit)
            await system.pool.execute(
                "UPDATE deadlines SET generation = generation + 1, due_at = $1 WHERE kind = 'finish'", later
            )
            return due

    assert await sweep(system.store.begin, ReadThenMoved(), system.policies.rules, clock) == 1  # type: ignore[arg-type]
    assert await acted(system) == []


async def test_one_whose_sweeper_died_is_taken_after_its_lease(
    system: LittleSystem, clock: ManualClock
) -> None:
    await system.publish(report())
    await system.triage()
    await system.pool.execute("UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", clock.now())
    assert len(await system.store.lease_due(clock.now(), 10)) == 1  # and nothing more is heard of it
    assert await system.sweep() == 0
    clock.advance(timedelta(seconds=31))
    assert await system.sweep() == 1
    assert len(await acted(system)) == 1


async def test_one_that_fails_does_not_stop_its_neighbours(system: LittleSystem, clock: ManualClock) -> None:
    await system.publish(*(report() for _ in range(3)))
    await system.triage()
    await system.pool.execute("UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", clock.now())
    bad = await system.pool.fetchval("SELECT min(id::text) FROM incidents")
    await system.pool.execute("UPDATE incidents SET limit_class = 'Z' WHERE id::text = $1", bad)
    assert await system.sweep() == 3
    assert bad not in {incident for incident, _, _ in await acted(system)}
    assert len(await acted(system)) == 2


async def with_a_shorter_desk_ladder_in_force(system: LittleSystem) -> None:
    """Version 2, whose desk is told once; version 1 is broken where nobody asks it any more."""
    bundle = load_bundle()
    desk = bundle.limits.desk
    told_once = desk.model_copy(update={"ladder": desk.ladder[:1]})
    limits = bundle.limits.model_copy(update={"desk": told_once})
    await put(system.pool, bundle, bundle.model_copy(update={"limits": limits}))
    await spoil(system.pool, 1, "responsibility.rules", [])


async def desk_steps_with_one_more(system: LittleSystem, clock: ManualClock) -> list[tuple[int, int]]:
    """A report comes under the version in force, a day passes: of each, its version and how often the desk was told."""
    assert await system.policies.refresh()
    await system.publish(report(UNCLEAR, at=clock.now() + timedelta(seconds=1)))
    await system.triage()
    clock.advance(timedelta(days=1))
    while await system.sweep():
        pass
    steps = await system.pool.fetch(
        "SELECT i.rules_version, d.step FROM deadlines d JOIN incidents i ON i.id = d.incident_id "
        "WHERE kind = 'desk' ORDER BY 1"
    )
    return [tuple(row) for row in steps]


async def test_what_a_former_version_decided_keeps_to_the_limits_of_that_version(
    system: LittleSystem, clock: ManualClock
) -> None:
    await system.publish(report(UNCLEAR))
    await system.triage()
    await with_a_shorter_desk_ladder_in_force(system)
    assert await desk_steps_with_one_more(system, clock) == [
        (1, len(load_bundle().limits.desk.ladder)),
        (2, 1),
    ]


async def test_a_version_whose_limits_cannot_be_read_holds_up_its_own_incidents_only(
    system: LittleSystem, clock: ManualClock
) -> None:
    await system.publish(report(UNCLEAR))
    await system.triage()
    await with_a_shorter_desk_ladder_in_force(system)
    await spoil(system.pool, 1, "limits.desk", {})
    assert await desk_steps_with_one_more(system, clock) == [(1, 0), (2, 1)]


async def test_an_incident_of_a_version_not_loaded_yet_stops_no_other(
    system: LittleSystem, clock: ManualClock
) -> None:
    """A dispatch may go by a policy that the worker has not taken up yet."""
    ahead, other = report(**apart(1)), report(**apart(2))
    await system.publish(ahead, other)
    await system.triage()
    await system.pool.execute("UPDATE incidents SET rules_version = 2 WHERE report_id::text = $1", ahead.id)
    await system.pool.execute("UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", clock.now())
    assert await system.sweep() == 2
    (one,) = await acted(system)
    assert one[1] == "finish"
    await with_a_shorter_desk_ladder_in_force(system)
    assert await system.policies.refresh()
    clock.advance(timedelta(minutes=1))  # what failed was leased for a while
    await system.sweep()
    assert len({id for id, kind, _ in await acted(system) if kind == "finish"}) == 2
