"""While somebody types: the kind, the place, and what is known of it already, to each what they may see."""

import asyncio
import random
import time
from typing import Any

import pytest

from tests.api.copies import fill
from tests.api.system import CLEAR, GRID, LAT, LON, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

OPEN_ONES = 20_000
# The promise is 50 ms; a machine that is shared with other tests is given this much more.
ROOM = 4
RUBBISH = "菜市场门口垃圾堆了三天没人清运，臭味很大"
SENSITIVE = "老公打老婆，邻居听到孩子哭喊，家里有个留守儿童没人管"


async def suggested(api: Api, **query: Any) -> dict[str, Any]:
    answer = await api.client.get("/api/suggest", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_kind_and_the_grid_of_what_is_typed(api: Api) -> None:
    found = await suggested(api, text=CLEAR, lon=LON, lat=LAT, accuracy_m=5, role="hotline")
    assert found["categories"][0]["code"] == "0506"
    assert found["categories"][0]["words"]
    assert (found["place"]["grid"], found["place"]["how"]) == (GRID, "inside")


async def test_nothing_typed_suggests_nothing(api: Api) -> None:
    found = await suggested(api)
    assert (found["categories"], found["repeats"], found["place"]["how"]) == ([], [], "no_place")


async def test_a_name_in_the_text_is_a_place_to_choose(api: Api) -> None:
    found = await suggested(api, text="柳塘小学门口路灯坏了", role="hotline")
    (choice,) = found["place"]["choices"]
    assert (choice["name"], choice["words"]) == ("柳塘小学", "柳塘小学门口")
    assert found["place"]["how"] == "gazetteer"
    assert found["place"]["lon"] == choice["lon"]


async def test_a_grid_named_in_words_is_that_grid_as_triage_takes_it(api: Api) -> None:
    text = "网格002门口路灯坏了"
    found = await suggested(api, text=text, role="hotline")
    made = await api.incident(a_report(text, lon=None, lat=None, accuracy_m=None))
    assert found["place"]["grid"] == made["grid"] == "990101101001002"
    assert found["place"]["how"] == "gazetteer"


async def test_what_is_known_nearby_is_shown_to_the_hotline(api: Api) -> None:
    known = await api.incident(a_report(RUBBISH, lon=LON + 0.004, lat=LAT))
    found = await suggested(
        api, text="菜市场门口的垃圾三天没清运了", lon=LON + 0.0041, lat=LAT, role="hotline"
    )
    (repeat,) = found["repeats"]
    assert (repeat["id"], repeat["number"]) == (known["id"], known["number"])
    assert repeat["excerpt"].startswith("菜市场门口垃圾")
    assert repeat["away_m"] == pytest.approx(10, abs=2)


async def test_a_resident_is_shown_kind_and_place_and_no_text(api: Api) -> None:
    await api.incident(a_report(RUBBISH, lon=LON - 0.004, lat=LAT))
    query = {"text": RUBBISH, "lon": LON - 0.0041, "lat": LAT}
    for who in ({"role": "resident"}, {}, {"role": "desk", "source": "resident"}):
        (repeat,) = (await suggested(api, **query, **who))["repeats"]
        assert set(repeat) == {"id", "category", "category_name", "grid_name", "away_m"}
        assert repeat["category"] == "0501"
        assert repeat["away_m"] % 50 == 0


async def test_a_resident_is_shown_public_facilities_only(api: Api) -> None:
    text = "隔壁邻居天天为了院墙和我家吵架，占了我家的地"
    incident = await api.incident(a_report(text, lon=LON, lat=LAT + 0.004))
    assert not incident["sensitive"]
    query = {"text": text, "lon": LON, "lat": LAT + 0.004}
    assert (await suggested(api, **query, role="resident"))["repeats"] == []
    assert len((await suggested(api, **query, role="hotline"))["repeats"]) == 1


async def test_nothing_sensitive_is_ever_suggested(api: Api) -> None:
    incident = await api.incident(a_report(SENSITIVE, lon=LON, lat=LAT - 0.004))
    assert incident["sensitive"]
    for role in ("desk", "hotline", "grid", "resident"):
        found = await suggested(api, text=SENSITIVE, lon=LON, lat=LAT - 0.004, role=role)
        assert found["repeats"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"lon": 118.4}, "lon"),
        ({"lon": 200, "lat": 30}, "lon"),
        ({"text": "字" * 1_001}, "text"),
        ({"role": "king"}, "role"),
        ({"lon": "nan", "lat": 3}, "lon"),
    ],
)
async def test_what_is_wrong_is_named(api: Api, query: dict[str, Any], field: str) -> None:
    answer = await api.client.get("/api/suggest", params=query)
    assert answer.status_code == 422
    assert any(field in error["field"] for error in answer.json()["errors"])


async def test_with_many_open_incidents_it_is_quick(system: System) -> None:
    """The last of the file: it fills the database."""
    pool = system.worker.pool
    model = await pool.fetchval("SELECT id FROM incidents WHERE category = '0501' LIMIT 1")
    await fill(pool, model, OPEN_ONES)
    draw = random.Random(5)
    took: list[float] = []
    async with asyncio.timeout(60):
        for n in range(200):
            place = {"lon": LON + draw.uniform(-0.01, 0.01), "lat": LAT + draw.uniform(-0.01, 0.01)}
            start = time.perf_counter()
            found = await suggested(
                system.api, text=f"楼下垃圾桶满了{'很' * (n % 9)}臭，没有人来清运", role="desk", **place
            )
            took.append(time.perf_counter() - start)
            assert found["repeats"]
    took.sort()
    p95 = took[int(len(took) * 0.95)] * 1_000
    assert p95 < 50 * ROOM, f"p50 {took[len(took) // 2] * 1_000:.1f} ms, p95 {p95:.1f} ms"
