"""What law keeps from lower levels is given to them neither by a rule nor by a click, and the basis is shown."""

from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from api.action_events import Asked, event_of
from api.legal_basis import basis_view
from api.models import action as a
from api.names import Names
from api.problems import Problem
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, HandedOver, JointAdded
from gridward.domain.incident import Incident
from gridward.policy.check import problems, warnings
from gridward.policy.codes import unknown_codes
from gridward.policy.files import BUNDLED, bundle_from_json
from gridward.policy.load import bundled_policy
from gridward.policy.matters import pushed_down, unchecked
from gridward.policy.schema import AcrossRow, MatterRow, NearbyRow, PolicyBundle, RuleRow
from infra.commands import policy as policy_command
from tests.api.test_excluded import NOW
from tests.policy.test_check import with_rules

VILLAGE, POLICE, SCHOOL = "99010110160001", "99010110120002", "99010110170001"
MODELS = {"dispatch": a.Dispatch, "add_joint": a.AddJoint, "hand_over": a.HandOver}


@cache
def names() -> Names:
    return Names(bundled_policy())


def asked(incident_category: str | None = None, **fields: Any) -> Asked:
    """What the chief, who may do the most, asks for."""
    body = {"id": str(uuid4()), "version": 1, "actor": {"id": "chief-1", "role": "chief"}, **fields}
    incident = Incident("i", "n", severity=3, category=incident_category)
    model: Any = MODELS[fields["action"]]
    return Asked(model.model_validate(body), incident, When(NOW, NOW), names())


def with_table(bundle: PolicyBundle, **changes: Any) -> PolicyBundle:
    return bundle.model_copy(update={"responsibility": bundle.responsibility.model_copy(update=changes)})


def test_a_rule_that_pushes_a_duty_down_is_refused_with_the_law(bundle: PolicyBundle) -> None:
    (found,) = problems(with_rules(bundle, RuleRow(category="0203", area="990101", lead="村社区")))
    assert "rule 0203#990101" in found
    assert "治安管理处罚法" in found


def test_a_rule_for_a_group_is_asked_for_each_category_that_it_decides(bundle: PolicyBundle) -> None:
    table = bundle.responsibility
    others = [rule for rule in table.rules if not rule.category.startswith("06")]
    rules = [*others, RuleRow(category="06", lead="村社区")]
    (found,) = problems(with_table(bundle, rules=rules))
    assert "rule 06: 0604 不得由村社区主办" in found
    rules.append(RuleRow(category="0604", lead="生态环境局"))
    assert problems(with_table(bundle, rules=rules)) == []
    rules[-1] = RuleRow(
        category="0604", area="990101", lead="生态环境局"
    )  # elsewhere the group's still holds
    assert len(problems(with_table(bundle, rules=rules))) == 1


def test_no_other_table_pushes_down_either(bundle: PolicyBundle) -> None:
    near = NearbyRow(groups=["04"], special="学校", within=200, lead="村社区", told="学校")
    found = problems(with_table(bundle, nearby=[near]))
    assert all("nearby: 学校" in line for line in found)
    assert [line for line in found if "0402" in line]
    (across,) = problems(with_table(bundle, across=AcrossRow(categories=["0203"], superiors=["村社区"])))
    assert "across.superiors.0: 0203 不得由村社区主办" in across
    accused = bundle.attributes.accused.model_copy(update={"instead": "村社区"})
    attributes = bundle.attributes.model_copy(update={"accused": accused})
    found = problems(bundle.model_copy(update={"attributes": attributes}))
    assert [line for line in found if "attributes.yaml: accused.instead: 9903 不得由村社区主办" in line]


def test_the_bundled_rules_push_nothing_down(bundle: PolicyBundle) -> None:
    assert bundle.responsibility.matters
    assert problems(bundle) == []


def test_rows_that_lead_nowhere_are_errors(bundle: PolicyBundle) -> None:
    row = MatterRow(category="0298", never_led_by=["天文台"], basis="法")
    changed = with_table(bundle, matters=[row])
    found = [*problems(changed), *unknown_codes(changed)]
    assert len(found) == 2
    assert "没有单位类型“天文台”" in found[0]
    assert "没有类别 0298" in found[1]


