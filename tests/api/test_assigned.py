"""Whose a matter would be, as the desk is told while it decides."""

from typing import Any

import pytest

from tests.api.system import GRID, POLICE, UNCLEAR, Api, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

QUARREL = {"category": "0102", "grid": GRID}


async def whose(api: Api, **about: str) -> Any:
    return (await api.client.get("/api/assign", params=QUARREL | about)).json()


async def test_an_axe_calls_the_police_whatever_it_is_about(api: Api) -> None:
    incident = await api.incident(a_report("邻居拎着斧头追我，为了楼上漏水", lon=None, lat=None))
    plain, violent = await whose(api), await whose(api, incident=incident["id"])
    assert violent["unit"] == POLICE != plain["unit"]
    assert plain["unit"] in [one["unit"] for one in violent["joint"]]
    assert violent["text_zh"].startswith(plain["text_zh"])


async def test_whom_it_accuses_is_not_proposed(api: Api) -> None:
    incident = await api.incident(a_report("派出所民警打人，还砍了我家的树", lon=None, lat=None))
    about = {"category": "0201", "incident": incident["id"], "role": "desk"}
    assert (await whose(api, category="0201"))["unit"] == POLICE
    assert (await whose(api, **about))["unit"] not in (None, POLICE)


async def test_who_may_not_read_it_is_told_what_holds_without_its_text(api: Api) -> None:
    incident = await api.incident(a_report("派出所民警打人，还砍了我家的树苗", lon=None, lat=None))
    about = {"category": "0201", "incident": incident["id"]}
    for viewer in ({}, {"role": "unit", "unit": POLICE}):
        assert await whose(api, **about, **viewer) == await whose(api, category="0201")


async def test_an_ordinary_text_changes_nothing(api: Api) -> None:
    incident = await api.incident(a_report(UNCLEAR, lon=None, lat=None))
    assert await whose(api, incident=incident["id"]) == await whose(api)


async def test_what_is_no_incident_is_told(api: Api) -> None:
    assert (await api.client.get("/api/assign", params=QUARREL | {"incident": "x"})).status_code == 422
