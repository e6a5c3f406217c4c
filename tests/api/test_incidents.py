"""Lists, counts, the full incident and the reference data behind the console."""

import gzip
from datetime import timedelta
from typing import Any

import orjson
import pytest
import pytest_asyncio

from gridward.domain.events import Doubt, Event, Outcome
from gridward.domain.rules import DeadlineKind, Level, Light
from gridward.domain.transitions import Status
from gridward.policy.files import load_bundle
from gridward.wire import event_name
from tests.api.system import CLEAR, ENFORCEMENT, GRID, LON, UNCLEAR, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

VIOLENCE = "丈夫家暴打老婆，一直在打"  # sensitive
DISPATCHED = 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(api: Api) -> dict[str, dict[str, Any]]:
    """Five that are dispatched, far enough apart to be no repeats, one that is unsure, one that is sensitive."""
    found = {
        f"clear{n}": await api.incident(a_report(f"{CLEAR} 第{n}处 100%", lon=LON - 0.008 + 0.003 * n))
        for n in range(DISPATCHED)
    }
    found["unsure"] = await api.incident(a_report(UNCLEAR, lon=None, lat=None))
    found["sensitive"] = await api.incident(a_report(VIOLENCE))
    return found


async def listed(api: Api, **query: Any) -> list[str]:
    answer = await api.client.get("/api/incidents", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] == len(answer.json()["items"])
    return [item["id"] for item in answer.json()["items"]]


async def test_filters_narrow(api: Api, known: dict[str, dict[str, Any]]) -> None:
    clear = [known[f"clear{n}"]["id"] for n in reversed(range(DISPATCHED))]
    unsure, sensitive = known["unsure"]["id"], known["sensitive"]["id"]
    assert await listed(api) == [sensitive, unsure, *clear]
    assert await listed(api, open=True) == [sensitive, unsure, *clear]
    assert await listed(api, unit=ENFORCEMENT) == clear
    assert await listed(api, status=["queued", "closed"], doubt=True, grid="") == [unsure]
    assert unsure not in await listed(api, doubt=False)
    assert unsure not in await listed(api, grid=GRID[:12])
    assert await listed(api, grid="1234") == []
    assert (
        await listed(api, category=known["clear0"]["category"][:2], severity=known["clear0"]["severity"])
        == clear
    )
    assert await listed(api, overdue=True) == []


async def test_words_find_numbers_texts_and_names_literally(
    api: Api, known: dict[str, dict[str, Any]]
) -> None:
    assert await listed(api, q="第3处") == [known["clear3"]["id"]]
    assert await listed(api, q=known["unsure"]["number"]) == [known["unsure"]["id"]]
    assert len(await listed(api, q="环卫")) == DISPATCHED  # the unit's name
    assert len(await listed(api, q="100%")) == DISPATCHED
    assert await listed(api, q="10_%") == []


async def test_a_sensitive_text_is_in_no_list_and_found_by_no_word(
    api: Api, known: dict[str, dict[str, Any]]
) -> None:
    incident = known["sensitive"]
    assert incident["sensitive"] is True
    assert incident["excerpt"] is None
    assert incident["id"] not in await listed(api, q="老婆")
    assert (await api.detail(incident["id"]))["text"] == VIOLENCE


async def test_pages_show_each_incident_once(api: Api, known: dict[str, dict[str, Any]]) -> None:
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await api.client.get("/api/incidents", params=query)).json()
        assert page["total"] == len(known)
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == sorted(incident["id"] for incident in known.values())


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "W10="},
        {"limit": 0},
        {"status": "lost"},
        {"severity": 5},
        {"grid": "abc"},
        {"q": "a\x00"},
        {"doubt": "perhaps"},
    ],
)
async def test_a_wrong_query_is_named(api: Api, query: dict[str, Any]) -> None:
    answer = await api.client.get("/api/incidents", params=query)
    assert answer.status_code == 422, answer.text
    (field,) = query
    assert answer.json()["errors"][0]["field"].split(".")[0] == field


