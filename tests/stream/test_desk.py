"""The triage agent's work on real servers: repeats change nothing, conflicts reach the desk, poison is set aside."""

import asyncio
from datetime import datetime, timedelta

import pytest

from gridward.bus import DEAD, REPORTS, URGENT
from gridward.testing import ManualClock
from stream.delivery import Delivery, Gate
from tests.stream.little_system import CLEAR, UNCLEAR, LittleSystem, events_of, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]


async def count(system: LittleSystem, table: str) -> int:
    return int(await system.pool.fetchval(f"SELECT count(*) FROM {table}"))


async def test_the_positions_commit_with_the_incidents(system: LittleSystem) -> None:
    await system.publish(*(report() for _ in range(20)), report(UNCLEAR))
    await system.triage()
    assert await count(system, "incidents") == 21
    assert await system.unread() == []


async def test_the_same_report_on_both_topics_is_one_incident(system: LittleSystem) -> None:
    one = report()
    await system.publish(one)
    await system.publish(one, topic=URGENT)
    await system.triage()
    assert await count(system, "incidents") == 1
    assert await count(system, "journal") == 2


async def test_another_body_under_the_same_id_is_put_to_the_desk_once(system: LittleSystem) -> None:
    one = report()
    other = report(CLEAR + "，又来了", id=one.id)
    await system.publish(one, other, other, one)
    await system.triage()
    await system.publish(other)
    await system.triage()
    rows = await system.pool.fetch("SELECT doubts, asked FROM tasks WHERE role = 'desk'")
    assert [(row["doubts"], row["asked"]) for row in rows] == [(["conflict"], other.body_hash.hex())]
    assert await system.pool.fetchval("SELECT text FROM incidents") == CLEAR
    told = await system.pool.fetchval("SELECT event FROM journal WHERE type = 'report_conflicted'")
    assert (told["text"], told["source"], told["lon"], told["lat"]) == (
        other.text,
        "grid",
        other.lon,
        other.lat,
    )
    assert datetime.fromisoformat(told["occurred_at"]) == other.occurred_at


async def test_poison_between_good_ones_is_set_aside_as_it_came(system: LittleSystem) -> None:
    await system.publish(report(), b"\xff\x00", report(), b'{"id": 1}')
    await system.triage()
    assert await count(system, "incidents") == 2
    letters = system.records(DEAD)
    assert {letter.value for letter in letters} == {b"\xff\x00", b'{"id": 1}'}
    assert all((letter.header("reason") or "").startswith("not a report") for letter in letters)
    assert {letter.header("topic") for letter in letters} == {system.topic(REPORTS)}
    assert await system.unread() == []


async def test_a_run_of_reports_that_could_not_be_kept_pauses_nobody(system: LittleSystem) -> None:
    spoilt = [
        report(id="13812345678"),
        report("甲\0乙"),
        report(crs="13812345678"),
        report(lat=91.0),
    ]
    await system.publish(*(spoilt * 4))
    await system.triage()
    letters = system.records(DEAD)
    assert (len(letters), system.gate.is_open, system.gate.errors_in_a_row) == (16, True, 0)
    assert not any("13812345678" in (letter.header("reason") or "") for letter in letters)


async def test_a_report_whose_key_was_destroyed_loses_the_name_and_not_its_place(
    system: LittleSystem, clock: ManualClock
) -> None:
    sealed = system.keys.seal({"name": "张三"}, "13812345678")
    kept, late = report(sealed=sealed), report(sealed=sealed)
    await system.publish(kept)
    await system.triage()
    clock.advance(timedelta(days=40))
    system.keys.destroy_older_than(clock.now().date())
    await system.publish(late)
    await system.triage()
    assert await count(system, "incidents") == 2
    assert await system.pool.fetchval("SELECT report_id::text FROM personal_data") == kept.id
    assert system.records(DEAD) == []


async def test_what_rests_is_sealed_under_another_key_than_what_travels(system: LittleSystem) -> None:
    sealed = system.keys.seal({"name": "张三"}, "13812345678")
    await system.publish(report(sealed=sealed))
    await system.triage()
    row = await system.pool.fetchrow("SELECT key_id, ciphertext, caller_hash FROM personal_data")
    assert row["key_id"] == "rest"
    assert row["ciphertext"] != sealed.ciphertext
    assert row["caller_hash"] == sealed.caller_hash


async def test_poison_as_large_as_kafka_takes_is_set_aside_whole(system: LittleSystem) -> None:
    largest = b"x" * (1_048_576 - 200)
    await system.publish(largest, report())
    await system.triage()
    (letter,) = system.records(DEAD)
    assert letter.value == largest
    assert await count(system, "incidents") == 1


async def test_two_workers_with_the_same_messages_make_each_incident_once(system: LittleSystem) -> None:
    """A worker that lost its partition may still be at work on what another one has read again."""
    await system.publish(*(report() for _ in range(60)))
    records = await system.unread()
    desk = system.desk
    deliveries = [Delivery(Gate(f"worker{n}"), desk.work, desk.set_aside, desk.pass_on) for n in range(3)]
    await asyncio.gather(*(d.deliver(events_of(records[n * 10 :])) for n, d in enumerate(deliveries)))
    assert await count(system, "incidents") == 60
    kinds = dict(await system.pool.fetch("SELECT type, count(*) FROM journal GROUP BY type"))
    assert (kinds["reported"], kinds["dispatched"]) == (60, 60)
    assert kinds["linked"] == 58, "all but the first two are repeats, each found once"
    assert kinds["linked_by"] <= 58 * system.policies.current.bundle.same.repeat.linked
    assert system.records(DEAD) == []
