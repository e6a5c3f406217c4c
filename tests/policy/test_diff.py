"""What changed between two policies is told row by row, and nothing that changed is left out."""

from gridward.policy.diff import changed_categories, differences
from gridward.policy.schema import PolicyBundle, RuleRow
from tests.policy.test_check import with_rules


def with_category(bundle: PolicyBundle, code: str, **changes: object) -> PolicyBundle:
    rows = [
        row.model_copy(update=changes) if row.code == code else row for row in bundle.categories.categories
    ]
    table = bundle.categories.model_copy(update={"categories": rows})
    return bundle.model_copy(update={"categories": table})


def with_class(bundle: PolicyBundle, category: str, name: str) -> PolicyBundle:
    """The category is timed by a class of its own, 限期, which the bundle does not have."""
    own = bundle.limits.classes["C"].model_copy(update={"name": "限期", "accept": "2 EH", "finish": "6 EH"})
    limits = bundle.limits.model_copy(update={"classes": bundle.limits.classes | {name: own}})
    timed = with_category(bundle, category, limit_class=name, finish_limit=None)
    return timed.model_copy(update={"limits": limits})


def test_the_same_policy_has_no_differences(bundle: PolicyBundle) -> None:
    assert differences(bundle, bundle) == []


def test_another_limit_is_told_with_both_values(bundle: PolicyBundle) -> None:
    old = with_category(bundle, "0501", finish_limit="4 WH")
    new = with_category(bundle, "0501", finish_limit="1 WD")
    assert differences(old, new) == ["类别 0501 时限 4 WH → 1 WD"]


def test_a_new_rule_is_added_and_back_again_removed(bundle: PolicyBundle) -> None:
    new = with_rules(bundle, RuleRow(category="05", area="990101", lead="村社区"))
    (added,) = differences(bundle, new)
    (removed,) = differences(new, bundle)
    assert added.startswith("规则 ")
    assert "新增 added" in added
    assert "牵头 村社区" in added
    assert "删除 removed" in removed


def test_a_setting_outside_the_tables_is_told_by_its_path(bundle: PolicyBundle) -> None:
    limits = bundle.limits.model_copy(update={"rework_share": 0.25})
    (line,) = differences(bundle, bundle.model_copy(update={"limits": limits}))
    assert line == f"设置 limits.yaml rework_share {bundle.limits.rework_share} → 0.25"


def test_a_category_has_changed_when_its_row_or_its_class_of_limits_has(bundle: PolicyBundle) -> None:
    assert changed_categories(bundle, with_category(bundle, "0501", severity=1)) == {"0501"}
    classes = bundle.limits.classes
    other = classes | {"Q": classes["Q"].model_copy(update={"finish": "2 WD"})}
    slower = bundle.model_copy(update={"limits": bundle.limits.model_copy(update={"classes": other})})
    of_class = {row.code for row in bundle.categories.categories if row.limit_class == "Q"}
    assert of_class
    assert changed_categories(bundle, slower) == of_class
