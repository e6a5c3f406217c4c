"""What the reporter of a repeat and the desk see of it."""

import pytest

from tests.api.system import ENFORCEMENT, LAT, LON, Api, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
UNIT = {"id": "unit-7", "role": "unit", "unit": ENFORCEMENT}
DESK = {"id": "desk-1", "role": "desk"}


async def test_the_tracking_address_of_a_repeat_follows_the_matter_it_joined(api: Api) -> None:
    parent = await api.incident(a_report(RUBBISH))
    body = a_report(RUBBISH)
    child = await api.incident(body)
    assert (child["status"], child["merged_into"]) == ("merged", parent["id"])
    tracked = (await api.client.get(f"/api/reports/{body['id']}")).json()
    assert (tracked["number"], tracked["state"], tracked["joined"]) == (child["number"], "dispatched", True)
    assert parent["number"] not in str(tracked)
    unit = {**UNIT, "unit": parent["unit"]}
    current = await api.detail(parent["id"])
    assert (await api.act(current, "accept", unit)).status_code == 200
    tracked = (await api.client.get(f"/api/reports/{body['id']}")).json()
    assert tracked["state"] == "accepted"
    assert [step["step"] for step in tracked["steps"] if step["at"]] == ["received", "dispatched", "accepted"]
    detail = await api.detail(child["id"])
    assert detail["why"]["joined"]["number"] == parent["number"]
    apart = await api.act(detail, "unmerge", DESK, reason="不是同一处")
    assert apart.status_code == 200
    tracked = (await api.client.get(f"/api/reports/{body['id']}")).json()
    assert (tracked["state"], tracked["joined"]) == ("queued", False)


async def test_the_desk_reads_which_matters_are_similar_and_why(api: Api) -> None:
    place = {"lon": LON + 0.006, "lat": LAT + 0.006}
    known = await api.incident(a_report(RUBBISH, **place))
    other = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    assert other["status"] == "dispatched"
    (similar,) = (await api.detail(other["id"]))["why"]["similar"]
    assert (similar["number"], similar["category_name"]) == (known["number"], known["category_name"])
    assert similar["score"] >= 0.5
    merged = await api.act(await api.detail(other["id"]), "merge", DESK, into=similar["number"])
    assert merged.status_code == 200


async def test_it_is_this_one_adds_a_voice_with_a_tracking_address_of_its_own(api: Api) -> None:
    place = {"lon": LON - 0.006, "lat": LAT - 0.006}
    known = await api.incident(a_report(RUBBISH, **place))
    text = "菜市场北门垃圾桶三天没人清运，臭"
    answer = await api.client.get("/api/suggest", params={"text": text, **place, "role": "resident"})
    (shown,) = answer.json()["repeats"]
    body = a_report(text, source="resident", same_as=shown["id"], **place)
    child = await api.incident(body)
    assert child["merged_into"] == known["id"]
    tracked = (await api.client.get(f"/api/reports/{body['id']}")).json()
    assert (tracked["number"], tracked["joined"]) == (child["number"], True)
    wrong = await api.report(a_report(text, same_as="no id"))
    assert wrong.status_code == 422
