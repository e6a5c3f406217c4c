"""How far triage can be trusted is a page of the console: figures with their n, and a way back to the work."""

import pytest
from playwright.sync_api import expect

from tests.end_to_end.console.desk import Desk, Incidents

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

HERE = {"lon": 118.398, "lat": 30.918, "accuracy_m": 5}
DESK = {"id": "desk-1", "role": "desk", "name": "调度员"}


def test_before_anything_came_it_says_what_would_be_here(desk: Desk, incidents: Incidents) -> None:
    assert incidents.total() == 0
    desk.sit_down("#/accuracy")
    expect(desk.page.get_by_text("还没有事件")).to_be_visible()


def test_a_correction_is_seen_in_the_figures_and_a_key_leads_back(desk: Desk, incidents: Incidents) -> None:
    sent = incidents.report("占道经营卖菜的把路堵了", **HERE)
    assert sent["category"]
    incidents.act(sent["id"], "dispatch", DESK, unit=sent["unit"], category="0507")
    desk.sit_down()
    desk.press("g", "a")
    page = desk.page
    expect(page.get_by_role("heading", name="分类质量")).to_be_visible()
    row = page.get_by_role("row").filter(has_text=sent["category"])
    expect(row.get_by_role("cell").nth(2)).to_have_text("1")  # corrected
    expect(page.locator(".figures")).to_contain_text("n=1")
    expect(page.get_by_text("模型训练于")).to_be_visible()
    desk.press("g", "l")
    expect(page.get_by_role("heading", name="分类质量")).to_be_hidden()
    expect(desk.rows.first).to_be_visible()
