"""Who only watches sees everything that is, as it comes, and nothing that is not for them."""

import pytest
from playwright.sync_api import expect

from infra.stack.system import System
from tests.end_to_end.console.desk import Desk, Incidents
from tests.infra.waiting import eventually

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HERE = {"lon": 118.398, "lat": 30.918, "accuracy_m": 5}
RED, ORANGE = (197, 34, 31), (194, 80, 11)
INK = (40, 45, 53)  # of grids' names


def test_what_is_reported_stands_in_the_list_without_a_reload(desk: Desk, incidents: Incidents) -> None:
    desk.sit_down()
    incident = incidents.report("菜场北门占道摆摊,三轮车堵住消防通道", **HERE)
    desk.search(incident["number"])
    expect(desk.rows).to_have_count(1)
    expect(desk.rows.first).to_contain_text("菜场北门占道摆摊")


def test_enter_in_the_search_opens_the_only_hit_and_the_next_key_is_for_it(
    desk: Desk, incidents: Incidents
) -> None:
    incident = incidents.report("菜场南门占道摆摊,三轮车堵住通道", **HERE)
    desk.sit_down()
    desk.press("/")
    desk.page.keyboard.insert_text(incident["number"])
    desk.press("Enter")
    expect(desk.number).to_have_text(incident["number"])
    desk.begin("d")


def test_enter_in_the_search_opens_the_first_of_several_hits_and_j_the_next(
    desk: Desk, incidents: Incidents
) -> None:
    for text in ("老粮站墙根堆了一排旧家具没人拉", "老粮站门口的路灯三天不亮了"):
        incidents.report(text, **HERE)
    desk.sit_down()
    desk.press("/")
    desk.page.keyboard.insert_text("老粮站")
    desk.press("Enter")
    expect(desk.rows).to_have_count(2)
    expect(desk.number).to_be_visible()
    first = desk.number.inner_text()
    desk.press("j")
    expect(desk.number).not_to_have_text(first)


def test_arrows_in_the_search_move_and_enter_opens_where_they_came_to(
    desk: Desk, incidents: Incidents
) -> None:
    for text in ("老油坊门前堆了一排旧家具没人拉", "老油坊门口的路灯三天不亮了"):
        incidents.report(text, **HERE)
    desk.sit_down()
    desk.press("/")
    desk.page.keyboard.insert_text("老油坊")
    expect(desk.rows).to_have_count(2)
    desk.press("ArrowDown", "ArrowDown")
    reached = desk.number.inner_text()
    expect(desk.rows.nth(1)).to_have_attribute("aria-selected", "true")
    desk.press("Enter")
    expect(desk.page.get_by_role("searchbox")).not_to_be_focused()
    expect(desk.number).to_have_text(reached)


def test_an_empty_view_says_what_would_be_here(desk: Desk) -> None:
    desk.sit_down()
    desk.press("g", "v")
    expect(desk.page.locator(".empty")).to_contain_text("单位办结以后会到这里")


def test_a_sensitive_row_says_group_and_grid_and_not_a_word_of_the_text(
    desk: Desk, incidents: Incidents
) -> None:
    incident = incidents.report("初二女生被同学堵在厕所打耳光还录像,学生欺凌", **HERE)
    assert incident["sensitive"]
    desk.sit_down()
    desk.search(incident["number"])
    row = desk.rows.first
    expect(row).to_contain_text("密")
    for word in ("女生", "耳光", "欺凌"):
        expect(row).not_to_contain_text(word)


def test_the_map_draws_incidents_as_shapes_of_their_severity(desk: Desk, incidents: Incidents) -> None:
    incidents.report("居民楼燃气泄漏,楼道里全是煤气味", **HERE)
    desk.sit_down()
    assert eventually(lambda: sum(seen.pixels for seen in desk.seen_on_map(RED, ORANGE)) > 30, 30)


def test_grids_bear_their_names_without_any_glyph_server(desk: Desk) -> None:
    """Close enough to be readable, every letter is drawn from this machine's fonts; nobody is asked for any."""
    desk.sit_down()
    desk.search("没有这样的事件")
    for _ in range(2):
        desk.page.get_by_role("button", name="放大").click()
        desk.page.wait_for_timeout(600)
    assert eventually(lambda: desk.seen_on_map(INK, within=250)[0].pixels > 1500, 30)


