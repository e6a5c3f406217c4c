"""Who works at the console does it by keys, sees the effect at once, and loses nothing that was typed."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.end_to_end.console.desk import Desk, Incidents
from tests.infra.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HERE = {"lon": 118.398, "lat": 30.918, "accuracy_m": 5}
STALL = "菜场北门占道摆摊,三轮车乱停"


@pytest.fixture
def dispatched(incidents: Incidents) -> dict[str, Any]:
    incident = incidents.report(STALL, **HERE)
    assert incident["status"] == "dispatched", incident
    return incident


def of_unit(incident: dict[str, Any]) -> dict[str, Any]:
    return {"id": "unit:elsewhere", "role": "unit", "unit": incident["unit"]}


def test_the_unsure_queue_is_worked_off_with_enter(desk: Desk, incidents: Incidents) -> None:
    """The grid is chosen, the rules name the unit, Enter dispatches and the next one opens."""
    both = [incidents.report(f"{STALL},第{nth}次反映") for nth in ("一", "二")]
    assert [one["doubts"][0]["kind"] for one in both] == ["no_place", "no_place"]
    ids = {one["number"]: one["id"] for one in both}
    desk.sit_down()
    desk.press("g", "u")
    desk.search("次反映")
    expect(desk.rows).to_have_count(2)
    desk.press("j")
    grid = desk.page.locator(".group").nth(1)
    grid.locator(".el-select").click()
    desk.choose("第1网格")
    expect(grid.get_by_role("radio", checked=True)).to_have_count(0)
    expect(desk.page.get_by_role("button", name="派单并到下一件")).to_be_enabled()
    number = desk.number.inner_text()
    desk.press("Enter")
    expect(desk.number).not_to_have_text(number)
    expect(desk.rows).to_have_count(1)
    assert eventually(lambda: incidents.one(ids[number])["status"] == "dispatched")


@pytest.mark.parametrize("is_left_out", [False, True])
def test_who_joins_by_the_rules_goes_out_with_it_unless_left_out(
    desk: Desk, incidents: Incidents, is_left_out: bool
) -> None:
    incident = incidents.report(f"烧烤摊油烟太大，熏得开不了窗，第{2 if is_left_out else 1}处")
    assert [doubt["kind"] for doubt in incident["doubts"]] == ["no_place"], incident
    desk.sit_down()
    desk.press("g", "u")
    desk.search(incident["number"])
    desk.press("j")
    grid = desk.page.locator(".group").nth(1)
    grid.locator(".el-select").click()
    desk.choose("第1网格")
    joining = desk.page.get_by_role("group", name="协同单位").get_by_role("checkbox")
    expect(joining).to_be_checked()
    if is_left_out:
        joining.uncheck()
    desk.page.get_by_role("button", name="派单并到下一件").click()
    assert eventually(lambda: incidents.one(incident["id"])["status"] == "dispatched")
    roles = {task["role"] for task in incidents.one(incident["id"])["tasks"]}
    assert ("joint" in roles) is not is_left_out


def test_digits_choose_among_the_candidates(desk: Desk, incidents: Incidents) -> None:
    incident = incidents.report("请来看看", **HERE)
    assert incident["status"] == "queued", incident
    assert len(incident["category_choices"]) > 1
    desk.sit_down()
    desk.press("g", "u")
    desk.search(incident["number"])
    desk.press("j")
    choices = desk.page.locator(".group").first.get_by_role("radio")
    expect(choices.nth(1)).to_be_visible()
    desk.press("2")
    expect(choices.nth(1)).to_have_attribute("aria-checked", "true")
    expect(choices.nth(0)).to_have_attribute("aria-checked", "false")


def test_digits_choose_among_the_candidates_in_the_form_of_a_dispatch_and_are_typed_as_codes_in_its_list(
    desk: Desk, incidents: Incidents
) -> None:
    incident = incidents.report("麻烦来看看吧", **HERE)
    assert len(incident["category_choices"]) > 1
    desk.sit_down()
    desk.open(incident)
    desk.begin("d")
    field = desk.form.locator("[data-field=category]")
    expect(field.get_by_role("combobox")).to_be_focused()
    desk.press("2")
    expect(field.locator("[aria-pressed=true]")).to_have_text(f"2{incident['category_choices'][1]['name']}")
    desk.press("ArrowDown", "1")
    expect(field.get_by_role("combobox")).to_have_value("1")
    expect(field.locator("[aria-pressed=true]")).to_have_count(1)


def test_a_second_dispatch_to_the_same_unit_is_asked_before_it_is_sent(
    desk: Desk, incidents: Incidents, dispatched: dict[str, Any]
) -> None:
    desk.sit_down()
    desk.open(dispatched)
    desk.begin("d")
    desk.send()
    question = desk.form.get_by_role("alert")
    expect(question).to_contain_text(f"{dispatched['unit_name']}手上已有这件事")
    assert incidents.one(dispatched["id"])["version"] == dispatched["version"]
    desk.send()
    expect(desk.form).to_have_count(0)
    assert eventually(lambda: incidents.one(dispatched["id"])["version"] > dispatched["version"])
    assert [task["status"] for task in incidents.one(dispatched["id"])["tasks"]] == ["withdrawn", "offered"]


def test_a_unit_that_the_text_accuses_reads_nothing_of_it_from_the_moment_it_sits_down(
    desk: Desk, incidents: Incidents
) -> None:
    text = "派出所民警在粮站门口把老孙打伤了，人在医院"
    incident = incidents.report(text, **HERE)
    desk.sit_down()
    desk.open(incident)
    said = desk.page.locator("#report-text")
    expect(said).to_have_text(text)
    desk.become("青梧派出所")
    expect(desk.page.locator(".sensitive")).to_contain_text("本单位在这件事件中被投诉")
    expect(said).to_have_count(0)
    expect(desk.page.locator(".pane")).not_to_contain_text("老孙")


RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
LIKE_IT = "菜市场北门垃圾桶三天没人清运，臭"


@pytest.fixture
def repeated(incidents: Incidents, request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """An incident, and another that may repeat it; each test has its own place."""
    place = {**HERE, "lon": HERE["lon"] + request.param}
    first = incidents.report(RUBBISH, **place)
    second = incidents.report(LIKE_IT, **place)
    assert second["status"] != "merged", "too sure for this test"
    return first, second


@pytest.mark.parametrize("repeated", [0.0032], indirect=True)
def test_a_likely_repeat_is_merged_by_its_key_and_parted_again(
    desk: Desk, incidents: Incidents, repeated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """One key opens the merger filled in, Enter confirms it; another takes it back in the same way."""
    first, second = repeated
    desk.sit_down()
    desk.open(second)
    desk.press("m")
    expect(desk.form).to_contain_text(first["number"])
    expect(desk.form.locator(".send")).to_be_focused()
    desk.press("Enter")
    assert eventually(lambda: incidents.one(second["id"])["status"] == "merged")
    assert incidents.one(second["id"])["merged_into"] == first["id"]
    expect(desk.page.locator(".offer.merged")).to_contain_text(first["number"])
    desk.press("f")
    expect(desk.form.locator("textarea")).not_to_have_value("")
    desk.press("Enter")
    assert eventually(lambda: incidents.one(second["id"])["status"] == "queued")


@pytest.mark.parametrize("repeated", [0.0064], indirect=True)
def test_a_merger_is_sent_and_taken_back_with_the_mouse(
    desk: Desk, incidents: Incidents, repeated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    _, second = repeated
    desk.sit_down()
    desk.open(second)
    desk.page.locator(".repeat").get_by_role("button", name="并案").click()
    desk.form.locator(".send").click()
    assert eventually(lambda: incidents.one(second["id"])["status"] == "merged")
    desk.page.locator(".offer.merged").get_by_role("button", name="取消并案").click()
    desk.form.locator(".send").click()
    assert eventually(lambda: incidents.one(second["id"])["status"] == "queued")


@pytest.mark.parametrize("repeated", [0.0096], indirect=True)
def test_enter_sends_the_open_form_and_not_what_lies_beneath(
    desk: Desk, incidents: Incidents, repeated: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """With the focus nowhere Enter still means the form; in a text of several lines it is a new line."""
    _, second = repeated
    desk.sit_down()
    desk.open(second)
    desk.begin("p", "第一行")
    desk.press("Enter")
    expect(desk.form.locator("textarea")).to_have_value("第一行\n")
    desk.press("Escape", "m")
    desk.form.locator(".send").blur()
    desk.press("Enter")
    assert eventually(lambda: incidents.one(second["id"])["status"] == "merged")


def test_what_may_be_a_repeat_is_marked_in_the_list_and_told_in_the_pane(
    desk: Desk, incidents: Incidents
) -> None:
    """Enough of the other to tell whether it is one; and nothing any more once the other has ended."""
    first = incidents.report(
        "文昌桥桥头的路灯已经坏了五天没有人来修，晚上一片漆黑看不见路，散步的居民意见很大，请尽快修好", **HERE
    )
    second = incidents.report("文昌桥桥头路灯坏了五天没人修，晚上一片漆黑看不见", **HERE)
    assert second["likely_repeats"] == [first["id"]]
    desk.sit_down()
    desk.open(second)
    mark, told = desk.rows.first.locator(".likely"), desk.page.locator(".repeat")
    expect(mark).to_be_visible()
    for words in (first["number"], first["excerpt"][:20], first["unit_name"], "分钟前", "待签收", "0 米"):
        expect(told).to_contain_text(words)
    incidents.act(first["id"], "cancel", {"id": "desk-1", "role": "desk"}, reason="试报")
    expect(mark).to_have_count(0)
    expect(told).to_have_count(0)


def test_what_waits_for_a_decision_begins_with_the_most_serious(desk: Desk, incidents: Incidents) -> None:
    """In both views of it, however little time the milder ones have left; the head of the list names the order."""
    mild = incidents.report(f"{STALL},先来的一件")
    grave = incidents.report("路上井盖没了一个大坑,后来的一件")
    assert grave["severity"] < mild["severity"]
    assert (mild["status"], grave["status"]) == ("queued", "queued")
    desk.sit_down()
    for view in "qu":
        desk.press("g", view)
        desk.search("来的一件")
        expect(desk.rows).to_have_count(2)
        expect(desk.rows.first).to_contain_text("井盖没了")
        expect(desk.page.locator(".order")).to_contain_text("先轻重，再到期")
        desk.press("Escape")
    desk.press("g", "l")
    expect(desk.page.locator(".order")).to_contain_text("先到期，再轻重")


def test_from_acceptance_to_the_end_by_keys(desk: Desk, dispatched: dict[str, Any]) -> None:
    desk.sit_down()
    desk.become(dispatched["unit_name"])
    desk.open(dispatched)
    desk.begin("a")
    desk.send()
    expect(desk.status).to_have_text("处置中")
    desk.begin("s", "已劝离,摊位入市")
    desk.page.get_by_role("radio", name="已解决").click()
    desk.send()
    expect(desk.status).to_have_text("待核查")
    desk.become("值班长")
    desk.begin("v")
    desk.page.get_by_role("radio", name="通过", exact=True).click()
    desk.send()
    expect(desk.status).to_have_text("待结案")
    desk.begin("c")
    desk.send()
    expect(desk.status).to_have_text("已结案")
    expect(desk.page.locator(".part", has_text="流转记录")).to_contain_text("已劝离,摊位入市")


def test_an_action_shows_at_once_and_the_server_has_the_last_word(
    desk: Desk, dispatched: dict[str, Any]
) -> None:
    """While the answer is held back the row is as it will be; a refused one is as it was, and says why."""
    desk.sit_down()
    desk.become(dispatched["unit_name"])
    desk.open(dispatched)
    held: list[Route] = []
    desk.page.route("**/actions", lambda route: held.append(route))
    desk.begin("a")
    desk.send()
    expect(desk.status).to_have_text("处置中", timeout=1000)
    expect(desk.page.locator(".head")).to_contain_text("正在提交")
    refusal = {"title": "不允许", "status": 403, "detail": "这一步只有承办单位可以做"}
    held[0].fulfill(status=403, json=refusal, content_type="application/problem+json")
    expect(desk.status).to_have_text("待签收")
    expect(desk.failure).to_contain_text("这一步只有承办单位可以做")
    desk.faults[:] = [fault for fault in desk.faults if "403" not in fault]


def test_who_was_too_late_learns_who_was_first_and_keeps_what_was_typed(
    desk: Desk, incidents: Incidents, dispatched: dict[str, Any]
) -> None:
    desk.sit_down()
    desk.become(dispatched["unit_name"])
    desk.open(dispatched)

    def another_is_faster(route: Route) -> None:
        incidents.act(dispatched["id"], "accept", of_unit(dispatched) | {"name": "接警台老王"})
        route.continue_()

    desk.page.route("**/actions", another_is_faster, times=1)
    desk.begin("r", "不属于本单位职责")
    desk.send()
    expect(desk.failure).to_contain_text("接警台老王")
    expect(desk.failure).to_contain_text("处置中")
    expect(desk.page.locator("textarea")).to_have_value("不属于本单位职责")
    expect(desk.status).to_have_text("处置中")
    desk.page.get_by_role("button", name="按最新情况继续").click()
    desk.send()
    expect(desk.status).to_have_text("退单待裁定")


def test_an_open_form_says_at_once_that_the_incident_has_moved_on(
    desk: Desk, incidents: Incidents, dispatched: dict[str, Any]
) -> None:
    """It is sent for the state that was seen, and refused, until the new one is accepted."""
    desk.sit_down()
    desk.become(dispatched["unit_name"])
    desk.open(dispatched)
    desk.begin("r", "不属于本单位职责")
    incidents.act(dispatched["id"], "accept", of_unit(dispatched) | {"name": "接警台老王"})
    moved = desk.form.get_by_role("alert")
    expect(moved).to_contain_text("此事刚被接警台老王「签收」（处置中）")
    desk.send()
    expect(desk.failure).to_contain_text("刚被改动")
    expect(desk.page.locator("textarea")).to_have_value("不属于本单位职责")
    desk.page.get_by_role("button", name="按最新情况继续").click()
    desk.send()
    expect(desk.status).to_have_text("退单待裁定")


def test_a_lost_answer_is_sent_again_as_the_same_action(
    desk: Desk, incidents: Incidents, dispatched: dict[str, Any]
) -> None:
    """The first try reached the server and its answer was lost: the second changes nothing more."""
    desk.sit_down()
    desk.open(dispatched)
    sent: list[Any] = []

    def lose_the_answer(route: Route) -> None:
        sent.append(route.request.post_data_json)
        route.fetch()
        route.abort()

    desk.page.route("**/actions", lose_the_answer, times=1)
    desk.page.on("request", lambda r: sent.append(r.post_data_json) if r.url.endswith("/actions") else None)
    desk.begin("p", "已电话联系")
    desk.send()
    expect(desk.failure).to_contain_text("没有送达")
    desk.send()
    expect(desk.failure).to_have_count(0)
    assert len({body["id"] for body in sent}) == 1
    progress = [e for e in incidents.one(dispatched["id"])["journal"] if e["type"] == "progressed"]
    assert len(progress) == 1


def test_what_was_typed_outlives_a_reload(desk: Desk, dispatched: dict[str, Any]) -> None:
    desk.sit_down()
    desk.open(dispatched)
    desk.begin("p", "已到现场,正在劝离")
    desk.page.reload()
    expect(desk.number).to_have_text(dispatched["number"])
    expect(desk.page.locator("footer.bar")).to_contain_text("有未提交的阶段反馈草稿")
    desk.page.get_by_role("button", name="继续填写").click()
    expect(desk.page.locator("textarea")).to_have_value("已到现场,正在劝离")


def test_nothing_moves_under_the_pointer_when_news_come_in_above(desk: Desk, incidents: Incidents) -> None:
    for _ in range(12):
        incidents.report(STALL, **HERE)
    desk.sit_down()
    desk.page.locator(".order").click()
    desk.choose("先最新")
    row = desk.rows.nth(4)
    row.hover()
    id = row.get_attribute("id")
    before = row.bounding_box()
    for _ in range(3):
        incidents.report(STALL, **HERE)
    expect(desk.page.locator(".pill")).to_contain_text("3 条新事件")
    assert desk.page.locator(f"[id='{id}']").bounding_box() == before
    desk.page.locator(".pill").click()
    expect(desk.page.locator(".pill")).to_have_count(0)


def test_a_key_that_is_not_possible_now_says_what_is(desk: Desk, dispatched: dict[str, Any]) -> None:
    desk.sit_down()
    desk.open(dispatched)
    desk.press("v")
    expect(desk.page.locator(".refused")).to_contain_text("现在不能“核查”")
    desk.press("a")
    expect(desk.page.locator(".refused")).to_contain_text("由承办单位操作")


def test_every_key_stands_on_one_sheet_in_either_language(desk: Desk) -> None:
    desk.sit_down()
    desk.press("?")
    sheet = desk.page.get_by_role("dialog")
    expect(sheet).to_contain_text("转紧急专线")
    desk.press("Escape")
    expect(sheet).to_be_hidden()
    desk.page.get_by_role("button", name="EN", exact=True).click()
    desk.press("?")
    expect(sheet).to_contain_text("Hand over")


TWO_PLACES = "李家坳路边有人占道摆摊,三轮车乱停"


def test_a_place_that_words_leave_open_is_chosen_on_the_map(desk: Desk, incidents: Incidents) -> None:
    """Both places of the name stand on the map, numbered as in the pane; a click or a digit places the incident."""
    incident = incidents.report(TWO_PLACES)
    assert [one["kind"] for one in incident["doubts"]] == ["no_place"], incident
    desk.sit_down()
    desk.open(incident)
    spots = desk.page.locator(".map .spot")
    expect(spots).to_have_count(2)
    boxes = [spots.nth(n).bounding_box() for n in range(2)]
    room = desk.map.bounding_box()
    assert room is not None
    for box in boxes:
        assert box is not None
        assert room["x"] <= box["x"] <= room["x"] + room["width"] - box["width"]
        assert room["y"] <= box["y"] <= room["y"] + room["height"] - box["height"]
    expect(desk.page.locator("p[aria-live]")).to_contain_text("文中地名可能是 2 处")
    spots.nth(1).click()
    expect(spots.nth(1)).to_have_attribute("aria-pressed", "true")
    second = desk.page.locator(".group").nth(1).get_by_role("radio").nth(1)
    expect(second).to_have_attribute("aria-checked", "true")
    desk.press("1")
    expect(spots.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(spots.nth(1)).to_have_attribute("aria-pressed", "false")
    spots.nth(1).focus()
    desk.press("Enter")
    expect(spots.nth(1)).to_have_attribute("aria-pressed", "true")
    name = spots.nth(1).locator("span").inner_text()
    spots.nth(1).blur()
    expect(desk.page.get_by_role("button", name="派单并到下一件")).to_be_enabled()
    desk.press("Enter")
    assert eventually(lambda: incidents.one(incident["id"])["status"] == "dispatched")
    placed = incidents.one(incident["id"])
    assert placed["grid"] == placed["why"]["place"]["choices"][1]["grid"]
    assert any(f"地点是{name}" in str(entry["data"]) for entry in placed["journal"])


def test_of_two_villages_one_is_chosen_and_then_its_grid(desk: Desk, incidents: Incidents) -> None:
    incident = incidents.report("柳塘村和芦荡村都有人占道摆摊,三轮车乱停")
    assert incident["status"] == "queued", incident
    desk.sit_down()
    desk.open(incident)
    spots = desk.page.locator(".map .spot")
    expect(spots).to_have_count(2)
    desk.press("2")
    expect(spots).to_have_count(0)
    grids = desk.page.locator(".group").nth(1).get_by_role("radio")
    village = incident["why"]["place"]["choices"][1]
    expect(grids).to_have_count(len(village["grids"]))
    desk.press("0")
    expect(spots).to_have_count(2)
    desk.press("2", "3")
    expect(grids.nth(2)).to_have_attribute("aria-checked", "true")
    expect(desk.page.get_by_role("button", name="派单并到下一件")).to_be_enabled()
    desk.press("Enter")
    assert eventually(lambda: incidents.one(incident["id"])["grid"] == village["grids"][2])
