"""A duty that law keeps from villages is refused at the desk with its basis, which the why then shows."""

import pytest

from tests.api.system import UNCLEAR, Api, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

VILLAGE, POLICE = "99010110160001", "99010110120002"
CHIEF = {"id": "chief-1", "role": "chief", "name": "周敏"}


async def test_the_desk_is_refused_and_the_why_names_the_law(api: Api) -> None:
    unsure = await api.incident(a_report(UNCLEAR))
    assert unsure["status"] == "queued"
    refused = await api.act(unsure, "dispatch", CHIEF, unit=VILLAGE, category="0203", note="就近处理")
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert error["field"] == "unit"
    assert "治安管理处罚法" in error["reason"]
    after = await api.detail(unsure["id"])
    assert (after["status"], after["version"]) == ("queued", unsure["version"])

    taken = await api.act(after, "dispatch", CHIEF, unit=POLICE, joint=[VILLAGE], category="0203")
    assert taken.status_code == 200, taken.text
    why = (await api.client.get(f"/api/incidents/{unsure['id']}/explain")).json()
    (basis,) = why["basis"]
    assert (basis["category"], basis["checked"]) == ("02", False)
    assert basis["never_led_by"] == ["村社区", "学校"]
    assert (await api.detail(unsure["id"]))["why"]["basis"] == why["basis"]
    handed = await api.act(
        await api.detail(unsure["id"]), "hand_over", CHIEF, line=VILLAGE, answered_by="老王"
    )
    assert handed.status_code == 422
    assert "治安管理处罚法" in handed.text


async def test_a_matter_that_the_list_does_not_name_shows_none(api: Api) -> None:
    clear = await api.incident(a_report())
    assert (await api.detail(clear["id"]))["why"]["basis"] == []
