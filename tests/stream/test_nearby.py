"""Near a school in school hours the police lead and the school joins, though the road is not its grid."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from geo.index import GridIndex
from gridward.domain.commands import Command
from gridward.domain.draft import When
from gridward.domain.events import Dispatched
from gridward.domain.place import GridRecord, Point
from gridward.policy.check import problems
from gridward.policy.files import bundle_from_json
from gridward.policy.schema import NearbyRow
from stream.triage import triage
from tests.geo.helpers import square
from tests.stream.little_system import CLEAR, GRIDS, report, the_policy

SCHOOL_GRID = "990101101001901"
POLICE, SCHOOL, PUBLIC_SECURITY = "99010110120002", "99010110170001", "99010100020001"
LESSON = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in China
FIGHT, STALLS = "一伙人打群架，寻衅滋事", "校门口小卖部卖烟给学生"


class Beside(GridIndex):
    """Every point is so many metres from these special grids."""

    def __init__(self, *near: tuple[str, float], grids: Sequence[GridRecord] = GRIDS) -> None:
        super().__init__(grids, 7)
        self.all, self.asked = near, 0

    def near(self, points: Sequence[Point | None], within_m: float) -> list[tuple[tuple[str, float], ...]]:
        self.asked += sum(point is not None for point in points)
        close = tuple(one for one in self.all if one[1] <= within_m)
        return [close if point else () for point in points]


def made(text: str, places: GridIndex, moment: datetime = LESSON) -> Command:
    (one,) = triage([report(text, moment)], the_policy(), places, ["n"], [None], When(moment, moment))
    return one


def dispatched(one: Command) -> Dispatched:
    event = one.moves[1].event
    assert isinstance(event, Dispatched)
    return event


def unit_of(one: Command) -> dict[str, Any]:
    assert one.opens is not None
    found: dict[str, Any] = one.opens.why["unit"]
    return found


def test_the_police_lead_and_the_school_joins() -> None:
    one = made(FIGHT, Beside((SCHOOL_GRID, 120.0)))
    assert (dispatched(one).unit, dispatched(one).joint) == (POLICE, (SCHOOL,))
    assert unit_of(one)["beside"] == (SCHOOL_GRID, 120.0)
    assert unit_of(one)["window"] == "school_hours"
    assert "120 米" in unit_of(one)["text"]
    assert "上学时段" in unit_of(one)["text"]


def test_who_would_have_led_joins() -> None:
    far, near = made(STALLS, Beside()), made(STALLS, Beside((SCHOOL_GRID, 60.0)))
    assert dispatched(far).unit not in (POLICE, SCHOOL)
    assert dispatched(near).unit == POLICE
    assert {dispatched(far).unit, SCHOOL} <= set(dispatched(near).joint)


@pytest.mark.parametrize(
    ("near", "moment"),
    [
        ((SCHOOL_GRID, 200.5), LESSON),  # too far
        (("990101101001955", 10.0), LESSON),  # a special grid that no school owns
        ((SCHOOL_GRID, 120.0), LESSON + timedelta(hours=10)),  # in the evening
        ((SCHOOL_GRID, 120.0), LESSON + timedelta(days=3)),  # on Saturday
    ],
)
def test_else_the_table_alone_decides(near: tuple[str, float], moment: datetime) -> None:
    one = made(FIGHT, Beside(near), moment)
    assert (dispatched(one).unit, dispatched(one).joint) == (POLICE, ())
    assert unit_of(one)["beside"] is None


def test_other_matters_do_not_ask_what_is_near() -> None:
    places = Beside((SCHOOL_GRID, 10.0))
    assert dispatched(made(CLEAR, places)).joint == ()
    assert places.asked == 0


def test_an_accused_unit_gives_way_here_too() -> None:
    one = made("派出所民警打人，几个人打架斗殴", Beside((SCHOOL_GRID, 50.0)))
    assert (dispatched(one).unit, dispatched(one).joint) == (PUBLIC_SECURITY, (SCHOOL, "99010110120001"))


def test_on_the_schools_own_ground_its_own_rule_stands() -> None:
    inside = Beside((SCHOOL_GRID, 0.0), grids=[square(SCHOOL_GRID, 119.49, 28.09, 0.02)])
    one = made("初一学生被高年级同学堵在厕所打，学生欺凌", inside)
    assert dispatched(one).unit == SCHOOL
    assert unit_of(one)["rule"] == "0401@学校"
    assert SCHOOL in dispatched(made(FIGHT, inside)).joint


def test_names_that_lead_nowhere_are_errors_and_an_older_policy_has_no_rows() -> None:
    bundle = the_policy().bundle
    odd = NearbyRow(groups=["02", "55"], special="学校", within=50, when="dusk", lead="村社区", told="天文台")
    table = bundle.responsibility.model_copy(update={"nearby": [odd]})
    found = problems(bundle.model_copy(update={"responsibility": table}))
    assert [any(word in line for line in found) for word in ("天文台", "55", "治安管理处罚法", "dusk")] == [
        True
    ] * 4
    old = bundle.model_dump(mode="json", by_alias=True)
    del old["responsibility"]["nearby"]
    assert bundle_from_json(old).responsibility.nearby == []
