"""What people do with an incident, from dispatch to closing, and what they are told when it cannot be."""

import asyncio
import re
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import uuid4

import pytest
import structlog

from api import acting
from api.models.action import Action
from api.possible import ACTIONS
from gridward.bus import EVENTS
from gridward.domain.commands import Outcome, Overtaken
from gridward.domain.events import (
    ChildJoined,
    ChildLeft,
    DeadlinePassed,
    Event,
    LevelTold,
    Linked,
    LinkedBy,
    Queued,
    Raised,
    Rejoined,
    ReportConflicted,
    Reported,
)
from tests.api.system import ENFORCEMENT, MARKET, POLICE, UNCLEAR, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

DESK = {"id": "desk-1", "role": "desk", "name": "调度员"}
UNIT = {"id": "unit-7", "role": "unit", "unit": ENFORCEMENT}
REVIEWER = {"id": "leader-1", "role": "leader"}


THE_MACHINES_OWN = {
    Rejoined,
    Reported,
    Queued,
    ReportConflicted,
    ChildJoined,
    ChildLeft,
    Linked,
    LinkedBy,
    Raised,
    LevelTold,
    DeadlinePassed,
}


async def taken(
    api: Api, incident: dict[str, Any], action: str, actor: dict[str, Any], **fields: Any
) -> dict[str, Any]:
    answer = await api.act(incident, action, actor, **fields)
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()["incident"]
    assert changed["journal_no"] > incident["journal_no"]
    return changed


