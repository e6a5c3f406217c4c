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


async def test_one_reporter_does_not_withdraw_what_others_reported_too(api: Api) -> None:
    place = {"lon": LON + 0.006, "lat": LAT + 0.002}
    parent = await api.incident(a_report(RUBBISH, **place))
    child = await api.incident(a_report(RUBBISH, **place))
    assert child["merged_into"] == parent["id"]
    reporter = {"id": "13800000077", "role": "reporter"}
    refused = await api.act(await api.detail(parent["id"]), "cancel", reporter, reason="自己清了")
    assert refused.status_code == 409
    assert "还有其他人反映了同一件事" in refused.json()["detail"]
    assert (await api.detail(parent["id"]))["status"] == "dispatched"
    apart = await api.act(await api.detail(child["id"]), "unmerge", DESK, reason="不是同一处")
    assert apart.status_code == 200
    alone = await api.act(await api.detail(parent["id"]), "cancel", reporter, reason="自己清了")
    assert alone.status_code == 200, alone.text


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


async def test_of_a_likely_repeat_that_became_sensitive_no_word_is_told(api: Api) -> None:
    place = {"lon": LON + 0.009, "lat": LAT - 0.006}
    known = await api.incident(a_report(RUBBISH, **place))
    other = await api.incident(a_report("菜市场北门垃圾桶三天没人清运，臭", **place))
    seen = await api.detail(known["id"])
    answer = await api.act(seen, "dispatch", DESK, unit=known["unit"], category="0101")
    assert answer.status_code == 200, answer.text
    (similar,) = (await api.detail(other["id"]))["why"]["similar"]
    assert similar["excerpt"] is None


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
    (line,) = [entry["text_zh"] for entry in raised["journal"] if entry["type"] == "raised"]
    assert line.startswith("升级（后来的上报更严重）：严重程度 4 升为 2")
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