def test_the_most_specific_row_speaks_and_none_hides_another() -> None:
    group = MatterRow(category="09", never_led_by=["村社区"], basis="总则")
    food = MatterRow(category="0901", never_led_by=["学校"], basis="食品")
    rows = [group, food]
    assert pushed_down("0901", ["学校"], rows) == food
    assert pushed_down("0901", ["村社区"], rows) == group
    assert pushed_down("0901", ["村社区", "学校"], rows) == food
    assert pushed_down("0901", ["村社区", "派出所"], rows) is None
    assert pushed_down("0902", ["学校"], rows) is None
    assert pushed_down("0901", [], rows) is None


@pytest.mark.parametrize(
    ("category", "unit", "basis"),
    [
        ("0203", VILLAGE, "治安管理处罚法"),
        ("0306", VILLAGE, "《安全生产法》第四十一条"),
        ("0405", SCHOOL, "《未成年人保护法》第五十九条"),
        ("0604", VILLAGE, "统一监督管理〔待法制机构核对〕"),
    ],
)
def test_the_desk_is_refused_with_the_basis_whatever_its_role(category: str, unit: str, basis: str) -> None:
    for one in (
        asked(action="dispatch", unit=unit, category=category),
        asked(category, action="dispatch", unit=unit, note="就近", designated=True),
    ):
        with pytest.raises(Problem) as refused:
            event_of(one)
        assert refused.value.status == 422
        (error,) = refused.value.errors
        assert error.field == "unit"
        assert basis in error.reason
        assert "请改派有权单位" in error.reason


def test_who_may_lead_leads_and_a_village_may_help() -> None:
    event = event_of(asked("0203", action="dispatch", unit=POLICE, joint=[VILLAGE]))
    assert isinstance(event, Dispatched)
    assert event.joint == (VILLAGE,)
    assert isinstance(event_of(asked("0203", action="add_joint", unit=VILLAGE)), JointAdded)
    assert isinstance(event_of(asked("0102", action="dispatch", unit=VILLAGE)), Dispatched)


def test_a_matter_is_not_handed_over_to_a_village_by_its_name_or_code() -> None:
    name = names().unit(VILLAGE)
    for line in (name, f"转{name}", VILLAGE):
        with pytest.raises(Problem) as refused:
            event_of(asked("0203", action="hand_over", line=line, answered_by="老王"))
        (error,) = refused.value.errors
        assert error.field == "line"
        assert "治安管理处罚法" in error.reason
        assert isinstance(
            event_of(asked("0102", action="hand_over", line=line, answered_by="老王")), HandedOver
        )
    assert isinstance(event_of(asked("0203", action="hand_over", line="110", answered_by="席位")), HandedOver)


def test_the_basis_is_shown_with_whether_it_was_checked() -> None:
    known = names()
    (hazard,) = basis_view("0306", known)
    assert (hazard["category"], hazard["checked"]) == ("0306", True)
    assert hazard["text_zh"].endswith("部门督办，不得由村社区、学校主办")
    food, group = basis_view("0901", known)
    assert (food["category"], group["category"], food["checked"]) == ("0901", "09", True)
    (waste,) = basis_view("0604", known)
    assert waste["checked"] is False
    assert "〔待法制机构核对〕" in waste["text_zh"]
    assert basis_view("0102", known) == basis_view(None, known) == basis_view("0306", Names()) == []


def test_a_basis_that_nobody_checked_is_a_warning_of_the_check(bundle: PolicyBundle) -> None:
    lines = unchecked(bundle)
    assert len(lines) == sum(not row.checked for row in bundle.responsibility.matters)
    assert warnings(bundle) == []  # nothing is left for a county's clerk to fill in
    done = CliRunner().invoke(policy_command.app, ["check", str(BUNDLED)])
    assert done.exit_code == 0
    assert [line for line in done.output.splitlines() if "matters: 0604: 法律依据待法制机构核对" in line]
    assert "matters: 0306" not in done.output


def test_an_older_version_is_read_and_its_bases_are_unchecked(bundle: PolicyBundle) -> None:
    old = bundle.model_dump(mode="json", by_alias=True)
    for row in old["responsibility"]["matters"]:
        del row["checked"]
    assert not any(row.checked for row in bundle_from_json(old).responsibility.matters)
