"""What the reporter of a repeat and the desk see of it."""

import asyncio
from typing import Any

import pytest

from gridward.clock import SystemClock
from gridward.domain.commands import Command, Move
from gridward.domain.draft import MACHINE, When
from gridward.domain.events import ChildJoined, Merged
from gridward.handle import handle
from stream.desk import within
from tests.api.browser import Browser
from tests.api.system import ENFORCEMENT, LAT, LON, POLICE, Api, System, a_report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]

RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
UNIT = {"id": "unit-7", "role": "unit", "unit": ENFORCEMENT}
DESK = {"id": "desk-1", "role": "desk"}
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
FAMILY, RUBBISH_LEFT = "0101", "0501"  # the first is sensitive


async def test_the_tracking_address_of_a_repeat_follows_the_matter_it_joined(api: Api) -> None:
    parent = await api.incident(a_report(RUBBISH))
    body = a_report(RUBBISH)
    child = await api.incident(body)
    assert (child["status"], child["merged_into"]) == ("merged", parent["id"])
    tracked = (await api.client.get(f"/api/reports/{body['id']}")).json()
    assert (tracked["number"], tracked["state"], tracked["joined"]) == (child["number"], "dispatched", True)
    assert parent["number"] not in str(tracked)
    told = tracked["told"]
    assert (told["status_zh"], told["unit_kind"], told["same_reporter"]) == ("待签收", "综合执法队", False)
    assert told["due_at"] is not None
    assert told["text_zh"].startswith(
        "同一事项已有人反映，本次已并入。目前状态：待签收。办理单位：综合执法队。办结时限："
    )
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
    assert (tracked["state"], tracked["joined"], tracked["told"]) == ("queued", False, None)
    assert [step["step"] for step in tracked["steps"] if step["at"]] == ["received"]