def test_a_click_on_the_map_opens_what_stands_there(desk: Desk, incidents: Incidents) -> None:
    incident = incidents.report("居民楼燃气泄漏,楼道里全是煤气味,请快来", **HERE)
    colour = {1: RED, 2: ORANGE}[incident["severity"]]
    desk.sit_down()
    desk.search(incident["number"])
    expect(desk.rows).to_have_count(1)
    assert eventually(lambda: 30 < desk.seen_on_map(colour)[0].pixels < 600, 30)
    mark = desk.seen_on_map(colour)[0]
    desk.map.click(position={"x": mark.x, "y": mark.y})
    expect(desk.number).to_have_text(incident["number"])
    expect(desk.page.locator(".row.selected")).to_have_count(1)


def test_similar_matters_of_the_past_say_where_they_went_and_open(desk: Desk, incidents: Incidents) -> None:
    place = {"lon": 118.4021, "lat": 30.9211, "accuracy_m": 5}
    done = incidents.report("菜市场门口垃圾堆了三天没人清运,臭味很大", **place)
    unit = {"id": "unit:elsewhere", "role": "unit", "unit": done["unit"]}
    incidents.act(done["id"], "accept", unit)
    incidents.act(done["id"], "resolve", unit, result="王大力家门口的已清运", outcome="solved")
    # Farther than what would join it, near enough to be told of.
    other = incidents.report("菜市场东门垃圾堆了两天没有人清运", **{**place, "lon": place["lon"] + 0.004})
    assert other["id"] != done["id"]
    desk.sit_down()
    desk.open(other)
    link = desk.page.locator(".pane a", has_text=done["number"])
    expect(link).to_contain_text(done["unit_name"])
    expect(link).to_contain_text("已解决 · 当天")
    expect(link).not_to_contain_text("王大力")
    link.focus()
    desk.press("Enter")
    expect(desk.number).to_have_text(done["number"])


def test_a_pasted_link_and_back_show_what_the_address_says(desk: Desk, incidents: Incidents) -> None:
    one = incidents.report("菜场北门占道摆摊,三轮车堵住消防通道", **HERE)
    other = incidents.report("路灯坏了三盏,晚上看不见", **HERE)
    desk.sit_down(f"#/unsure/{one['id']}")
    expect(desk.number).to_have_text(one["number"])
    desk.page.evaluate("to => { location.hash = to }", f"#/list/{other['id']}")
    expect(desk.number).to_have_text(other["number"])
    desk.page.go_back()
    expect(desk.number).to_have_text(one["number"])


def test_a_long_report_is_folded_and_all_of_it_can_be_found(desk: Desk, incidents: Incidents) -> None:
    incident = incidents.report("路灯坏了三盏,晚上看不见。" * 40 + "请到东街口", **HERE)
    desk.sit_down(f"#/list/{incident['id']}")
    unfold = desk.page.get_by_role("button", name="展开全文")
    expect(unfold).to_have_attribute("aria-expanded", "false")
    expect(desk.page.locator(".facts .text")).to_contain_text("请到东街口")
    unfold.click()
    expect(desk.page.get_by_role("button", name="收起")).to_have_attribute("aria-expanded", "true")


def test_nothing_is_cut_off_on_a_narrow_screen_and_no_row_slides(desk: Desk, incidents: Incidents) -> None:
    incidents.report("路灯坏了三盏,晚上看不见", **HERE)
    desk.sit_down()
    desk.page.set_viewport_size({"width": 1180, "height": 800})
    assert desk.page.evaluate("document.documentElement.scrollWidth") == 1180
    identity = desk.page.locator(".identity").bounding_box()
    assert identity is not None
    assert identity["x"] + identity["width"] <= 1180
    expect(desk.rows.first).to_have_css("transition-duration", "0s")


def test_after_a_cut_the_console_has_what_it_missed(desk: Desk, incidents: Incidents, system: System) -> None:
    """The API dies and comes back; the page asks for what it missed, from where it stood."""
    incidents.report("路灯坏了三盏,晚上看不见", **HERE)
    desk.sit_down()
    before = incidents.total()
    system.api.kill()
    expect(desk.line).to_contain_text("重连中")
    system.restart("api")
    system.wait_ready()
    missed = incidents.report("窨井盖缺失,路面塌陷一个大坑", **HERE)
    expect(desk.line).to_have_text("实时", timeout=40_000)
    desk.search(missed["number"])
    expect(desk.rows).to_have_count(1)
    desk.press("Escape", "Escape")
    expect(desk.page.locator(".foot")).to_contain_text(f"共 {before + 1} 件")
