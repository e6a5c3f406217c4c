"""What only the whole policy can show to be wrong."""

from typing import Any

import pytest

from gridward.policy.check import problems, slips, unserved, warnings
from gridward.policy.limit_rows import UnsureRow
from gridward.policy.load import compile_policy
from gridward.policy.problem import PolicyError
from gridward.policy.schema import EVERY_FILE, PolicyBundle, RuleRow
from gridward.policy.unit_rows import UnitRow


def with_rules(bundle: PolicyBundle, *more: RuleRow) -> PolicyBundle:
    table = bundle.responsibility
    return bundle.model_copy(
        update={"responsibility": table.model_copy(update={"rules": [*table.rules, *more]})}
    )


def with_unit(bundle: PolicyBundle, number: int, **changes: Any) -> PolicyBundle:
    units: list[UnitRow] = list(bundle.units.units)
    units[number] = units[number].model_copy(update=changes)
    return bundle.model_copy(update={"units": bundle.units.model_copy(update={"units": units})})


def number_of(bundle: PolicyBundle, kind: str) -> int:
    return next(i for i, unit in enumerate(bundle.units.units) if kind in unit.kinds)


def test_the_bundled_policy_has_no_problem_and_nothing_left_to_fill_in(bundle: PolicyBundle) -> None:
    assert problems(bundle) == []
    assert warnings(bundle) == []


def test_a_tie_between_rules_is_an_error(bundle: PolicyBundle) -> None:
    tied = with_rules(bundle, RuleRow(category="0401", special="学校", lead="派出所"))
    assert problems(tied) == [
        "responsibility.yaml: rules: 规则 0401@学校 与 0401@学校 可同时适用而不分先后，请收窄其中一条 "
        "(both can hold and neither is more specific: narrow one)"
    ]
    with pytest.raises(PolicyError, match="0401@学校"):
        compile_policy(tied, 1)


def test_a_rule_for_an_unknown_kind_is_an_error(bundle: PolicyBundle) -> None:
    assert problems(with_rules(bundle, RuleRow(category="0401", area="990101", lead="天文台"))) == [
        "responsibility.yaml: rule 0401#990101: 没有单位类型“天文台” there is no kind of unit 天文台；"
        "可写 (may be written): " + "、".join(list(bundle.responsibility.kinds)[:12])
    ]


def test_a_category_without_a_rule_for_every_grid_is_an_error(bundle: PolicyBundle) -> None:
    table = bundle.responsibility
    fewer = [rule for rule in table.rules if not ("0401".startswith(rule.category) and rule.special is None)]
    poorer = bundle.model_copy(update={"responsibility": table.model_copy(update={"rules": fewer})})
    found = [one for one in problems(poorer) if "category 0401 has no rule that holds in every grid" in one]
    assert len(found) == 1
    assert found[0].startswith("responsibility.yaml: rules: 类别 0401")


def test_a_backup_without_the_same_legal_power_is_an_error(bundle: PolicyBundle) -> None:
    centre = bundle.units.units[number_of(bundle, "综治中心")].code
    found = problems(with_unit(bundle, number_of(bundle, "派出所"), backup=centre))
    assert len(found) == 1
    assert "lacks the legal power" in found[0]


def test_two_units_of_a_kind_cannot_claim_the_same_area(bundle: PolicyBundle) -> None:
    found = problems(with_unit(bundle, number_of(bundle, "司法所"), kinds=["司法所", "派出所"]))
    assert len(found) == 1
    assert "2 units of kind 派出所 claim area 990101101: keep one" in found[0]


def test_a_parent_that_does_not_exist_is_an_error(bundle: PolicyBundle) -> None:
    found = problems(with_unit(bundle, number_of(bundle, "司法所"), parent="99010110199999"))
    assert len(found) == 1
    assert "parent 99010110199999 is no other unit" in found[0]


def test_a_township_without_a_unit_that_rules_call_for_is_named(bundle: PolicyBundle) -> None:
    assert unserved(bundle, ["990101101"]) == []
    missing = unserved(bundle, ["990101102"])
    assert "990101102: 没有派出所" in missing
    assert "990101102: 没有纪检机关" not in missing  # serves the whole county


def test_classes_that_limits_speak_of_exist(bundle: PolicyBundle) -> None:
    limits = bundle.limits.model_copy(update={"unsure": UnsureRow(limit_class="X"), "urgent_class": "Y"})
    assert problems(bundle.model_copy(update={"limits": limits})) == [
        f"limits.yaml: {field}: 没有时限类“{name}” there is no class of limits {name}；可写 (may be written): "
        + "、".join(limits.classes)
        for field, name in (("unsure.limit_class", "X"), ("urgent_class", "Y"))
    ]


def test_a_name_that_is_misspelt_where_it_is_defined_is_one_mistake(bundle: PolicyBundle) -> None:
    kinds = {"派出锁" if name == "派出所" else name: row for name, row in bundle.responsibility.kinds.items()}
    table = bundle.responsibility.model_copy(update={"kinds": kinds})
    found = [one for one in problems(bundle.model_copy(update={"responsibility": table})) if "派出所”" in one]
    assert len(found) == 1
    assert "是不是 派出锁" in found[0]
    assert "处也这样写" in found[0]


@pytest.mark.parametrize("file", sorted(EVERY_FILE))
def test_without_one_file_the_others_are_compared_and_it_is_not_touched(
    bundle: PolicyBundle, file: str
) -> None:
    """Nothing is made of what could not be read: neither an error nor a false alarm."""
    changed = with_rules(bundle, RuleRow(category="0591", lead="天文台", when="夜里", limit_class="Z"))
    lacking = changed.model_copy()
    del lacking.__dict__[file]
    found = [*problems(lacking, EVERY_FILE - {file}), *slips(lacking, EVERY_FILE - {file})]
    said = {
        "没有单位类型“天文台”": {"responsibility"},
        "没有时段“夜里”": {"responsibility"},
        "没有时限类“Z”": {"responsibility", "limits"},
        "没有类别 0591": {"responsibility", "categories"},
    }
    expected = [what for what, needs in said.items() if file not in needs]
    assert len(found) == len(expected), found
    assert all(any(what in one for one in found) for what in expected)