async def a_family(api: Api, **place: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A matter, and the bodies of two reports that joined it."""
    parent = await api.incident(a_report(RUBBISH, **place))
    bodies = [a_report(RUBBISH, **place) for _ in range(2)]
    for body in bodies:
        assert (await api.incident(body))["merged_into"] == parent["id"]
    return parent, bodies


async def tracked(api: Api, body: dict[str, Any]) -> dict[str, Any]:
    return await api.read(f"/api/reports/{body['id']}")


@pytest.mark.parametrize(
    ("actor", "north"), [({"id": "13800000077", "role": "reporter"}, 0.002), (DESK, 0.005)]
)
async def test_who_withdraws_a_report_withdraws_none_that_joined_it(
    api: Api, actor: dict[str, Any], north: float
) -> None:
    parent, bodies = await a_family(api, lon=LON + 0.006, lat=LAT - north)
    number = [(await tracked(api, body))["number"] for body in bodies]
    gone = await api.act(await api.detail(parent["id"]), "cancel", actor, reason="自己清了")
    assert gone.status_code == 200, gone.text
    assert gone.json()["incident"]["status"] == "cancelled"
    journal = [entry["type"] for entry in (await api.detail(parent["id"]))["journal"]]
    assert journal[-3:] == ["child_left", "child_left", "cancelled"]

    head, other = await api.detail(number[0]), await api.detail(number[1])
    assert (head["status"], head["merged_into"]) == ("queued", None)
    assert head["doubts"] == [{"kind": "withdrawn", "text_zh": "所并入的事件已撤销"}]
    assert (other["status"], other["merged_into"]) == ("merged", head["id"])
    assert [entry["text_zh"] for entry in head["journal"][-2:]] == [
        "所并入的事件已撤销，本件继续办理，重新派单",
        "另一事件并入本事件",
    ]
    assert other["journal"][-1]["text_zh"] == "所并入的事件已撤销，改并入同一事项的另一事件"
    assert {entry["actor"]["role"] for entry in (*head["journal"], *other["journal"])} == {"machine"}
    assert "自己清了" not in str((head, other)), "why another report was withdrawn is not theirs to read"

    first, second = await tracked(api, bodies[0]), await tracked(api, bodies[1])
    assert (first["state"], first["joined"], first["told"]) == ("queued", False, None)
    assert (second["state"], second["joined"]) == ("queued", True)
    assert second["told"]["text_zh"] == "同一事项已有人反映，本次已并入。目前状态：待派单。"
    for report in (first, second):
        assert [step["step"] for step in report["steps"] if step["at"]] == ["received"]
    sent = await api.act(head, "dispatch", DESK, unit=ENFORCEMENT)
    assert sent.status_code == 200, sent.text
    assert (await tracked(api, bodies[1]))["state"] == "dispatched"


@pytest.mark.parametrize(("role", "goes_too", "south"), [("reporter", True, 0.008), ("desk", False, 0.0095)])
async def test_who_withdraws_a_report_withdraws_what_they_only_said_again(
    api: Api, role: str, goes_too: bool, south: float
) -> None:
    hers = {
        "reporter": {"name": "张三", "phone": f"1380000091{int(goes_too)}"},
        "lon": LON + 0.008,
        "lat": LAT - south,
    }
    parent = await api.incident(a_report(RUBBISH, **hers))
    again = a_report(RUBBISH, **hers)
    assert (await api.incident(again))["merged_into"] == parent["id"]
    other = a_report(RUBBISH, **{**hers, "reporter": {"name": "李四", "phone": "13800000929"}})
    assert (await api.incident(other))["merged_into"] == parent["id"]
    who = {"id": hers["reporter"]["phone"], "role": role}
    gone = await api.act(await api.detail(parent["id"]), "cancel", who, reason="自己清了")
    assert gone.status_code == 200, gone.text
    states = [(await tracked(api, body))["state"] for body in (again, other)]
    assert states == ["cancelled" if goes_too else "queued", "queued"]


async def test_what_follows_another_report_of_the_same_person_ends_with_that_one(api: Api) -> None:
    place = {"lon": LON + 0.004, "lat": LAT + 0.0015}
    hers, his = (
        {"reporter": {"name": name, "phone": phone}}
        for name, phone in (("张三", "13800000931"), ("李四", "13800000932"))
    )
    parent = await api.incident(a_report(RUBBISH, **place, **hers))
    bodies = [a_report(RUBBISH, **place, **his) for _ in range(2)]
    for body in bodies:
        assert (await api.incident(body))["merged_into"] == parent["id"]
    hers_gone = await api.act(
        await api.detail(parent["id"]), "cancel", {"id": "13800000931", "role": "reporter"}, reason="清了"
    )
    assert hers_gone.status_code == 200, hers_gone.text
    first, second = [await tracked(api, body) for body in bodies]
    head = await api.detail(first["number"])
    assert head["journal"][-1]["text_zh"] == "同一反映人再次反映，已并入本事件，没有新情况"
    assert (second["state"], second["told"]["same_reporter"]) == ("queued", True)
    his_gone = await api.act(head, "cancel", {"id": "13800000932", "role": "reporter"}, reason="清了")
    assert his_gone.status_code == 200, his_gone.text
    assert (await tracked(api, bodies[1]))["state"] == "cancelled"


async def test_who_joins_in_the_moment_of_a_withdrawal_is_seen(system: System) -> None:
    api = system.api
    place = {"lon": LON - 0.008, "lat": LAT - 0.001}
    parent = await api.incident(a_report(RUBBISH, **place))
    child = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    moves = (Move(child["id"], Merged(parent["id"])), Move(parent["id"], ChildJoined(child["id"])))
    now = SystemClock().now()
    joining = Command("test:joining", moves, MACHINE, When(now, now))
    services = api.services
    async with services.store.begin() as work:
        await handle([joining], within(work), services.versions.policies.rules)
        withdrawing = asyncio.create_task(api.act(parent, "cancel", DESK, reason="误报"))
        await until_one_waits_for_a_lock(system)
    answer = await withdrawing
    assert answer.status_code == 200, answer.text
    assert (await api.detail(parent["id"]))["status"] == "cancelled"
    left = await api.detail(child["id"])
    assert (left["status"], [doubt["kind"] for doubt in left["doubts"]]) == ("queued", ["withdrawn"])


async def until_one_waits_for_a_lock(system: System) -> None:
    """It has read the incident as it was, and is about to act on that."""
    for _ in range(100):
        if await system.worker.pool.fetchval(WAITING):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nobody waits")


async def test_the_desk_reads_which_matters_are_similar_and_why(api: Api) -> None:
    place = {"lon": LON + 0.006, "lat": LAT + 0.006}
    known = await api.incident(a_report(RUBBISH, **place))
    other = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    assert other["status"] == "dispatched"
    (similar,) = (await api.detail(other["id"]))["why"]["similar"]
    assert (similar["number"], similar["category_name"]) == (known["number"], known["category_name"])
    assert similar["score"] >= 0.5
    now = {key: similar[key] for key in ("status", "unit_name", "received_at", "excerpt")}
    assert now == {key: known[key] for key in now}
    assert other["likely_repeats"] == [known["id"]]
    explained = (await api.client.get(f"/api/incidents/{other['id']}/explain")).json()
    assert explained["similar"] == [similar]
    merged = await api.act(await api.detail(other["id"]), "merge", DESK, into=similar["number"])
    assert merged.status_code == 200


async def shown_everywhere(incident: dict[str, Any], api: Api) -> list[dict[str, Any]]:
    """The incident in the list, in full, in an action's answer and refusal, and on the live stream after it."""
    listed = (await api.read("/api/incidents?limit=200"))["items"]
    refused = await api.act({**incident, "version": 0}, "progress", DESK, text="已致电")
    assert refused.status_code == 409, refused.text
    async with asyncio.timeout(20), Browser(api.base).frames_from() as frames:
        while (await anext(frames)).event != "hello":
            pass
        answer = await api.act(await api.detail(incident["id"]), "progress", DESK, text="已致电")
        if answer.status_code == 200:
            async for frame in frames:
                if frame.event == "incident" and frame.data["incident"]["id"] == incident["id"]:
                    break
            live = [frame.data, answer.json()]
        else:
            live = []  # nothing can be done with what is merged
    (item,) = [one for one in listed if one["id"] == incident["id"]]
    return [item, refused.json(), await api.detail(incident["id"]), *live]


async def becomes_sensitive(incident: dict[str, Any], api: Api) -> None:
    seen = await api.detail(incident["id"])
    answer = await api.act(seen, "dispatch", DESK, unit=POLICE, category=FAMILY)
    assert answer.status_code == 200, answer.text


async def test_a_likely_repeat_that_became_sensitive_is_told_no_more(api: Api) -> None:
    place = {"lon": LON + 0.009, "lat": LAT - 0.006}
    known = await api.incident(a_report(RUBBISH, **place))
    other = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    assert all(known["id"] in str(view) for view in await shown_everywhere(other, api))
    await becomes_sensitive(known, api)
    views = await shown_everywhere(other, api)
    assert len(views) == 5
    assert all(known["id"] not in str(view) for view in views)


async def test_what_a_report_was_merged_into_is_named_no_more_once_it_is_sensitive(api: Api) -> None:
    place = {"lon": LON + 0.002, "lat": LAT + 0.004}
    parent = await api.incident(a_report(RUBBISH, **place))
    body = a_report(RUBBISH, **place)
    child = await api.incident(body)
    assert child["merged_into"] == parent["id"]
    await becomes_sensitive(parent, api)
    assert all(parent["id"] not in str(view) for view in await shown_everywhere(child, api))
    again = await api.report(body)
    assert (again.status_code, again.json()["incident"]["merged_into"]) == (200, None)
    detail = await api.detail(child["id"])
    assert "并入另一事件" in [entry["text_zh"] for entry in detail["journal"]], "that it was merged stays"
    assert (await api.act(detail, "unmerge", DESK, reason="不是一回事")).status_code == 200
    assert child["id"] in str(await api.detail(parent["id"])), "who may know of more reads on"


async def test_who_joined_a_matter_that_became_sensitive_reads_of_no_unit(api: Api) -> None:
    parent, (body, _) = await a_family(api, lon=LON - 0.009, lat=LAT - 0.009)
    assert (await tracked(api, body))["incident"]["unit"] == parent["unit"]
    seen = await api.detail(parent["id"])
    hidden = await api.act(seen, "dispatch", DESK, unit=POLICE, category=FAMILY)
    assert hidden.status_code == 200, hidden.text
    page = await tracked(api, body)
    assert page["joined"]
    assert page["incident"]["unit"] is page["incident"]["unit_name"] is page["incident"]["category"] is None


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


async def test_the_same_person_is_told_the_state_instead(api: Api) -> None:
    place = {"lon": LON + 0.004, "lat": LAT - 0.006}
    reporter = {"name": "张三", "phone": "13800000011"}
    text = "物业乱收停车费，业主和保安起了矛盾一直没人来调解这件事情"
    known = await api.incident(a_report(text, reporter=reporter, **place))
    body = a_report(text, reporter=reporter, **place)
    again = await api.incident(body)
    assert again["merged_into"] == known["id"]
    told = (await api.client.get(f"/api/reports/{body['id']}")).json()["told"]
    assert told["same_reporter"] is True
    assert told["text_zh"].startswith("您此前反映过同一事项，本次已并入。目前状态：")
    journal = (await api.detail(known["id"]))["journal"]
    assert journal[-1]["text_zh"] == "同一反映人再次反映，已并入本事件，没有新情况"


async def test_the_third_report_is_linked_and_both_sides_show_it(api: Api) -> None:
    place = {"lon": LON + 0.007, "lat": LAT - 0.007}
    texts = ["楼上半夜装修电钻噪音很大，吵得睡不着觉", "楼上又半夜装修，电钻噪音吵得睡不着觉"]
    texts.append("半夜楼上装修还在用电钻，噪音大得睡不着")
    first, second, third = [
        await api.incident(a_report(text, reporter={"name": "张三", "phone": f"1380000002{n}"}, **place))
        for n, text in enumerate(texts)
    ]
    assert (third["severity"], first["severity"]) == (3, 4)
    mine, theirs = (await api.detail(third["id"])), (await api.detail(first["id"]))
    assert (mine["repeat"]["nth"], mine["repeat"]["returning"]) == (3, False)
    assert {one["number"] for one in mine["repeat"]["earlier"]} == {first["number"], second["number"]}
    assert [one["number"] for one in theirs["repeat"]["later"]] == [third["number"]]
    assert theirs["repeat"]["later"][0].keys() == {"id", "number", "status", "status_zh", "received_at"}
    assert mine["numbers"].keys() == {first["id"], second["id"]}
    told = [entry["text_zh"] for entry in mine["journal"] if entry["type"] == "linked"]
    assert told == ["认定为重复事项（第 3 次反映），关联此前 2 件，已告知综治中心"]
    assert (await api.detail(second["id"]))["repeat"]["nth"] == 3


async def test_a_link_says_nothing_of_what_became_sensitive(api: Api) -> None:
    place = {"lon": LON - 0.008, "lat": LAT + 0.004}
    texts = ["楼上半夜装修电钻噪音很大，吵得睡不着觉", "楼上又半夜装修，电钻噪音吵得睡不着觉"]
    texts.append("半夜楼上装修还在用电钻，噪音大得睡不着")
    first, second, third = [
        await api.incident(a_report(text, reporter={"name": "张三", "phone": f"1380000004{n}"}, **place))
        for n, text in enumerate(texts)
    ]
    hidden = await api.act(await api.detail(second["id"]), "dispatch", DESK, unit=POLICE, category=FAMILY)
    assert hidden.status_code == 200, hidden.text
    assert hidden.json()["incident"]["sensitive"]
    shown = await api.detail(third["id"])
    assert [one["number"] for one in shown["repeat"]["earlier"]] == [first["number"]]
    assert [one["number"] for one in shown["why"]["repeat"]["earlier"]] == [first["number"]]
    assert second["number"] not in str(shown)
    explained = await api.read(f"/api/incidents/{third['id']}/explain")
    assert second["number"] not in str(explained)
    assert second["id"] not in str(shown), "nor by the id on its journal"
    own = await api.detail(second["id"])
    assert [one["number"] for one in own["repeat"]["later"]] == [third["number"]]


async def test_whom_a_merged_report_accuses_is_kept_out_as_long_as_it_is_merged(api: Api) -> None:
    place = {"lon": LON - 0.001, "lat": LAT + 0.001}
    matter = await api.incident(a_report("留守儿童独自在家没人照看，已经好几天没饭吃", **place))
    complaint = await api.incident(a_report("留守儿童独自在家，派出所民警打人", **place))
    assert POLICE in str((await api.detail(complaint["id"]))["why"]["unit"]["excluded"])
    joined = await api.act(complaint, "merge", DESK, into=matter["number"])
    assert joined.status_code == 200, joined.text

    async def given(incident: dict[str, Any], category: str = RUBBISH_LEFT, unit: str = POLICE) -> int:
        now = await api.detail(incident["id"])
        return (await api.act(now, "dispatch", DESK, unit=unit, category=category)).status_code

    assert await given(matter) == 422
    assert await given(matter, unit=ENFORCEMENT) == 200
    shown = await api.detail(matter["id"])
    assert shown["sensitive"], "it tells of an accusation"
    assert complaint["number"] in shown["numbers"].values()
    apart = await api.act(await api.detail(complaint["id"]), "unmerge", DESK, reason="不是一回事")
    assert apart.status_code == 200, apart.text
    assert await given(complaint) == 422
    assert await given(matter, FAMILY) == 200
    assert complaint["number"] not in str(await api.detail(matter["id"])), "the accused unit has it now"
    assert await given(matter) == 200
    assert not (await api.detail(matter["id"]))["sensitive"]
    for one, other in ((complaint, matter), (matter, complaint)):
        again = await api.act(await api.detail(one["id"]), "merge", DESK, into=other["number"])
        assert again.status_code == 422, again.text


async def test_what_joined_a_merged_report_goes_where_that_one_goes(api: Api) -> None:
    place = {"lon": LON + 0.001, "lat": LAT - 0.001}
    child = "留守儿童独自在家没人照看，已经好几天没饭吃"
    outer, inner = await api.incident(a_report(child, **place)), await api.incident(a_report(child, **place))
    body = a_report("留守儿童独自在家，派出所民警打人", **place)
    complaint = await api.incident(body)
    for one, into in ((complaint, inner), (inner, outer)):
        merged = await api.act(await api.detail(one["id"]), "merge", DESK, into=into["number"])
        assert merged.status_code == 200, merged.text
    refused = await api.act(await api.detail(outer["id"]), "dispatch", DESK, unit=POLICE)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "unit")
    gone = await api.act(await api.detail(outer["id"]), "cancel", DESK, reason="误报")
    assert gone.status_code == 200, gone.text
    assert (await api.detail(inner["id"]))["status"] == "queued"
    assert (await api.detail(complaint["id"]))["merged_into"] == inner["id"]
    page = await tracked(api, body)
    assert (page["state"], page["joined"]) == ("queued", True)


