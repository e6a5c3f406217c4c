"""A report goes in at the top, is answered when Kafka has it, and becomes one incident."""

import asyncio
import json
from uuid import uuid4

import pytest
import structlog

from gridward.bus import DEAD, EVENTS, REPORTS, URGENT
from gridward.metrics import reports_refused
from tests.api.system import CLEAR, ENFORCEMENT, GRID, UNCLEAR, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]


async def test_it_is_accepted_with_a_tracking_address(system: System) -> None:
    body = a_report()
    answer = await system.api.report(body)
    tracking = f"/api/reports/{body['id']}"
    assert answer.status_code == 202
    assert answer.json() == {"id": body["id"], "tracking": tracking, "state": "accepted"}
    assert answer.headers["location"] == tracking
    assert len(await system.messages(REPORTS, body["id"])) == 1


async def test_each_accepted_report_has_one_line_in_the_log_and_nothing_of_what_it_says(api: Api) -> None:
    body = a_report(f"{CLEAR}，救命", reporter=PERSON)
    with structlog.testing.capture_logs() as lines:
        await api.report(body)
    (line,) = [line for line in lines if line["event"] == "report accepted"]
    assert (line["report"], line["urgent"]) == (body["id"], True)
    assert line["topic"].endswith(URGENT)
    assert not any(word in str(lines) for word in ("菜市场", *PERSON.values()))


async def test_a_refusal_for_another_body_is_counted_once(api: Api) -> None:
    body = a_report()
    await api.report(body)
    counted = reports_refused.labels(409)._value
    before = counted.get()
    assert (await api.report(body | {"text": UNCLEAR})).status_code == 409
    assert counted.get() == before + 1


async def test_who_waits_gets_number_category_and_unit(api: Api) -> None:
    answer = await api.report(wait=10)
    assert answer.status_code == 201
    assert answer.headers["preference-applied"] == "wait=10"
    incident = answer.json()["incident"]
    assert incident["status"] == answer.json()["state"] == "dispatched"
    assert incident["unit"] == ENFORCEMENT
    assert incident["grid"] == GRID
    assert incident["category_name"]
    assert incident["unit_name"] == "青梧综合执法与环卫队"


async def test_an_unsure_one_is_in_the_queue_with_its_doubts(api: Api) -> None:
    incident = await api.incident(a_report(UNCLEAR, lon=None, lat=None))
    assert incident["status"] == "queued"
    assert {doubt["kind"] for doubt in incident["doubts"]} == {"no_category", "no_place"}
    assert all(doubt["text_zh"] != doubt["kind"] for doubt in incident["doubts"])


async def test_waiting_in_vain_is_202(system: System) -> None:
    with system.worker.resting():
        answer = await system.api.report(wait=1)
    assert answer.status_code == 202
    assert answer.json()["state"] == "accepted"


async def test_the_same_again_is_the_same_incident_and_no_second_message(system: System) -> None:
    body = a_report()
    first = await system.api.report(body, wait=10)
    shuffled = dict(reversed(body.items()))
    again = await system.api.report(shuffled)
    assert again.status_code == 200
    assert again.json()["incident"]["number"] == first.json()["incident"]["number"]
    assert len(await system.messages(REPORTS, body["id"])) == 1


async def test_the_same_id_with_another_body_is_refused_at_the_door(api: Api) -> None:
    body = a_report()
    await api.report(body, wait=10)
    answer = await api.report(body | {"text": UNCLEAR})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_database_knows_an_id_that_the_door_has_forgotten(api: Api) -> None:
    body = a_report()
    await api.report(body, wait=10)
    api.services.recent._bodies.clear()
    assert (await api.report(body)).status_code == 200
    api.services.recent._bodies.clear()
    assert (await api.report(body | {"text": UNCLEAR})).status_code == 409


async def test_a_cry_for_help_takes_the_urgent_way(system: System) -> None:
    body = a_report("三楼着火了，有人被困，救命")
    incident = await system.api.incident(body)
    assert incident["severity"] == 1
    assert len(await system.messages(URGENT, body["id"])) == 1
    assert await system.messages(REPORTS, body["id"]) == []


async def test_a_hundred_at_once_are_a_hundred_incidents(system: System) -> None:
    bodies = [a_report(f"{CLEAR}，第{n}处") for n in range(100)]
    answers = await asyncio.gather(*(system.api.report(body, wait=10) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["incident"]["number"] for answer in answers}) == 100


