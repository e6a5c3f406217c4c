"""Many people, weapons and threats are told to the levels that policy names, on the journal and as an event."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from geo.index import GridIndex
from gridward.bus import EVENTS
from gridward.domain.commands import Command
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, Doubt, LevelTold, Queued
from gridward.policy.check import problems
from gridward.policy.classify import classify
from gridward.policy.files import bundle_from_json
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from stream.triage import incident_id_of, triage
from tests.stream.little_system import GRIDS, NOW, LittleSystem, report, the_policy

CENTRE, COUNTY, VILLAGE = "99010110120001", "99010100020003", "99010110160001"
POLICE = "99010110120002"
BEFORE_SPRING = datetime(2027, 1, 20, 2, 0, tzinfo=UTC)


def made(text: str, at: datetime = NOW, **fields: Any) -> Command:
    grids = GridIndex(GRIDS, 7)
    (one,) = triage([report(text, at, **fields)], the_policy(), grids, ["n"], [None], When(at, at))
    return one


def told(one: Command) -> dict[str, str]:
    """Level -> unit, as it goes on the journal."""
    return {move.event.level: move.event.unit for move in one.moves if isinstance(move.event, LevelTold)}


@pytest.mark.parametrize(
    ("people", "levels"),
    [
        ("4个人", set()),
        ("5个人", {"town"}),
        ("29个人", {"town"}),
        ("30个人", {"town", "county"}),
        ("两个人拿刀", {"town"}),
        ("两个人没有拿刀", set()),
    ],
)
def test_levels_by_people_and_weapons(people: str, levels: set[str]) -> None:
    assert set(told(made(f"{people}在街上打架斗殴，互相殴打"))) == levels


@pytest.mark.parametrize(
    ("people", "usual", "before"),
    [
        ("2个工人", set(), set()),
        ("3个工人", set(), {"village", "town"}),
        ("5个工人", {"town"}, {"village", "town", "county"}),
        ("2个工人拿刀", {"town"}, {"town", "county"}),
    ],
)
def test_before_the_spring_festival_more_are_told_of_less(
    people: str, usual: set[str], before: set[str]
) -> None:
    text = f"{people}讨薪，老板拖欠工资"
    assert set(told(made(text))) == usual
    assert set(told(made(text, BEFORE_SPRING))) == before


def test_each_level_is_told_by_the_unit_that_speaks_for_it_with_every_rule() -> None:
    one = made("三十个人打架斗殴，有人拿刀")
    assert told(one) == {"town": CENTRE, "county": COUNTY}
    assert isinstance(one.moves[1].event, Dispatched)
    assert one.opens is not None
    assert one.opens.why is not None
    town = one.opens.why["told"][0]
    assert (town["level"], town["unit"]) == ("town", CENTRE)
    assert town["text"] == (
        "规则“凶器伤人或扬言伤人”：正文有“拿刀”；规则“五人以上”：正文有“三十个人”；"
        "规则“三十人以上”：正文有“三十个人”；规则“凶器或威胁”：正文有“拿刀”"
    )


def test_the_police_are_told_of_an_axe_before_the_desk_has_named_the_kind() -> None:
    axe = report("有人抡起斧头追着邻居砍")
    unsure = replace(classify([axe.text], the_policy())[0], doubt=Doubt.AMBIGUOUS_CATEGORY)
    grids, when = GridIndex(GRIDS, 7), When(NOW, NOW)
    (one,) = triage([axe], the_policy(), grids, ["n"], [None], when, [unsure])
    assert isinstance(one.moves[1].event, Queued)
    ahead = [move.event for move in one.moves if isinstance(move.event, LevelTold)]
    assert (ahead[-1].level, ahead[-1].unit) == ("town", POLICE)
    assert "不等派单" in ahead[-1].reason


def test_the_gravest_matter_is_told_of_too() -> None:
    one = made("发生火灾，三十多人被困，浓烟很大")
    assert one.opens is not None
    assert one.opens.why is not None
    assert one.opens.why["attributes"]["raised"] is None  # it could not become graver
    assert set(told(one)) == {"town", "county"}


def test_an_accused_unit_is_not_told() -> None:
    one = made("综治中心的人收钱，还叫了五个人打架斗殴")
    assert CENTRE not in told(one).values()


def test_without_a_grid_only_who_is_there_once_is_told() -> None:
    one = made("三十个人打架斗殴", lon=116.4, lat=39.9)
    assert told(one) == {"town": CENTRE, "county": COUNTY}  # this county has one township
    two = with_more_centres(the_policy())
    (other,) = triage(
        [report("三十个人打架斗殴", NOW, lon=116.4, lat=39.9)],
        two,
        GridIndex(GRIDS, 7),
        ["n"],
        [None],
        When(NOW, NOW),
    )
    assert told(other) == {"county": COUNTY}
    assert other.opens is not None
    assert other.opens.why is not None
    assert other.opens.why["told"][0]["unit"] is None


def with_more_centres(policy: Policy) -> Policy:
    areas = dict(policy.responsibility.areas)
    areas["综治中心"] = {**areas["综治中心"], "990101102": "99010110220001"}
    return replace(policy, responsibility=replace(policy.responsibility, areas=areas))


def test_levels_that_nobody_speaks_for_are_errors_and_an_older_policy_tells_nobody() -> None:
    bundle = the_policy().bundle
    assert problems(bundle) == []
    rows = bundle.attributes
    found = problems(changed(bundle, {"tells": {"town": "天文台"}}))
    assert [line for line in found if "tells.town" in line]
    assert [line for line in found if "三十人以上" in line and "county" in line]
    old = bundle.model_dump(mode="json", by_alias=True)
    del old["attributes"]["tells"]
    for row in old["attributes"]["raises"]:
        del row["tell"]
    assert [row.tell for row in bundle_from_json(old).attributes.raises] == [[]] * len(rows.raises)


def changed(bundle: PolicyBundle, change: dict[str, Any]) -> PolicyBundle:
    return bundle.model_copy(update={"attributes": bundle.attributes.model_copy(update=change)})


@pytest.mark.kafka
@pytest.mark.postgres
async def test_it_is_on_the_journal_and_goes_out(system: LittleSystem) -> None:
    one = report("一伙人打群架，寻衅滋事，三十个人", NOW)
    await system.publish(one)
    await system.settle()
    rows = await system.pool.fetch(
        "SELECT type, event FROM journal WHERE incident_id = $1 ORDER BY no", incident_id_of(one.id)
    )
    assert [row["type"] for row in rows] == ["reported", "dispatched", "level_told", "level_told"]
    (message,) = [orjson.loads(record.value) for record in system.records(EVENTS)]
    data = message.get("data", message)
    assert [entry["type"] for entry in data["entries"]][-2:] == ["level_told", "level_told"]
    assert {who["unit"] for who in data["notify"] if who["about"] == "raised"} == {CENTRE, COUNTY}


@pytest.mark.kafka
@pytest.mark.postgres
async def test_what_a_repeat_adds_is_told_of_the_known_matter_once(system: LittleSystem) -> None:
    text = "河堤漏水，{}在下面的院子里，水位越来越高，已经漏了三天没有人来处理，洪水快要漫过来了"
    reports = [report(text.format(who), NOW) for who in ("有人", "五十个人", "五十个人")]
    for one in reports:
        await system.publish(one)
        await system.triage()
    first = incident_id_of(reports[0].id)
    merged = await system.pool.fetch("SELECT status FROM incidents WHERE merged_into = $1", first)
    told_of = await system.pool.fetch(
        "SELECT event FROM journal WHERE incident_id = $1 AND type = 'level_told'", first
    )
    levels = await system.pool.fetchval("SELECT count(*) FROM journal WHERE type = 'level_told'")
    assert (len(merged), len(told_of), levels) == (2, 2, 2)  # town and county, once each