async def test_that_it_is_not_done_is_read_on_both_journals(api: Api) -> None:
    place = {"lon": LON + 0.002, "lat": LAT + 0.008}
    first = await api.incident(a_report(RUBBISH, **place))
    unit = {**UNIT, "unit": first["unit"]}
    done = await api.act(first, "resolve", unit, result="清运了", outcome="solved")
    assert done.status_code == 200, done.text
    second = await api.incident(a_report(RUBBISH, **place))
    assert (second["status"], second["merged_into"]) == ("dispatched", None)
    detail = await api.detail(second["id"])
    (mine,) = [entry["text_zh"] for entry in detail["journal"] if entry["type"] == "linked"]
    assert mine == "认定为重复事项（办结后再次发生），关联此前 1 件，已告知综治中心"
    assert (await api.detail(first["id"]))["journal"][-1][
        "text_zh"
    ] == "办结后再次被反映（第 2 次），另立一件"


async def test_what_the_same_person_adds_is_read_on_the_open_matter(api: Api) -> None:
    place = {"lon": LON - 0.004, "lat": LAT + 0.007, "reporter": {"name": "张三", "phone": "13800000031"}}
    first = await api.incident(a_report("楼上半夜装修电钻噪音很大，吵得睡不着觉", **place))
    added = await api.incident(a_report("楼上又半夜装修，电钻噪音吵得睡不着觉，上去说理被威胁了", **place))
    detail = await api.detail(first["id"])
    assert detail["journal"][-1]["text_zh"] == "再次被反映，另立一件；同一反映人，补充：“威胁”"
    assert (detail["repeat"]["nth"], [one["id"] for one in detail["repeat"]["later"]]) == (0, [added["id"]])
    assert (await api.detail(added["id"]))["repeat"] is None