async def test_tracking_shows_steps_and_nothing_personal(api: Api) -> None:
    body = a_report(f"{CLEAR}，电话13812345678", reporter={"name": "张三丰", "phone": "13812345678"})
    incident = await api.incident(body)
    answer = await api.client.get(f"/api/reports/{body['id']}")
    tracking = answer.json()
    assert tracking["state"] == "dispatched"
    assert tracking["number"] == incident["number"]
    assert [step["step"] for step in tracking["steps"] if step["at"]] == ["received", "dispatched"]
    assert not any(word in answer.text for word in ("张", "138", "菜市场"))


async def test_an_unknown_report_is_not_found(api: Api) -> None:
    answer = await api.client.get(f"/api/reports/{uuid4()}")
    assert answer.status_code == 404
    assert answer.json()["detail"]


PERSON = {"name": "欧阳修文", "phone": "139 8765 4321", "id_number": "33010219900307123X"}


async def test_a_reporters_data_travel_and_rest_sealed_and_nowhere_else(system: System) -> None:
    body = a_report(f"{CLEAR}，联系13612345678", reporter=PERSON)
    incident = await system.api.incident(body)
    detail = await system.api.detail(incident["id"])
    assert detail["text"] == f"{CLEAR}，联系136****5678"
    assert detail["reporter"] == {
        "name": "欧*",
        "phone": "139****4321",
        "id_number": "330*************3X",
        "state": "sealed",
    }
    # Long enough that no random id or ciphertext holds one by chance.
    numbers = [b"13612345678", b"13987654321", b"8765 4321", b"33010219900307123X"]
    secrets = ["欧阳修文".encode(), *numbers]
    for topic in (REPORTS, EVENTS, DEAD):
        for record in await system.topic_values(topic):
            assert not any(secret in record.value for secret in secrets)
    tables = ("incidents", "journal", "outbox", "handled", "tasks", "personal_data")
    for table in tables:
        rows = await system.worker.pool.fetch(f"SELECT t::text AS row FROM {table} t")
        assert not any(secret.decode() in row["row"] for row in rows for secret in secrets)


async def test_whoever_looks_at_a_reporters_data_is_on_record_first(system: System) -> None:
    incident = await system.api.incident(a_report(reporter=PERSON))
    reveal = {"purpose": "回访核实", "actor": {"id": "desk-1", "role": "desk"}}
    answer = await system.api.client.post(f"/api/incidents/{incident['id']}/reveal", json=reveal)
    assert answer.json() == PERSON
    rows = await system.worker.pool.fetch("SELECT * FROM reveals WHERE incident_id = $1", incident["id"])
    assert [(row["purpose"], row["actor"]["id"]) for row in rows] == [("回访核实", "desk-1")]


async def test_data_that_are_gone_are_said_to_be_erased(system: System) -> None:
    report = a_report(reporter=PERSON)
    incident = await system.api.incident(report)
    erase = "UPDATE personal_data SET ciphertext = NULL, erased_at = now() WHERE report_id = $1"
    await system.worker.pool.execute(erase, report["id"])
    assert (await system.api.detail(incident["id"]))["reporter"]["state"] == "erased"
    reveal = {"purpose": "回访核实", "actor": {"id": "desk-1", "role": "desk"}}
    answer = await system.api.client.post(f"/api/incidents/{incident['id']}/reveal", json=reveal)
    assert answer.status_code == 409


async def test_what_another_system_holds_is_kept_and_its_earlier_limit_counts(api: Api) -> None:
    external = {"system": "12345", "number": "SL-1", "due": "2027-01-01"}
    incident = await api.incident(a_report(external=external))
    detail = await api.detail(incident["id"])
    assert detail["external"]["number"] == "SL-1"
    assert detail["external"]["due"] == "2027-01-01T23:59:59+08:00"


async def test_what_is_odd_is_flagged_on_the_incident(api: Api) -> None:
    odd = a_report(f"\u202e{CLEAR}", lon=0, lat=0)
    incident = await api.incident(odd)
    detail = await api.detail(incident["id"])
    assert set(detail["flags"]) == {"bidi_removed", "place_zero"}
    assert detail["text"] == CLEAR


async def test_the_raw_message_is_one_that_triage_reads(system: System) -> None:
    body = a_report(occurred_at="2026-11-20T10:00:00")
    await system.api.incident(body)
    (record,) = await system.messages(REPORTS, body["id"])
    assert json.loads(record.value)["occurred_at"] == "2026-11-20T10:00:00+08:00"