async def test_whoever_acts_waits_no_longer_however_often_others_were_faster(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = await api.incident(a_report(UNCLEAR))

    async def others_were_faster(*_: Any) -> list[Outcome]:
        await asyncio.sleep(acting.GIVE_UP / 2)
        return [Overtaken(await acting._load(incident["id"], api.services))]

    monkeypatch.setattr(acting, "handle", others_were_faster)
    started = perf_counter()
    answer = await api.act(incident, "dispatch", DESK, category="0506", unit=ENFORCEMENT)
    assert perf_counter() - started < acting.GIVE_UP * 1.4
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert "不会重复" in answer.json()["detail"]


async def test_whatever_people_can_do_has_an_action() -> None:
    assert ACTIONS.keys() == set(Event.__args__) - THE_MACHINES_OWN
    assert {model.model_fields["action"].annotation.__args__[0] for model in Action.__args__} == set(
        ACTIONS.values()
    )


async def test_an_incident_is_accepted_worked_on_resolved_verified_and_closed(api: Api) -> None:
    incident = await api.incident()
    incident = await taken(api, incident, "accept", UNIT)
    assert incident["status_zh"] == "处置中"
    incident = await taken(api, incident, "progress", UNIT, text="已联系当事人，电话13812345678")
    incident = await taken(api, incident, "ask_extension", UNIT, reason="需要协调市场", days=0.1)
    incident = await taken(api, incident, "decide_extension", DESK, granted=True)
    incident = await taken(api, incident, "resolve", UNIT, result="已劝离", outcome="solved")
    incident = await taken(api, incident, "verify", REVIEWER, passed=True)
    incident = await taken(api, incident, "close", DESK)
    detail = await api.detail(incident["number"])
    assert detail["status"] == "closed"
    assert [entry["no"] for entry in detail["journal"]] == list(range(1, len(detail["journal"]) + 1))
    told = {entry["type"]: entry["text_zh"] for entry in detail["journal"]}
    assert told["progressed"] == "阶段反馈：已联系当事人，电话138****5678"
    assert told["resolved"] == "办结（已解决）：已劝离"
    assert "reopen" in detail["possible"]
    assert "resolve" not in detail["possible"]


async def test_the_desk_dispatches_what_was_unsure_and_names_the_kind(api: Api) -> None:
    incident = await api.incident(a_report(UNCLEAR))
    incident = await taken(
        api, incident, "dispatch", DESK, unit=MARKET, joint=[POLICE], category="0501", note="请先到场"
    )
    assert incident["unit"] == MARKET
    assert incident["category"] == "0501"
    assert incident["doubts"] == []
    assert [(task["role"], task["unit"]) for task in incident["tasks"][1:]] == [
        ("lead", MARKET),
        ("joint", POLICE),
    ]


async def test_a_joint_unit_accepts_and_resolves_its_own_task(api: Api) -> None:
    incident = await api.incident()
    incident = await taken(api, incident, "add_joint", DESK, unit=POLICE)
    police = {"id": "police-1", "role": "unit", "unit": POLICE}
    incident = await taken(api, incident, "accept", police)
    assert incident["status"] == "dispatched"
    incident = await taken(api, incident, "resolve", police, result="已维持秩序", outcome="solved")
    assert [task["status"] for task in incident["tasks"]] == ["offered", "done"]


async def test_a_stale_action_loses_nothing_and_shows_how_it_stands(api: Api) -> None:
    seen = await api.incident()
    await taken(api, seen, "accept", UNIT)
    answer = await api.act(seen, "accept", UNIT)
    problem = answer.json()
    assert answer.status_code == 409
    assert problem["current"]["status"] == "accepted"
    assert problem["current"]["changed_by"]["id"] == "unit-7"
    assert "resolve" in problem["possible"]
    assert "变化" in problem["detail"]


async def test_an_action_against_the_table_is_told_what_is_possible(api: Api) -> None:
    incident = await api.incident()
    answer = await api.act(incident, "close", DESK)
    assert answer.status_code == 409
    assert "accept" in answer.json()["possible"]
    assert "close" not in answer.json()["possible"]
    assert answer.json()["detail"].startswith("事件现在是“待签收”，不能这样做。现在可以：派单、签收")


async def test_a_repeated_action_changes_nothing_and_says_so_by_the_same_answer(api: Api) -> None:
    incident = await api.incident()
    body = {"id": str(uuid4()), "action": "accept", "version": incident["version"], "actor": UNIT}
    url = f"/api/incidents/{incident['number']}/actions"
    first = await api.client.post(url, json=body)
    later = (datetime.fromisoformat(incident["received_at"]) + timedelta(seconds=1)).isoformat()
    again = await api.client.post(url, json=body | {"done_at": later})
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["journal_no"] == first.json()["journal_no"]
    other = await api.client.post(url, json=body | {"action": "resolve", "result": "x", "outcome": "solved"})
    assert other.status_code == 409


async def test_a_repeat_changes_nothing_even_when_its_time_would_be_wrong_today(system: System) -> None:
    """The answer was lost; the unit returned it and the desk sent it back, before the phone tried again."""
    api = system.api
    incident = await api.incident()
    back = "UPDATE {} SET {} = {} - interval '1 hour' WHERE incident_id = $1"
    await system.worker.pool.execute(back.format("tasks", *["offered_at"] * 2), incident["id"])
    await system.worker.pool.execute(back.format("deadlines", *["started_at"] * 2), incident["id"])
    done = datetime.fromisoformat(incident["received_at"]) - timedelta(minutes=30)
    body = {"id": str(uuid4()), "action": "accept", "version": incident["version"], "actor": UNIT}
    body["done_at"] = done.isoformat()
    url = f"/api/incidents/{incident['id']}/actions"
    accepted = (await api.client.post(url, json=body)).json()["incident"]
    returned = await taken(api, accepted, "return", UNIT, reason="不属于本单位职责")
    again = await taken(api, returned, "dispatch", DESK, unit=ENFORCEMENT)
    repeated = await api.client.post(url, json=body)
    assert repeated.status_code == 200, repeated.text
    assert repeated.json()["journal_no"] == again["journal_no"]
    # A phone that asks anew about what it saw then is told how it stands, not that its clock were wrong.
    stale = await api.client.post(url, json=body | {"id": str(uuid4())})
    assert stale.status_code == 409
    assert stale.json()["current"]["status"] == "dispatched"


async def test_a_stale_action_is_stale_even_when_its_codes_are_wrong(api: Api) -> None:
    seen = await api.incident()
    await taken(api, seen, "accept", UNIT)
    for action, fields in (("dispatch", {"unit": "123"}), ("merge", {"into": "nothing"})):
        assert (await api.act(seen, action, DESK, **fields)).status_code == 409


async def test_who_may_not_is_told_so(api: Api) -> None:
    incident = await api.incident()
    stranger = {"id": "x", "role": "unit", "unit": MARKET}
    assert (await api.act(incident, "accept", stranger)).status_code == 403
    denied = await api.act(incident, "dispatch", stranger, unit=MARKET)
    assert denied.status_code == 403
    assert "派单席" in denied.json()["detail"]
    incident = await taken(api, incident, "accept", UNIT)
    incident = await taken(api, incident, "resolve", UNIT, result="好了", outcome="solved")
    own = await api.act(incident, "verify", {**UNIT, "role": "leader"}, passed=True)
    assert own.status_code == 403
    assert "不能核查自己" in own.json()["detail"]


async def test_nobody_verifies_their_own_work_as_a_resident(api: Api) -> None:
    worker = {"id": "13812345678", "role": "worker", "unit": ENFORCEMENT}
    incident = await taken(api, await api.incident(), "accept", worker)
    incident = await taken(api, incident, "resolve", worker, result="好了", outcome="solved")
    disguised = {"id": "138 1234 5678", "role": "reporter"}
    assert (await api.act(incident, "verify", disguised, passed=True)).status_code == 403
    neighbour = {"id": "13812340678", "role": "reporter"}
    assert (await api.act(incident, "verify", neighbour, passed=True)).status_code == 200


async def test_two_whose_masked_numbers_are_alike_are_two(api: Api) -> None:
    worker = {"id": "330102199003071233", "role": "worker", "unit": ENFORCEMENT}
    incident = await taken(api, await api.incident(), "accept", worker)
    incident = await taken(api, incident, "resolve", worker, result="好了", outcome="solved")
    reviewer = {"id": "330102198512120033", "role": "leader"}
    assert (await api.act(incident, "verify", reviewer, passed=True)).status_code == 200


RESIDENT = {"id": "138 1234 5678", "role": "reporter", "name": "欧阳修文"}
WORKER = {"id": "33010219900307123X", "role": "worker", "name": "小王13987654321", "unit": ENFORCEMENT}


async def test_who_acted_is_on_record_without_their_numbers_and_residents_without_their_names(
    system: System,
) -> None:
    api = system.api
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        cancelled, accepted = await api.incident(), await api.incident()
        accepted = await taken(api, accepted, "accept", WORKER)
        assert (await api.act(cancelled, "dispatch", RESIDENT, unit=POLICE)).status_code == 403
        cancelled = await taken(api, cancelled, "cancel", RESIDENT, reason="已自行解决")
        reveal = {"purpose": "回访核实", "actor": WORKER}
        await api.client.post(f"/api/incidents/{accepted['id']}/reveal", json=reveal)
    actor = (await api.detail(cancelled["id"]))["journal"][-1]["actor"]
    assert re.fullmatch(r"reporter:[0-9a-f]{16}", actor["id"])
    assert actor.get("name") is None
    actor = (await api.detail(accepted["id"]))["journal"][-1]["actor"]
    assert re.fullmatch(r"330\*{13}3X~[0-9a-f]{8}", actor["id"])
    assert actor["name"] == "小王139****4321"
    secrets = ("138 1234 5678", "13812345678", "欧阳修文", "33010219900307123X", "13987654321")
    for table in ("incidents", "tasks", "journal", "outbox", "handled", "reveals"):
        for row in await system.worker.pool.fetch(f"SELECT t::text AS row FROM {table} t"):
            assert not any(secret in row["row"] for secret in secrets)
    async with asyncio.timeout(20):
        while len(await system.messages(EVENTS, cancelled["id"])) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    for record in await system.topic_values(EVENTS):
        assert not any(secret.encode() in record.value for secret in secrets)
    assert not any(secret in str(lines) for secret in secrets)


async def test_each_line_about_an_action_carries_the_incident(api: Api) -> None:
    incident = await api.incident()
    with structlog.testing.capture_logs([structlog.contextvars.merge_contextvars]) as lines:
        await taken(api, incident, "accept", UNIT)
        await api.act(incident, "accept", UNIT)
        await api.act(incident | {"version": incident["version"] + 1}, "dispatch", DESK, unit="123")
    told = [line["event"] for line in lines if line.get("incident") == incident["id"]]
    assert told == ["action", "request", "action refused", "request", "request"]


async def test_the_machine_cannot_be_claimed(api: Api) -> None:
    incident = await api.incident()
    answer = await api.act(incident, "accept", {"id": "gridward", "role": "machine"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "actor.role"


async def test_a_wish_that_goes_too_far_is_told_how_far_it_may_go(api: Api) -> None:
    incident = await taken(api, await api.incident(), "accept", UNIT)
    extension = await api.act(incident, "ask_extension", UNIT, reason="需要协调", days=300)
    assert re.search(r"延期最多 [\d.]+ 天", extension.json()["detail"])
    far = "2190-01-01T00:00:00Z"
    suspension = await api.act(incident, "ask_suspension", UNIT, reason="等材料", until=far)
    assert re.search(r"从现在起最长 \d+ (天|工作日)", suspension.json()["detail"])


async def test_a_return_says_why_and_comes_back_to_the_desk(api: Api) -> None:
    incident = await api.incident()
    incident = await taken(api, incident, "return", UNIT, reason="不属于本单位职责", suggested_unit=MARKET)
    assert incident["status"] == "returned"
    detail = await api.detail(incident["id"])
    assert detail["journal"][-1]["text_zh"] == "退单：不属于本单位职责。建议改派青梧市场监管所"
    assert {"kind": "returned", "text_zh": "单位退单"} in detail["doubts"]


async def test_merging_tells_both_incidents(api: Api) -> None:
    parent, child = await api.incident(), await api.incident()
    merged = await taken(api, child, "merge", DESK, into=parent["number"])
    assert merged["status"] == "merged"
    assert merged["merged_into"] == parent["id"]
    joined = await api.detail(parent["id"])
    assert joined["journal"][-1]["type"] == "child_joined"
    assert joined["numbers"][child["id"]] == child["number"]
    gone = await api.detail(child["id"])
    assert gone["journal"][-1]["data"]["into"] == parent["id"]
    assert gone["numbers"][parent["id"]] == parent["number"]


async def test_a_merge_can_be_undone_and_both_journals_say_so(api: Api) -> None:
    child, parent = await api.incident(), await api.incident()
    merged = await taken(api, child, "merge", DESK, into=parent["number"])
    assert "unmerge" in (await api.detail(child["id"]))["possible"]
    assert (await api.act(merged, "unmerge", UNIT, reason="不是一回事")).status_code == 403
    apart = await taken(api, merged, "unmerge", DESK, reason="不是一回事")
    assert (apart["status"], apart["merged_into"]) == ("queued", None)
    assert [doubt["kind"] for doubt in apart["doubts"]] == ["reopened"]
    left, own = (await api.detail(parent["id"]))["journal"], (await api.detail(child["id"]))["journal"]
    assert (left[-1]["type"], left[-1]["data"]["child"]) == ("child_left", child["id"])
    assert own[-1]["text_zh"] == "取消并案，重新派单：不是一回事"
    await taken(api, apart, "dispatch", DESK, unit=ENFORCEMENT)


@pytest.mark.parametrize(
    ("action", "fields", "field"),
    [
        ("dispatch", {"unit": "123"}, "unit"),
        ("dispatch", {"unit": POLICE, "category": "9876"}, "category"),
        ("dispatch", {"unit": POLICE, "grid": "99"}, "grid"),
        ("dispatch", {"unit": POLICE, "severity": 9}, "severity"),
        ("resolve", {"result": "  ", "outcome": "solved"}, "result"),
        ("resolve", {"result": "好", "outcome": "great"}, "outcome"),
        ("progress", {"text": "a\x00b"}, "text"),
        ("progress", {"text": "好", "extra": 1}, "extra"),
        ("ask_extension", {"reason": "忙", "days": -1}, "days"),
        ("merge", {"into": "nothing"}, "into"),
        ("accept", {"done_at": "2999-01-01T00:00:00Z"}, "done_at"),
        ("accept", {"done_at": "2100-01-01T00:00:00Z"}, "done_at"),
        ("accept", {"done_at": "2020-01-01T00:00:00Z"}, "done_at"),
        ("dance", {}, "body"),
    ],
)
async def test_a_wrong_field_is_named(api: Api, action: str, fields: dict[str, Any], field: str) -> None:
    incident = await api.incident()
    answer = await api.act(incident, action, UNIT, **fields)
    assert answer.status_code == 422, answer.text
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert error["reason"]


async def test_merging_into_itself_is_refused(api: Api) -> None:
    incident = await api.incident()
    assert (await api.act(incident, "merge", DESK, into=incident["id"])).status_code == 422


async def test_what_was_done_offline_counts_from_then(system: System) -> None:
    api = system.api
    incident = await api.incident()
    back = "UPDATE {} SET {} = {} - interval '1 hour' WHERE incident_id = $1"
    await system.worker.pool.execute(back.format("tasks", *["offered_at"] * 2), incident["id"])
    await system.worker.pool.execute(back.format("deadlines", *["started_at"] * 2), incident["id"])
    done = datetime.fromisoformat(incident["received_at"]) - timedelta(minutes=30)
    incident = await taken(api, incident, "accept", UNIT, done_at=done.isoformat())
    assert datetime.fromisoformat(incident["tasks"][0]["accepted_at"]) == done


async def test_a_phone_that_is_a_little_fast_is_put_right_and_flagged(api: Api) -> None:
    incident = await api.incident()
    soon = datetime.fromisoformat(incident["received_at"]) + timedelta(seconds=60)
    answer = await api.act(incident, "accept", UNIT, done_at=soon.isoformat())
    assert answer.json()["flags"] == ["clock_ahead"]


async def test_there_is_no_acting_on_what_does_not_exist(api: Api) -> None:
    for reference in (str(uuid4()), "261122-331125-000731-4", "nonsense"):
        answer = await api.act({"id": reference, "version": 1}, "accept", UNIT)
        assert answer.status_code == 404


async def test_a_unit_is_accused_by_the_kind_that_the_desk_names(api: Api) -> None:
    """Triage could not know that it is a complaint about conduct; the desk does, and to be named is enough then."""
    incident = await api.incident(a_report("我要说一下青梧派出所，去了三次，没有结果"))
    answer = await api.act(incident, "dispatch", DESK, unit=POLICE, category="9903")
    assert answer.status_code == 422, answer.text
    assert "回避" in answer.json()["detail"]
    answer = await api.act(incident, "dispatch", DESK, unit="99010100020002", category="9903")
    assert answer.status_code == 200, answer.text