async def test_a_graver_one_merged_by_hand_raises_the_other_and_undoing_it_says_what_stays(api: Api) -> None:
    place = {"lon": LON - 0.007, "lat": LAT - 0.007}
    mild = await api.incident(a_report("两家因为宅基地的边界吵架，互相推搡", **place))
    grave = await api.incident(
        a_report("那两家因为停车位吵架，现在动刀了，有人受伤", lon=LON - 0.007, lat=LAT + 0.003)
    )
    assert grave["severity"] < mild["severity"]
    merged = await api.act(await api.detail(grave["id"]), "merge", DESK, into=mild["number"])
    assert merged.status_code == 200, merged.text
    raised = await api.detail(mild["id"])
    assert raised["severity"] == grave["severity"]
    assert {"kind": "graver", "text_zh": "情况加重"} in raised["doubts"]
    assert raised["graver"] == {"by": grave["id"], "words": "动刀"}
    (line,) = [entry["text_zh"] for entry in raised["journal"] if entry["type"] == "raised"]
    assert line.startswith("升级（后来的上报更严重：“动刀”）：严重程度 4 升为 2")
    apart = await api.act(merged.json()["incident"], "unmerge", DESK, reason="不是一回事")
    assert apart.status_code == 200, apart.text
    left = await api.detail(mild["id"])
    assert left["severity"] == grave["severity"], "units have been told: a person takes it back"
    assert left["journal"][-1]["text_zh"].startswith(
        "并入的事件已分出；因它升高的严重程度与缩短的时限不自动恢复"
    )
    noted = await api.act(left, "progress", DESK, text="已通知派出所")
    assert noted.status_code == 200
    assert "graver" not in str(noted.json()["incident"]["doubts"])


async def test_a_milder_one_merged_by_hand_raises_nothing(api: Api) -> None:
    place = {"lon": LON - 0.002, "lat": LAT - 0.008}
    known = await api.incident(a_report(RUBBISH, **place))
    other = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    merged = await api.act(await api.detail(other["id"]), "merge", DESK, into=known["number"])
    apart = await api.act(merged.json()["incident"], "unmerge", DESK, reason="不是一回事")
    assert apart.status_code == 200
    detail = await api.detail(known["id"])
    assert (detail["severity"], detail["journal"][-1]["text_zh"]) == (known["severity"], "并入的事件已分出")
