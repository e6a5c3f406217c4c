"""A category that a later policy no longer has keeps its name everywhere, and says that it is retired."""

import asyncpg
import pytest

from gridward.policy.load import load_bundle
from gridward.store.policies import publish_policy
from tests.api.system import CLEAR, ENFORCEMENT, UNCLEAR, Api, System, a_report
from tests.api.test_accuracy import DESK, figures
from tests.api.test_statistics import SPAN
from tests.policy.test_history import renamed, with_changes

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

NEW = "0581"


async def put_in_force(system: System, old: str, *, with_mapping: bool) -> None:
    bundle = renamed(load_bundle(), old, NEW)
    if with_mapping:
        bundle = with_changes(bundle, ("rename", old, NEW))
    conn = await asyncpg.connect(system.api.services.settings.database_url)
    try:
        await publish_policy(conn, bundle, "renamed", system.worker.clock.now())
    finally:
        await conn.close()
    await system.api.services.versions.refresh()


async def counts(api: Api) -> dict[str, list[tuple[str, str, int]]]:
    found = (await api.client.get("/api/statistics/categories", params=SPAN)).json()
    return {
        kind: [(one["code"], one["name"], one["count"]) for one in found[kind]]
        for kind in ("items", "unmapped")
    }


async def test_its_name_stays_in_lists_details_and_figures(system: System) -> None:
    api = system.api
    sent, asked = await api.incident(a_report()), await api.incident(a_report(UNCLEAR))
    code, name = sent["category"], sent["category_name"]
    answer = await api.act(asked, "dispatch", DESK, unit=ENFORCEMENT, category=code)
    assert answer.status_code == 200, answer.text
    await put_in_force(system, code, with_mapping=False)

    retired = f"{name}（已停用）"
    detail = await api.detail(sent["id"])
    assert detail["category_name"] == retired
    assert detail["why"]["category"]["name"] == retired
    assert code not in [one["code"] for one in detail["category_choices"]]
    assert any(retired in one["text_zh"] for one in detail["journal"])
    for query in ({"q": name}, {"category": code}):
        listed = (await api.client.get("/api/incidents", params=query)).json()
        assert {one["category_name"] for one in listed["items"] if one["category"] == code} == {retired}
        assert len(listed["items"]) == 2
    assert await counts(api) == {"items": [], "unmapped": [(code, retired, 2)]}
    (mine,) = [one for one in (await figures(api))["categories"] if one["code"] == code]
    assert mine["name"] == retired
    assert code not in (await api.client.get("/api/categories")).text

    await put_in_force(system, code, with_mapping=True)
    assert await counts(api) == {"items": [(NEW, name, 2)], "unmapped": []}
    assert (await api.detail(sent["id"]))["category_name"] == retired


async def test_how_often_triage_is_right_follows_what_became_of_a_category(system: System) -> None:
    api, pool = system.api, system.api.services.pool
    before = await api.incident(a_report(CLEAR + "，另一处"))
    code, name = before["category"], "占道经营"
    assert before["category_name"].startswith(name)
    await put_in_force(system, code, with_mapping=True)
    # Three weeks ago under the old code, now under the new one.
    again = await api.incident(a_report(CLEAR + "，又有两家"))
    read = await api.detail(before["id"])
    answer = await api.act(read, "dispatch", DESK, unit=ENFORCEMENT, category=NEW)
    assert answer.status_code == 200, answer.text
    first, now = read["why"]["versions"], (await api.detail(before["id"]))["why"]["versions"]
    assert first["policy"] == first["policy_at_receipt"] == now["policy_at_receipt"]
    assert now["policy"] == api.services.versions.at_the_door.version > first["policy"]
    await pool.execute(
        "UPDATE incidents SET received_at = received_at - CASE guessed WHEN $2 THEN interval '21 days' "
        "ELSE interval '1 year' END WHERE id <> $1",
        again["id"],
        code,
    )
    await pool.execute(
        "UPDATE incidents SET category = $2, why = jsonb_set(why, '{category,code}', to_jsonb($2::text)) WHERE id = $1",
        again["id"],
        NEW,
    )
    sent = await pool.fetchval("SELECT count(*) FROM incidents WHERE guessed = ANY($1)", [code, NEW])
    found = await figures(api)
    mine = {one["code"]: one for one in found["categories"]}
    assert code not in mine
    assert (mine[NEW]["sent"], mine[NEW]["corrected"]) == (sent, 0)
    assert mine[NEW]["name"].startswith(name)
    assert (found["drift"]["index"], found["drift"]["verdict"]) == (0, "steady")
