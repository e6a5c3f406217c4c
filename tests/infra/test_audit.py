"""`gridward audit` passes what is as promised, and names whatever is not."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition

from gridward.bus import EVENTS, REPORTS, URGENT, WORKER_GROUP, full_name
from gridward.domain.commands import Command, Move
from gridward.domain.draft import Actor, When
from gridward.domain.events import Cancelled
from gridward.handle import handle
from gridward.policy.load import load_bundle
from gridward.store.policies import publish_policy
from infra.audit.finding import Finding
from infra.audit.run import Verdict, audit
from infra.stack.ports import free_port
from infra.stack.topics import TopicAdmin
from tests.stream.little_system import CLEAR, UNCLEAR, LittleSystem, apart, little_system, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

GRACE = timedelta(seconds=60)


@pytest_asyncio.fixture
async def system(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[LittleSystem]:
    """Healthy: reports that were dispatched, queued, sent twice, changed on the way, and one that is none."""
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path) as system:
        await publish_bundled(system)
        first = report()
        changed = report(CLEAR + "，没人管", id=first.id)
        await system.publish(first, report(UNCLEAR), first, b"no report", report())
        await system.settle()
        await system.publish(changed)
        await system.settle()
        yield system


async def publish_bundled(system: LittleSystem) -> None:
    """The policy that the little system decides by, where the audit looks for it."""
    async with system.pool.acquire() as connection:
        assert await publish_policy(connection, load_bundle(), "bundled", system.clock.now()) == 1


async def verdict_on(system: LittleSystem) -> Verdict:
    return await audit(system.settings, GRACE)


async def broken(system: LittleSystem) -> dict[str, set[str]]:
    """Check -> the ids that it names."""
    verdict = await verdict_on(system)
    return {f.check: {b.id for b in f.broken} for f in verdict.findings if not f.ok}


async def one_incident(system: LittleSystem, where: str = "status = 'dispatched'") -> str:
    return str(await system.pool.fetchval(f"SELECT id FROM incidents WHERE {where} ORDER BY id LIMIT 1"))


async def report_of(system: LittleSystem, incident: str) -> str:
    return str(await system.pool.fetchval("SELECT report_id FROM incidents WHERE id = $1", incident))


async def move_position(system: LittleSystem, topic: str, partition: int, to: int) -> None:
    await system.pool.execute(
        "INSERT INTO positions VALUES ($1, $2, $3, now()) "
        "ON CONFLICT (topic, partition) DO UPDATE SET next_offset = $3",
        topic,
        partition,
        to,
    )


def finding(verdict: Verdict, check: str) -> Finding:
    return next(f for f in verdict.findings if f.check == check)


async def test_a_healthy_system_passes(system: LittleSystem) -> None:
    verdict = await verdict_on(system)
    assert [(f.check, f.broken) for f in verdict.findings if not f.ok] == []
    reports = finding(verdict, "reports")
    assert reports.looked_at == 6
    assert reports.notes[0].startswith("上报 3，重复送达 1，同号异文 1，死信 1，在途 0")
    assert finding(verdict, "events").looked_at == 4  # three opened, one conflict
    assert finding(verdict, "numbers").looked_at == 3


async def test_a_conflict_that_waits_for_its_note_after_the_end_is_no_finding(system: LittleSystem) -> None:
    incident = await one_incident(system, "journal_no > 2")
    now = system.clock.now()
    mistake = Move(incident, Cancelled("sent by mistake"))
    await handle(
        [Command("action:c", (mistake,), Actor("zhou", "desk"), When(now, now), b"c")],
        system.store.begin,
        system.policies.rules,
    )
    await system.settle()
    running = "SELECT count(*) FROM deadlines WHERE incident_id = $1 AND ended_at IS NULL"
    assert await system.pool.fetchval(running, incident) == 1
    assert await broken(system) == {}


async def test_a_fresh_message_is_in_flight_and_an_old_one_is_named(system: LittleSystem) -> None:
    fresh, old = report(), report()
    await system.publish(fresh)
    assert await broken(system) == {}
    await system.publish(old, at=system.clock.now() - 2 * GRACE)
    assert await broken(system) == {"reports": {old.id}}


async def test_a_report_that_was_passed_over_is_named(system: LittleSystem) -> None:
    lost = report()
    await system.publish(lost)
    record = (await system.unread())[0]
    await move_position(system, record.topic, record.partition, record.offset + 1)
    assert await broken(system) == {"reports": {lost.id}}


async def test_what_is_no_report_must_be_a_dead_letter(system: LittleSystem) -> None:
    await system.publish(b"{}")
    record = (await system.unread())[0]
    await system.desk.pass_on([type("Event", (), {"message": record})()])  # passed, never set aside
    assert await broken(system) == {"reports": {f"{record.topic}:{record.partition}:{record.offset}"}}


async def test_a_conflict_that_never_reached_the_desk_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system, "journal_no > 2")
    await system.pool.execute("UPDATE tasks SET asked = '' WHERE incident_id = $1", incident)
    assert await broken(system) == {"reports": {await report_of(system, incident)}}


async def test_a_lost_handled_key_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system)
    lost = await report_of(system, incident)
    await system.pool.execute("DELETE FROM handled WHERE key = $1", f"report:{lost}")
    assert await broken(system) == {"reports": {lost}, "keys": {incident}}


async def test_a_key_without_an_incident_is_named(system: LittleSystem) -> None:
    stranger = report()
    await system.pool.execute(
        "INSERT INTO handled VALUES ($1, gen_random_uuid(), 'x', now())", f"report:{stranger.id}"
    )
    assert await broken(system) == {"keys": {f"report:{stranger.id}"}}


async def test_two_incidents_of_one_report_are_named(system: LittleSystem) -> None:
    rows = await system.pool.fetch("SELECT id, report_id FROM incidents ORDER BY id LIMIT 2")
    kept, stolen = rows[0], rows[1]
    await system.pool.execute(
        "UPDATE incidents SET report_id = $1 WHERE id = $2", kept["report_id"], stolen["id"]
    )
    assert await broken(system) == {"keys": {str(kept["report_id"]), str(stolen["id"])}}


async def test_a_number_with_a_wrong_digit_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system)
    await system.pool.execute(
        "UPDATE incidents SET number = left(number, -1) || (right(number, 1)::int + 1) % 10 WHERE id = $1",
        incident,
    )
    assert await broken(system) == {"numbers": {incident}}


@pytest.mark.parametrize("no", [1, 2])
async def test_a_missing_journal_entry_is_named(system: LittleSystem, no: int) -> None:
    incident = await one_incident(system)
    await system.pool.execute("DELETE FROM journal WHERE incident_id = $1 AND no = $2", incident, no)
    assert await broken(system) == {"journals": {incident}}


async def test_a_deadline_that_nobody_acts_on_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system)
    await system.pool.execute(
        "UPDATE deadlines SET due_at = now() - interval '61 s' WHERE incident_id = $1 AND kind = 'finish'",
        incident,
    )
    assert await broken(system) == {"deadlines": {incident}}


async def test_a_deadline_that_passed_just_now_is_not_accused(system: LittleSystem) -> None:
    await system.pool.execute("UPDATE deadlines SET due_at = now() - interval '5 s'")
    assert await broken(system) == {}


async def passed_deadline(system: LittleSystem) -> str:
    """An incident with a deadline that was acted on."""
    incident = await one_incident(system)
    await system.pool.execute("UPDATE deadlines SET due_at = now() WHERE incident_id = $1", incident)
    await system.settle()
    assert await broken(system) == {}
    return incident


async def test_a_deadline_acted_on_twice_is_named(system: LittleSystem) -> None:
    incident = await passed_deadline(system)
    await system.pool.execute(
        """
        WITH twice AS (
            INSERT INTO journal
            SELECT incident_id, no + 10, type, at, received_at, actor, event, data, command || ':again'
            FROM journal WHERE incident_id = $1 AND type = 'deadline_passed' ORDER BY no LIMIT 1
        ) UPDATE incidents SET updated_at = now() WHERE id = $1
        """,
        incident,
    )
    found = await broken(system)
    assert found == {"deadlines": {incident}, "journals": {incident}}
    what = [b.what for b in finding(await verdict_on(system), "deadlines").broken]
    assert any("重复处置" in text for text in what)


async def test_a_step_without_its_entry_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system)
    await system.pool.execute(
        "UPDATE deadlines SET step = 1 WHERE incident_id = $1 AND kind = 'finish'", incident
    )
    assert await broken(system) == {"deadlines": {incident}}


@pytest.mark.parametrize("kind", ["accept", "finish"])
async def test_a_running_clock_that_waits_for_nothing_is_named(system: LittleSystem, kind: str) -> None:
    incident = await one_incident(system)
    await system.pool.execute(
        "UPDATE deadlines SET due_at = NULL WHERE incident_id = $1 AND kind = $2", incident, kind
    )
    assert await broken(system) == {"deadlines": {incident}}
    assert (
        f"1/{kind} 在计时而未设下一级（0/3）" in finding(await verdict_on(system), "deadlines").broken[0].what
    )


async def test_a_running_clock_of_rules_that_are_gone_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system)
    await system.pool.execute("UPDATE deadlines SET due_at = NULL WHERE incident_id = $1", incident)
    await system.pool.execute("UPDATE incidents SET rules_version = 7 WHERE id = $1", incident)
    assert await broken(system) == {"deadlines": {incident}}
    assert "无从核对" in finding(await verdict_on(system), "deadlines").broken[0].what


async def test_a_fence_that_did_not_move_is_named(system: LittleSystem) -> None:
    incident = await passed_deadline(system)
    await system.pool.execute("UPDATE deadlines SET generation = 1 WHERE incident_id = $1", incident)
    assert await broken(system) == {"deadlines": {incident}}


async def test_an_open_incident_without_a_clock_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system, "status = 'queued'")
    await system.pool.execute(
        "UPDATE deadlines SET ended_at = now(), due_at = NULL WHERE incident_id = $1", incident
    )
    assert await broken(system) == {"watched": {incident}}


async def test_a_clock_that_runs_on_after_the_end_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system, "status = 'queued'")
    await system.pool.execute("UPDATE incidents SET status = 'declined' WHERE id = $1", incident)
    assert await broken(system) == {"watched": {incident}}


async def test_an_old_outbox_row_is_named_with_the_reason(system: LittleSystem) -> None:
    await system.publish(report(**apart(0)))
    await system.triage()
    assert await broken(system) == {}
    await system.pool.execute("UPDATE outbox SET created_at = now() - interval '2 min'")
    row = await system.pool.fetchrow("SELECT incident_id, journal_no FROM outbox")
    outbox = finding(await verdict_on(system), "outbox")
    assert [b.id for b in outbox.broken] == [f"{row['incident_id']}:{row['journal_no']}"]
    assert "有人持锁" in outbox.broken[0].what  # this test's own relay holds it
    await system.outbox.release()
    assert "无人持有" in finding(await verdict_on(system), "outbox").broken[0].what


async def test_an_event_that_was_never_sent_is_named(system: LittleSystem) -> None:
    await system.publish(report(), report())
    await system.triage()
    incident = str(
        await system.pool.fetchval(
            "DELETE FROM outbox WHERE id = (SELECT min(id) FROM outbox) RETURNING incident_id"
        )
    )
    await system.carry()
    assert await broken(system) == {"events": {incident}}


async def test_a_step_that_was_left_out_is_named_though_later_ones_came(system: LittleSystem) -> None:
    incident = await one_incident(system)
    await system.pool.execute(
        "UPDATE deadlines SET due_at = now() WHERE incident_id = $1 AND kind = 'accept'", incident
    )
    assert await system.sweep() == 1
    await system.pool.execute("DELETE FROM outbox")
    await system.pool.execute(
        "UPDATE deadlines SET due_at = now() WHERE incident_id = $1 AND kind = 'finish'", incident
    )
    await system.settle()
    assert await broken(system) == {"events": {incident}}


async def test_events_of_an_unknown_incident_are_named(system: LittleSystem) -> None:
    record = system.records(EVENTS)[0]
    subject = record.header("ce_subject") or ""
    stranger = subject[:-4] + ("0000" if subject[-4:] != "0000" else "1111")
    headers = [(name, value.replace(subject.encode(), stranger.encode())) for name, value in record.headers]
    await system.producer.send_and_wait(
        system.topic(EVENTS), record.value, key=stranger.encode(), headers=headers
    )
    assert await broken(system) == {"events": {stranger}}


async def test_a_restored_database_that_lags_behind_kafka_is_named(system: LittleSystem) -> None:
    incident = await one_incident(system, "journal_no > 2")
    await system.pool.execute("DELETE FROM journal WHERE incident_id = $1 AND no = 3", incident)
    await system.pool.execute("UPDATE incidents SET journal_no = 2 WHERE id = $1", incident)
    assert (await broken(system))["events"] == {incident}


async def test_a_position_beyond_the_log_is_named(system: LittleSystem) -> None:
    place = f"{system.topic(REPORTS)}:0"
    await move_position(system, system.topic(REPORTS), 0, 999)
    assert await broken(system) == {"positions": {place}}
    (advice,) = finding(await verdict_on(system), "positions").notes
    assert "start one if none runs" in advice


async def test_a_position_in_a_partition_that_kafka_has_not_is_named(system: LittleSystem) -> None:
    await move_position(system, system.topic(REPORTS), 99, 5)
    assert await broken(system) == {"positions": {f"{system.topic(REPORTS)}:99"}}
    assert "start one if none runs" in finding(await verdict_on(system), "positions").notes[0]


async def test_what_another_kafka_had_counted_is_not_taken_for_read_here(system: LittleSystem) -> None:
    topic = system.topic(REPORTS)
    await system.pool.execute("UPDATE positions SET log = 'a-disk-that-is-gone' WHERE topic = $1", topic)
    verdict = await verdict_on(system)
    assert [f.check for f in verdict.findings if not f.ok] == []
    assert "在途 0" not in finding(verdict, "reports").notes[-1]


async def test_against_a_kafka_without_the_topics_it_says_how_to_make_them_and_names_the_positions(
    system: LittleSystem,
) -> None:
    with TopicAdmin(system.settings.kafka, system.settings.topic_prefix) as admin:
        admin.delete_all()
    found = await broken(system)
    assert found.keys() == {"kafka", "positions"}
    assert found["positions"] <= {
        f"{system.topic(name)}:{n}" for name in (REPORTS, URGENT) for n in range(64)
    }
    assert "./run topics --create" in finding(await verdict_on(system), "kafka").broken[0].what


async def test_what_kafka_was_told_too_early_is_named(system: LittleSystem) -> None:
    group = full_name(WORKER_GROUP, system.settings.topic_prefix)
    consumer = AIOKafkaConsumer(bootstrap_servers=system.settings.kafka, group_id=group)
    await consumer.start()
    try:
        place = TopicPartition(system.topic(REPORTS), 3)
        consumer.assign([place])
        await consumer.commit({place: 500})
    finally:
        await consumer.stop()
    assert await broken(system) == {"positions": {f"{place.topic}:3"}}


async def test_a_message_set_aside_and_an_event_sent_while_it_looks_are_not_accused(
    system: LittleSystem,
) -> None:
    """It audits a system that moves: reports are triaged and events sent between and during its looks."""
    stop = asyncio.Event()

    async def move() -> None:
        while not stop.is_set():
            await system.publish(report(), b"broken", report(UNCLEAR))
            await system.settle()

    moving = asyncio.create_task(move())
    try:
        for _ in range(5):
            verdict = await verdict_on(system)
            assert [(f.check, f.broken) for f in verdict.findings if not f.ok] == []
    finally:
        stop.set()
        await moving


async def test_without_kafka_the_database_is_checked_alone(system: LittleSystem) -> None:
    settings = replace(system.settings, kafka=f"127.0.0.1:{free_port()}")
    verdict = await audit(settings, GRACE)
    assert {f.check for f in verdict.findings if not f.ok} == {"kafka"}
    assert finding(verdict, "journals").ok