async def test_counts_are_of_what_is_open(system: System, known: dict[str, dict[str, Any]]) -> None:
    counts = (await system.api.client.get("/api/counts")).json()
    assert counts["open"] == counts["received_today"] == len(known)
    assert counts["dispatched"] + counts["queued"] == len(known)
    assert counts["doubt"] == counts["queued"]
    assert counts["overdue"] == counts["due_soon"] == 0
    id = known["unsure"]["id"]
    move = "UPDATE incidents SET next_due_at = now() + $2 WHERE id = $1"
    await system.worker.pool.execute(move, id, timedelta(seconds=-1))
    assert (await system.api.client.get("/api/counts")).json()["overdue"] == 1
    begin = "UPDATE deadlines SET started_at = now() - interval '1 hour' WHERE incident_id = $1"
    await system.worker.pool.execute(begin, id)
    await system.worker.pool.execute(move, id, timedelta(minutes=19))
    assert (await system.api.client.get("/api/counts")).json()["due_soon"] == 1


async def test_the_full_incident_says_why(api: Api, known: dict[str, dict[str, Any]]) -> None:
    detail = await api.detail(known["clear0"]["number"])
    why = detail["why"]
    assert "占道" in "".join(why["category"]["words"])
    assert why["category"]["name"]
    assert (why["place"]["grid"], why["place"]["how"]) == (GRID, "inside")
    assert why["unit"]["rule"]
    assert "签收" in why["limits"]["text_zh"]
    assert why["versions"] == {"policy": 1, "policy_at_receipt": 1, "boundary": 1}
    assert detail["possible"][:2] == ["dispatch", "accept"]
    assert [entry["text_zh"].split("：")[0] for entry in detail["journal"]] == [
        "收到上报",
        "派给青梧综合执法与环卫队",
    ]
    explained = await api.client.get(f"/api/incidents/{detail['id']}/explain")
    assert explained.json() == why | {"past": explained.json()["past"], "likely": []}


async def test_a_guess_has_one_figure_of_confidence_and_its_rivals_have_shares(
    api: Api, known: dict[str, dict[str, Any]]
) -> None:
    detail = await api.detail(known["clear0"]["number"])
    own = detail["why"]["category"]
    others = [*own["alternatives"], *detail["category_choices"]]
    assert 0 < own["confidence"] <= 1
    assert others
    assert all("confidence" not in one and 0 <= one["share"] <= 1 for one in others)


async def test_the_console_gets_its_reference_data(api: Api, known: dict[str, dict[str, Any]]) -> None:
    units = (await api.client.get("/api/units")).json()
    categories = (await api.client.get("/api/categories")).json()
    words = (await api.client.get("/api/glossary")).json()
    assert len(units) == len(load_bundle().units.units)
    assert len(categories) == 92
    assert {"code", "name", "kind", "duty"} <= units[0].keys()
    assert {"code", "name", "group_name", "severity"} <= categories[0].keys()
    assert words["statuses"]["queued"]["zh"] == "待派单"
    suggested = await api.client.get("/api/assign", params={"category": "0501", "grid": GRID})
    assert suggested.json()["unit_name"]
    assert (await api.client.get("/api/assign", params={"category": "9998"})).status_code == 422


async def test_grids_come_compressed_and_once(api: Api, known: dict[str, dict[str, Any]]) -> None:
    answer = await api.client.get("/api/grids")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["features"][0]["properties"]["code"] == GRID
    tag = {"if-none-match": answer.headers["etag"]}
    assert (await api.client.get("/api/grids", headers=tag)).status_code == 304
    async with api.client.stream("GET", "/api/grids", headers={"accept-encoding": "identity"}) as plain:
        assert orjson.loads(b"".join([piece async for piece in plain.aiter_raw()]))["features"]
    assert gzip.decompress(api.services.versions.grids_gzip)


async def test_every_word_of_the_glossary_that_answers_use_is_there(api: Api) -> None:
    words = (await api.client.get("/api/glossary")).json()
    used: dict[str, list[str]] = {
        "statuses": [status for status in Status if status is not Status.NEW],
        "doubts": list(Doubt),
        "outcomes": list(Outcome),
        "deadlines": list(DeadlineKind),
        "levels": list(Level),
        "lights": list(Light),
        "journal": [event_name(kind) for kind in Event.__args__],
    }
    missing = {group: set(keys) - words.get(group, {}).keys() for group, keys in used.items()}
    assert not any(missing.values()), missing


async def test_the_explanation_says_what_made_it_graver(api: Api) -> None:
    incident = await api.incident(a_report("三十多个村民为征地补偿款围堵镇政府大门上访，要求当面答复"))
    why = (await api.client.get(f"/api/incidents/{incident['id']}/explain")).json()
    assert any("三十人以上" in line["text_zh"] for line in why["raised"]), why
