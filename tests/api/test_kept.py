"""From whom the words of a matter are kept, they see none: in detail, why, lists and search, nor who reported it."""

from typing import Any

import pytest

from gridward.bus import EVENTS
from tests.api.system import ENFORCEMENT, LAT, LON, MARKET, POLICE, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

CHIEF = {"id": "chief-1", "role": "chief", "name": "周敏"}
ACCUSING = "派出所民警在樟树底下把老孙打伤了，人在医院"
# Of the text, the address, the reporter and notes.
WORDS = ("民警", "打伤", "老孙", "医院", "樟树", "张", "0501")
NOBODY: dict[str, str] = {}


async def a_complaint(api: Api, n: int) -> dict[str, Any]:
    """That accuses the police, with the enforcement unit, which has written down what it found."""
    report = a_report(
        ACCUSING,
        lon=LON + 0.001 * n,
        lat=LAT - 0.004,
        address="樟树新村 3 号",
        reporter={"name": "张三", "phone": "13800000501"},
    )
    incident = await api.incident(report)
    assert incident["sensitive"]
    given = await api.act(
        await api.detail(incident["id"]),
        "dispatch",
        CHIEF,
        unit=ENFORCEMENT,
        category="9903",
        note="查清民警是否打伤人",
    )
    assert given.status_code == 200, given.text
    unit = {"id": "unit-7", "role": "unit", "name": "李强", "unit": ENFORCEMENT}
    for action, fields in (("accept", {}), ("progress", {"text": "老孙在医院，已做笔录"})):
        done = await api.act(await api.detail(incident["id"]), action, unit, **fields)
        assert done.status_code == 200, done.text
    return incident


@pytest.mark.parametrize(
    ("n", "viewer", "reason"),
    [
        (0, {"role": "unit", "unit": POLICE}, "accused"),
        (1, {"role": "worker", "unit": POLICE}, "accused"),
        (2, {"role": "unit", "unit": MARKET}, "outside"),
        (3, {"role": "reporter"}, "outside"),
        (4, NOBODY, "outside"),
    ],
)
async def test_who_may_not_read_it_sees_no_word_of_it_anywhere(
    system: System, n: int, viewer: dict[str, str], reason: str
) -> None:
    api = system.api
    incident = await a_complaint(api, n)
    own = f"/api/incidents/{incident['id']}"
    shown = (await api.client.get(own, params=viewer)).json()
    why = (await api.client.get(f"{own}/explain", params=viewer)).json()
    listed = (await api.client.get("/api/incidents", params={"limit": 500, **viewer})).json()
    for told in (shown, why):
        assert told["withheld"]["reason"] == reason
        assert told["withheld"]["text_zh"]
    for told in (shown, why, listed):
        assert not [word for word in WORDS if word in str({**told, "withheld": None})], told
    assert (shown["text"], shown["reporter"], shown["status"]) == (None, None, "accepted")
    assert [entry["type"] for entry in shown["journal"]][-1] == "progressed"
    found = await api.client.get("/api/incidents", params={"q": "老孙", **viewer})
    assert found.json()["total"] == 0


@pytest.mark.parametrize(("n", "viewer"), [(5, {"role": "desk"}), (6, {"role": "unit", "unit": ENFORCEMENT})])
async def test_the_desk_and_who_handles_it_read_it(system: System, n: int, viewer: dict[str, str]) -> None:
    incident = await a_complaint(system.api, n)
    shown = await system.api.detail(incident["id"], **viewer)
    assert (shown["text"], shown["withheld"]) == (ACCUSING, None)
    assert "老孙" in str(shown["journal"])


@pytest.mark.parametrize(
    ("n", "viewer", "status"),
    [
        (7, {"role": "unit", "unit": POLICE}, 403),
        (8, {"role": "unit", "unit": MARKET}, 403),
        (9, {"role": "unit", "unit": ENFORCEMENT}, 200),
    ],
)
async def test_nor_whose_report_it_was(system: System, n: int, viewer: dict[str, str], status: int) -> None:
    incident = await a_complaint(system.api, n)
    body = {"purpose": "回访", "actor": {"id": "x-1", **viewer}}
    answer = await system.api.client.post(f"/api/incidents/{incident['id']}/reveal", json=body)
    assert answer.status_code == status, answer.text
    assert ("张三" in answer.text) is (status == 200)


async def test_the_live_stream_carries_no_word_of_it_to_anybody(system: System) -> None:
    incident = await a_complaint(system.api, 10)
    records = await system.messages(EVENTS, incident["id"])
    dressed = await system.api.services.hub.dress(records)
    assert len(dressed) >= 4
    for event, _ in dressed:
        told = (event.data or b"").decode()
        assert incident["number"] in told
        assert not [word for word in WORDS if word in told], told


async def test_what_came_second_under_the_same_number_is_the_desks_where_it_may_be_sensitive(
    system: System,
) -> None:
    incident = await system.api.incident(a_report())
    assert not incident["sensitive"]
    viewer = {"role": "unit", "unit": incident["unit"]}
    change = "UPDATE journal SET type = 'report_conflicted', event = $2 WHERE incident_id = $1 AND no = 2"
    for sensitive, read_by_unit in ((True, False), (False, True)):
        event = {"report_id": "r", "body_hash": "", "text": ACCUSING, "sensitive": sensitive}
        await system.worker.pool.execute(change, incident["id"], event)
        assert "老孙" in str((await system.api.detail(incident["id"]))["journal"])
        told = await system.api.detail(incident["id"], **viewer)
        assert ("老孙" in str(told)) is read_by_unit
