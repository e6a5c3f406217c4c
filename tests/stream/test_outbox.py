"""The outbox carries each event in order, at least once, and a repeat is known by its id."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from cloudevents.core.formats.json import JSONFormat

from gridward.bus import EVENTS
from gridward.domain.errors import Unavailable
from gridward.metrics import outbox_depth, outbox_oldest
from gridward.store.postgres import BUCKETS
from gridward.testing import ManualClock
from infra.kafka_log import Record
from stream.outbox import LOCKS, Outbox, rounds
from tests.stream.little_system import LittleSystem, apart, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]


async def incidents_in_the_outbox(system: LittleSystem, count: int, steps: int = 1) -> None:
    """`count` incidents, each with an event for its opening and for `steps - 1` passed deadlines."""
    await system.publish(*(report(**apart(n)) for n in range(count)))
    await system.triage()
    for _ in range(steps - 1):
        await system.pool.execute(
            "UPDATE deadlines SET due_at = $1 WHERE kind = 'finish'", system.clock.now()
        )
        while await system.sweep():
            pass


def sent(system: LittleSystem) -> list[Record]:
    return system.records(EVENTS)


def ids(records: list[Record]) -> list[str]:
    return [record.header("ce_id") or "" for record in records]


def numbers_of(records: list[Record]) -> dict[str, list[int]]:
    """Incident -> journal numbers as they lie on the topic."""
    found: dict[str, list[int]] = {}
    for record in records:
        incident, _, number = (record.header("ce_id") or "").rpartition(":")
        found.setdefault(incident, []).append(int(number))
    return found


async def left(system: LittleSystem) -> int:
    return int(await system.pool.fetchval("SELECT count(*) FROM outbox"))


Relays = Callable[[], Outbox]


@pytest_asyncio.fixture
async def another_relay(system: LittleSystem) -> AsyncIterator[Relays]:
    """Makes relays beside the system's own, as other workers have them."""
    made: list[Outbox] = []

    def make() -> Outbox:
        made.append(Outbox(system.pool, system.sender, system.topic(EVENTS), system.clock))
        return made[-1]

    yield make
    for relay in made:
        await relay.release()


async def buckets_held(system: LittleSystem) -> list[int]:
    rows = await system.pool.fetch(
        "SELECT objid::int AS bucket FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        LOCKS,
    )
    return sorted(row["bucket"] for row in rows)


async def test_events_of_an_incident_are_in_order(system: LittleSystem) -> None:
    await incidents_in_the_outbox(system, 20, steps=3)
    await system.carry()
    assert await left(system) == 0
    assert sorted(numbers_of(sent(system)).values()) == [[2, 3, 4]] * 20


async def test_the_key_is_the_incident(system: LittleSystem) -> None:
    await incidents_in_the_outbox(system, 5, steps=2)
    await system.carry()
    records = sent(system)
    assert all(record.key == (record.header("ce_subject") or "").encode() for record in records)
    places: dict[bytes | None, set[int]] = {}
    for record in records:
        places.setdefault(record.key, set()).add(record.partition)
    assert all(len(partitions) == 1 for partitions in places.values())


async def test_messages_are_cloud_events_in_kafkas_binary_mode(system: LittleSystem) -> None:
    await incidents_in_the_outbox(system, 1)
    await system.carry()
    record = sent(system)[0]
    message = KafkaMessage(dict(record.headers), record.key, record.value or b"")
    event = from_binary_event(message, JSONFormat())
    incident = str(await system.pool.fetchval("SELECT id FROM incidents"))
    assert event.get_id() == f"{incident}:2"
    assert event.get_subject() == incident
    assert event.get_type() == "cn.gridward.incident.dispatched"
    assert event.get_source() == "/gridward"
    assert event.get_time() == system.clock.now()
    data = event.get_data()
    assert isinstance(data, dict)
    assert data["incident"]["id"] == incident
    assert [entry["no"] for entry in data["entries"]] == [1, 2]


async def test_a_repeat_after_a_failed_delete_has_the_same_ids(system: LittleSystem) -> None:
    await incidents_in_the_outbox(system, 3)
    rows = await system.pool.fetch("SELECT * FROM outbox ORDER BY id")
    await system.outbox.send(rows)  # Kafka has them; then the connection is lost before the delete
    await system.carry()
    seen = ids(sent(system))
    assert len(seen) == 6
    assert len(set(seen)) == 3


async def test_two_relays_never_hold_one_bucket(system: LittleSystem, another_relay: Relays) -> None:
    other = another_relay()
    await system.outbox.once()
    await other.once()
    assert len(system.outbox.buckets) == BUCKETS
    assert other.buckets == []
    assert await buckets_held(system) == list(range(BUCKETS))


async def test_relays_at_work_together_send_each_event_once_and_in_order(
    system: LittleSystem, another_relay: Relays
) -> None:
    await incidents_in_the_outbox(system, 40, steps=3)
    others = [another_relay() for _ in range(3)]
    relays = [system.outbox, *others]
    while await left(system):
        await asyncio.gather(*(relay.once() for relay in relays))
    assert sorted(numbers_of(sent(system)).values()) == [[2, 3, 4]] * 40


async def test_another_takes_over_when_the_connection_dies(
    system: LittleSystem, another_relay: Relays
) -> None:
    await incidents_in_the_outbox(system, 4)
    other = another_relay()
    await system.outbox.hold_buckets()
    assert await other.once() == 0
    held = await system.outbox.hold_buckets()
    killed = await system.pool.fetchval("SELECT pg_terminate_backend($1)", held.get_server_pid())
    assert killed
    for _ in range(100):
        if await other.once():
            break
        await asyncio.sleep(0.05)
    assert len(numbers_of(sent(system))) == 4
    with pytest.raises(Unavailable):
        await system.outbox.once()
    assert system.outbox.buckets == []
    assert await system.outbox.once() == 0  # a new connection, and no bucket is free


async def test_a_released_relay_leaves_its_buckets_to_others(
    system: LittleSystem, another_relay: Relays
) -> None:
    await system.outbox.once()
    await system.outbox.release()
    other = another_relay()
    for _ in range(100):
        await other.once()
        if len(other.buckets) == BUCKETS:
            break
        await asyncio.sleep(0.05)
    assert len(other.buckets) == BUCKETS


async def test_its_age_is_measured(system: LittleSystem, clock: ManualClock) -> None:
    await incidents_in_the_outbox(system, 2)
    clock.advance(timedelta(seconds=90))
    await system.outbox.measure()
    assert outbox_depth._value.get() == 2
    assert outbox_oldest._value.get() == 90
    await system.carry()
    await system.outbox.measure()
    assert (outbox_depth._value.get(), outbox_oldest._value.get()) == (0, 0)


def test_an_incident_is_at_most_once_in_a_round() -> None:
    rows = [{"incident_id": name, "n": n} for n, name in enumerate("abacba")]
    assert [[row["n"] for row in some] for some in rounds(rows)] == [[0, 1, 3], [2, 4], [5]]
    assert rounds([]) == []
