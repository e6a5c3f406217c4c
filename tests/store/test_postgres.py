"""What only PostgreSQL keeps: its constraints, its NULLs, its errors, and other people's transactions."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import asyncpg
import pytest

from gridward.domain import events as e
from gridward.domain.commands import Applied, Command, Facts
from gridward.domain.errors import Unavailable
from gridward.handle import handle_each
from gridward.numbers import is_number
from gridward.store.connect import open_pool, passes
from gridward.store.number_blocks import BLOCK, Numbers
from gridward.store.postgres import BUCKETS, PostgresStore, bucket_of
from gridward.testing import ManualClock
from tests.domain.story import ALICE, HOUR, MINUTE, UNIT_B, rules_of
from tests.store.asked import (
    NOW,
    action,
    everything,
    id_of,
    passed,
    queued_report,
    report,
    report_id_of,
)
from tests.store.benches import PostgresBench, do, stored

pytestmark = pytest.mark.postgres


async def rows(bench: PostgresBench, query: str, *values: object) -> list[dict[str, Any]]:
    return [dict(row) for row in await bench.pool.fetch(query, *values)]


def opening(n: int, **facts: Any) -> Command:
    """A report whose facts are changed."""
    command = report(n)
    assert isinstance(command.opens, Facts)
    return replace(command, opens=replace(command.opens, **facts))


async def test_every_fact_is_in_its_column(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, everything(1))
    (row,) = await rows(postgres_bench, "SELECT * FROM incidents")
    facts = everything(1).opens
    assert facts is not None
    assert (row["text"], row["address"], row["accuracy_m"]) == (facts.text, facts.address, facts.accuracy_m)
    assert (row["external"], row["flags"], row["why"]) == (facts.external, list(facts.flags), facts.why)
    assert (row["boundary_version"], row["policy_version"], str(row["report_id"])) == (3, 4, report_id_of(1))
    (sealed,) = await rows(postgres_bench, "SELECT key_id, ciphertext, caller_hash FROM personal_data")
    assert sealed == {"key_id": "2026-03-02", "ciphertext": b"\x00sealed\xff", "caller_hash": b"hash"}


async def test_what_is_unknown_is_null_and_comes_back_as_none(postgres_bench: PostgresBench) -> None:
    bare = replace(queued_report(1), opens=None)
    facts = queued_report(1).opens
    assert facts is not None
    card = replace(facts.card, lon=None, lat=None, grid_candidates=(), excerpt="")
    unknown = e.Reported(report_id_of(1), None, 3, "C", None, False, None)
    command = replace(
        bare,
        opens=Facts(facts.number, card, ""),
        moves=(replace(bare.moves[0], event=unknown), bare.moves[1]),
    )
    (outcome,) = await do(postgres_bench, command)
    assert isinstance(outcome, Applied)
    assert await stored(postgres_bench, 1) == outcome.incident
    columns = (
        "category, finish_limit, grid, external_due, unit, light, address, lon, lat, accuracy_m, external"
    )
    (row,) = await rows(postgres_bench, f"SELECT {columns} FROM incidents")
    assert set(row.values()) == {None}
    assert await rows(postgres_bench, "SELECT * FROM personal_data") == []


async def test_lists_find_the_lead_unit_the_light_and_the_next_limit_beside_the_state(
    postgres_bench: PostgresBench,
) -> None:
    await do(postgres_bench, report(1))
    now = NOW + 4 * HOUR
    for _ in range(2):
        due = await postgres_bench.deadlines.lease_due(now, 9)
        await do(postgres_bench, *(passed(one, now) for one in due))
    (row,) = await rows(postgres_bench, "SELECT unit, light, next_due_at FROM incidents")
    assert row == {"unit": "33112500100001", "light": "amber", "next_due_at": NOW + 4 * HOUR}


async def test_the_journal_has_each_number_once(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, report(1))
    copy = "INSERT INTO journal SELECT incident_id, no, type, at, received_at, actor, event, data, command FROM journal"
    with pytest.raises(asyncpg.UniqueViolationError):
        await postgres_bench.pool.execute(copy)


async def test_a_deadlines_generation_is_on_the_journal_once(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, queued_report(1))
    (due,) = await postgres_bench.deadlines.lease_due(NOW + 2 * HOUR, 9)
    await do(postgres_bench, passed(due, NOW + 2 * HOUR))
    again = (
        "INSERT INTO journal SELECT incident_id, no + 1, type, at, received_at, actor, event, data, command "
        "FROM journal WHERE type = 'deadline_passed'"
    )
    with pytest.raises(asyncpg.UniqueViolationError, match="uq_journal_deadline"):
        await postgres_bench.pool.execute(again)


async def test_the_journal_says_who_did_what_and_when(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, report(1))
    late = action("a", 1, e.Accepted(), by=ALICE, at=NOW + HOUR)
    await do(postgres_bench, replace(late, when=replace(late.when, done_at=NOW + MINUTE)))
    (row,) = await rows(postgres_bench, "SELECT * FROM journal WHERE no = 3")
    assert (row["type"], row["at"], row["received_at"]) == ("accepted", NOW + MINUTE, NOW + HOUR)
    assert row["actor"] == {"id": "alice", "role": "unit", "unit": "33112500100001", "name": None}
    assert row["data"]["met"] == [{"task": 1, "kind": "accept", "in_time": True}]


@pytest.mark.parametrize(
    "facts",
    [
        {"text": "a NUL \x00 here"},
        {"text": "half a pair \ud83d"},
        {"address": "\x00"},
        {"why": {"words": ["\x00"]}},
        {"why": {"words": ["\udc00"]}},
        {"accuracy_m": "far"},
        {"boundary_version": 2**40},
        {"external": {"number": {1, 2}}},
    ],
)
async def test_what_the_database_cannot_take_stops_none_of_its_neighbours(
    postgres_bench: PostgresBench, facts: dict[str, Any]
) -> None:
    commands = [report(1), opening(2, **facts), report(3)]
    outcomes = await handle_each(commands, postgres_bench.begin, rules_of)
    assert [isinstance(outcome, Applied) for outcome in outcomes] == [True, False, True]
    assert isinstance(outcomes[1], Exception)
    assert not isinstance(outcomes[1], Unavailable)
    assert await stored(postgres_bench, 2) is None
    assert len(await postgres_bench.journal(3)) == 2


async def test_a_server_that_ends_the_session_is_unavailable_and_leaves_nothing(
    postgres_bench: PostgresBench,
) -> None:
    async def killed() -> None:
        async with postgres_bench.store.begin() as work:
            pid = await work.connection.fetchval("SELECT pg_backend_pid()")
            await postgres_bench.pool.execute("SELECT pg_terminate_backend($1)", pid)
            await work.handled({"any"})

    with pytest.raises(Unavailable):
        await killed()
    assert isinstance((await do(postgres_bench, report(1)))[0], Applied)


async def test_a_server_that_is_read_only_for_now_is_unavailable(postgres_bench: PostgresBench) -> None:
    """As after a failover, before the standby is promoted: nothing is wrong with the report."""
    name = await postgres_bench.pool.fetchval("SELECT current_database()")
    await postgres_bench.pool.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await postgres_bench.pool.expire_connections()
    with pytest.raises(Unavailable):
        await do(postgres_bench, report(1))


@pytest.mark.parametrize(
    "error", [asyncpg.DiskFullError, asyncpg.InvalidCatalogNameError, asyncpg.InvalidPasswordError]
)
def test_what_is_the_servers_own_trouble_passes(error: type[asyncpg.PostgresError]) -> None:
    assert passes(error("for now"))


@pytest.mark.parametrize("error", [asyncpg.NotNullViolationError, asyncpg.UndefinedColumnError, ValueError])
def test_what_is_wrong_with_what_we_ask_does_not(error: type[Exception]) -> None:
    assert not passes(error("for good"))


async def test_no_server_is_unavailable(clock: ManualClock) -> None:
    with pytest.raises(Unavailable):
        await open_pool("postgresql://gridward@127.0.0.1:1/none")


async def test_a_deadlock_is_unavailable_and_the_other_goes_through(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, queued_report(1), queued_report(2))
    holding = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with postgres_bench.begin() as work:
            await work.lock([id_of(first)])
            await holding.wait()
            await work.lock([id_of(second)])

    outcomes = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", "Unavailable"]


async def test_a_worker_does_not_wait_for_what_another_is_leasing(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, queued_report(1), queued_report(2))
    now = NOW + 2 * HOUR
    async with postgres_bench.pool.acquire() as other, other.transaction():
        await other.execute("SELECT 1 FROM deadlines WHERE incident_id = $1 FOR UPDATE", id_of(1))
        async with asyncio.timeout(5):
            due = await postgres_bench.deadlines.lease_due(now, 9)
    assert [one.incident_id for one in due] == [id_of(2)]


async def test_two_workers_share_the_due_deadlines_without_taking_one_twice(
    postgres_bench: PostgresBench,
) -> None:
    await do(postgres_bench, *(queued_report(n) for n in range(1, 41)))
    stores = [PostgresStore(postgres_bench.pool, ManualClock(NOW)) for _ in range(4)]
    taken = await asyncio.gather(*(store.lease_due(NOW + 2 * HOUR, 20) for store in stores))
    ids = [due.incident_id for due in chain(*taken)]
    assert len(ids) == len(set(ids)) == 40


async def test_the_bucket_of_an_incident_never_changes(postgres_bench: PostgresBench) -> None:
    await do(postgres_bench, *(report(n) for n in range(1, 33)))
    await do(postgres_bench, action("d", 1, e.Dispatched(UNIT_B)))
    found = await rows(postgres_bench, "SELECT incident_id, bucket FROM outbox")
    assert {row["bucket"] for row in found} <= set(range(BUCKETS))
    assert len({row["bucket"] for row in found}) > BUCKETS // 2
    assert all(row["bucket"] == bucket_of(str(row["incident_id"])) for row in found)


async def test_numbers_are_given_once_however_many_take_at_once(postgres_bench: PostgresBench) -> None:
    takers = [Numbers(postgres_bench.pool, "331125") for _ in range(4)]
    taken = await asyncio.gather(*(taker.take(n, NOW) for taker in takers for n in (1, 7, BLOCK, BLOCK + 1)))
    numbers = list(chain(*taken))
    assert len(numbers) == len(set(numbers)) == 4 * (2 * BLOCK + 9)
    assert all(is_number(number) for number in numbers)


async def test_numbers_stay_apart_on_both_sides_of_midnight(postgres_bench: PostgresBench) -> None:
    taker = Numbers(postgres_bench.pool, "331125")
    days: list[datetime] = [NOW, NOW + timedelta(days=1)] * 6
    taken = await asyncio.gather(*(taker.take(200, day) for day in days))
    numbers = list(chain(*taken))
    assert len(set(numbers)) == len(numbers) == 12 * 200
    again = Numbers(postgres_bench.pool, "331125")
    assert not set(numbers) & set(await again.take(BLOCK, NOW) + await again.take(BLOCK, days[1]))


async def test_a_county_that_starts_its_day_starts_at_one(postgres_bench: PostgresBench) -> None:
    (number,) = await Numbers(postgres_bench.pool, "331125").take(1, NOW)
    assert number.startswith("260302-331125-000001-")
    (other,) = await Numbers(postgres_bench.pool, "331126").take(1, NOW)
    assert other.startswith("260302-331126-000001-")
