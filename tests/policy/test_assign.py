"""Who answers for a matter: every category has a unit in every grid, and the most specific rule wins."""

import pytest

from geo.source import read_grids
from gridward.domain.events import Doubt
from gridward.policy.assign import assign
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle, RuleRow, SpecialGrids
from infra.commands.first_start import TOWNSHIP
from tests.policy.test_check import with_rules, with_unit

FIELD = "990101101002003"  # an ordinary grid
SCHOOL = "990101101001901"  # a school's own grid
ELSEWHERE = "990102101001001"


def lead(category: str, grid: str, policy: Policy) -> str:
    unit = assign(category, grid, policy).unit
    assert unit is not None
    return policy.units[unit].name


def test_every_category_has_a_unit_in_every_grid_of_the_township(policy: Policy) -> None:
    grids = [record.code for record in read_grids(TOWNSHIP, None).records]
    without = [
        (category, grid)
        for category in policy.categories
        for grid in grids
        if assign(category, grid, policy).doubt is not None
    ]
    assert len(grids) >= 60
    assert without == []


def test_a_complaint_about_conduct_goes_to_discipline_inspection(policy: Policy) -> None:
    assigned = assign("9903", FIELD, policy)
    assert assigned.unit is not None
    assert policy.units[assigned.unit].kinds == ("纪检机关",)
    assert assigned.joint == ()


@pytest.mark.parametrize(
    ("category", "name"),
    [
        ("9901", "便民服务中心"),
        ("9904", "便民服务中心"),
        ("9999", "综治中心"),
        ("0203", "派出所"),
        ("0502", "综合执法"),
    ],
)
def test_common_matters_go_where_people_expect(policy: Policy, category: str, name: str) -> None:
    assert name in lead(category, FIELD, policy)


def test_bullying_is_led_by_the_school_on_its_own_ground_only(policy: Policy) -> None:
    assert lead("0401", SCHOOL, policy) == "青梧中心学校"
    assert lead("0401", FIELD, policy) == "青梧派出所"
    assert assign("0401", SCHOOL, policy).rule == "0401@学校"


def test_a_special_grid_that_no_school_names_is_not_a_school(policy: Policy) -> None:
    assert lead("0401", "990101101002911", policy) == "青梧派出所"


def test_joint_units_do_not_repeat_the_lead(policy: Policy) -> None:
    assigned = assign("0401", SCHOOL, policy)
    assert assigned.unit not in assigned.joint
    assert len(set(assigned.joint)) == len(assigned.joint) == 1


def test_a_group_rule_holds_where_no_category_rule_does(policy: Policy) -> None:
    assert assign("0206", FIELD, policy).rule == "02"


def test_the_longer_category_beats_the_longer_area(bundle: PolicyBundle) -> None:
    policy = compile_policy(with_rules(bundle, RuleRow(category="05", area="990101101002", lead="村社区")), 1)
    assert assign("0501", FIELD, policy).rule == "0501"
    assert assign("0502", FIELD, policy).rule == "05#990101101002"
    assert assign("0502", "990101101003001", policy).rule == "05"


def test_the_longest_area_finds_the_unit(bundle: PolicyBundle) -> None:
    second = bundle.units.units[1]
    closer = second.model_copy(update={"code": "99010110120099", "name": "第二派出所", "areas": [FIELD[:12]]})
    units = bundle.units.model_copy(update={"units": [*bundle.units.units, closer]})
    policy = compile_policy(bundle.model_copy(update={"units": units}), 1)
    assert lead("0202", FIELD, policy) == "第二派出所"
    assert lead("0202", "990101101003001", policy) == "青梧派出所"


def test_a_place_that_nobody_serves_is_a_doubt(policy: Policy) -> None:
    assigned = assign("0202", ELSEWHERE, policy)
    assert (assigned.unit, assigned.doubt, assigned.rule) == (None, Doubt.NO_UNIT, "02")


def test_without_a_grid_nobody_is_guessed(policy: Policy) -> None:
    assert assign("0202", None, policy).doubt is Doubt.NO_UNIT


def test_the_answer_says_rule_and_area(policy: Policy) -> None:
    assert assign("0501", FIELD, policy).why == (
        "规则 0501：由环卫所主办；青梧综合执法与环卫队负责 990101101 片区"
    )


def test_a_unit_of_one_grid_serves_that_grid(bundle: PolicyBundle) -> None:
    policy = compile_policy(with_unit(bundle, 3, areas=[FIELD]), 1)
    assert lead("0107", FIELD, policy) == "青梧司法所"
    assert assign("0107", "990101101002004", policy).doubt is Doubt.NO_UNIT


def test_schools_lie_inside_the_township(policy: Policy) -> None:
    records = {record.code: record for record in read_grids(TOWNSHIP, None).records}
    school = next(unit for unit in policy.units.values() if "学校" in unit.kinds)
    own = [area for area in school.areas if len(area) == 15]
    assert len(own) == 4
    assert all(records[area].special for area in own)


def test_which_grids_are_special_is_policy(policy: Policy, bundle: PolicyBundle) -> None:
    table = bundle.responsibility.model_copy(update={"special_grids": SpecialGrids(first=902)})
    fewer = compile_policy(bundle.model_copy(update={"responsibility": table}), 1)
    assert lead("0401", SCHOOL, policy) == "青梧中心学校"
    assert lead("0401", SCHOOL, fewer) == "青梧派出所"  # 901 is no special grid there
