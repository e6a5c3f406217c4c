"""The units template: every rule finds a unit in every township, and what is missing says so."""

import yaml

from gridward.policy.assign import assign
from gridward.policy.check import problems, unserved, warnings
from gridward.policy.load import compile_policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.template import as_yaml, template, townships_of
from gridward.policy.unit_rows import Units
from gridward.policy.units import PLACEHOLDER

TOWNSHIPS = {"331125001": "甲街道", "331125101": "乙镇"}


def filled(bundle: PolicyBundle) -> PolicyBundle:
    return bundle.model_copy(update={"units": template(bundle.responsibility, TOWNSHIPS)})


def test_the_template_makes_a_policy_without_problems(bundle: PolicyBundle) -> None:
    assert problems(filled(bundle)) == []
    assert unserved(filled(bundle), TOWNSHIPS) == []


def test_every_category_has_a_unit_in_every_township(bundle: PolicyBundle) -> None:
    policy = compile_policy(filled(bundle), 1)
    found = [assign(code, f"{area}000", policy) for code in policy.categories for area in TOWNSHIPS]
    assert [one.why for one in found if one.doubt] == []


def test_one_unit_of_each_kind_for_each_township_and_county(bundle: PolicyBundle) -> None:
    kinds = bundle.responsibility.kinds
    township = sum(row.level == "township" for row in kinds.values())
    county = sum(row.level == "county" for row in kinds.values())
    assert len(filled(bundle).units.units) == 2 * township + county


def test_police_are_backed_by_police_and_stand_under_them(bundle: PolicyBundle) -> None:
    units = {unit.name: unit for unit in filled(bundle).units.units}
    bureau = units["县公安局"].code
    assert (units["乙镇派出所"].parent, units["乙镇派出所"].backup) == (bureau, bureau)
    assert (units["乙镇司法所"].parent, units["乙镇司法所"].backup) == (units["乙镇综治中心"].code, None)


def test_contacts_to_be_given_are_warned_of(bundle: PolicyBundle) -> None:
    units = template(bundle.responsibility, TOWNSHIPS).units
    assert all(unit.duty.phone == PLACEHOLDER for unit in units)
    assert len(warnings(filled(bundle))) == 2 * len(units)


def test_the_file_reads_back_as_the_same_units(bundle: PolicyBundle) -> None:
    units = template(bundle.responsibility, TOWNSHIPS)
    text = as_yaml(units)
    assert "派出所" in text
    assert Units.model_validate(yaml.safe_load(text)) == units


def test_a_township_is_named_where_a_grid_is_the_whole_of_it() -> None:
    grids = [("331125001000", "甲街道"), ("331125101001", "一村"), ("331125101002", "二村")]
    assert townships_of(grids) == {"331125001": "甲街道", "331125101": "331125101"}
