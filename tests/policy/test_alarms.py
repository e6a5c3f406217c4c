"""Whose absence is told before a report needs them."""

from datetime import datetime
from typing import Any

from gridward.domain.rules import CHINA
from gridward.policy.alarms import GridAlarm, by_missing, grid_alarms, unit_alarms, unserved_text
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.unit_rows import Person, RosterRow
from tests.policy.test_check import number_of, with_unit

WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=CHINA)
SATURDAY = datetime(2026, 11, 28, 10, tzinfo=CHINA)
ON_WEEKDAYS = RosterRow(days=[1, 2, 3, 4, 5], person=Person(name="甲", phone="0000-1"))
GRIDS = ("990101101001001", "990101101001002", "990101101002001")


def with_gap(bundle: PolicyBundle, kind: str, **changes: Any) -> Policy:
    return compile_policy(with_unit(bundle, number_of(bundle, kind), roster=[ON_WEEKDAYS], **changes), 1)


def test_where_everybody_is_there_nothing_is_said(bundle: PolicyBundle) -> None:
    policy = compile_policy(bundle, 1)
    assert unit_alarms(policy, GRIDS, WEDNESDAY) == []
    assert grid_alarms(policy, GRIDS) == []


def test_a_gap_is_told_days_before_and_then_as_one_of_now(bundle: PolicyBundle) -> None:
    policy = with_gap(bundle, "派出所")
    (ahead,) = unit_alarms(policy, GRIDS, WEDNESDAY)
    assert (ahead.now, f"{ahead.gap.start:%a %H}", f"{ahead.gap.end:%a %H}") == (False, "Sat 00", "Mon 00")
    (here,) = [one for one in unit_alarms(policy, GRIDS, SATURDAY) if one.now]
    assert here.gap.start == SATURDAY


def test_the_backup_stands_in_unless_it_is_missing_in_the_same_hours(bundle: PolicyBundle) -> None:
    first = number_of(bundle, "派出所")
    unit = bundle.units.units[first]
    backup = unit.model_copy(update={"code": unit.code[:-1] + "9", "name": "第二派出所", "areas": ["990102"]})
    units = [*bundle.units.units, backup]
    more = bundle.model_copy(update={"units": bundle.units.model_copy(update={"units": units})})
    policy = with_gap(more, "派出所", backup=backup.code)
    (alarm,) = unit_alarms(policy, GRIDS, WEDNESDAY)
    assert alarm.stands_in == backup.code
    both = with_unit(policy.bundle, len(units) - 1, roster=[ON_WEEKDAYS])
    alarms = unit_alarms(compile_policy(both, 2), GRIDS, WEDNESDAY)
    mine = next(one for one in alarms if one.gap.unit == unit.code)
    assert mine.stands_in is None
    assert mine.leader == unit.leader.name


def test_grids_have_nobody_on_duty_when_the_unit_of_their_village_has_nobody(bundle: PolicyBundle) -> None:
    (alarm,) = unit_alarms(with_gap(bundle, "村社区"), (*GRIDS, "990201101001001"), WEDNESDAY)
    assert alarm.grids == GRIDS
    (police,) = unit_alarms(with_gap(bundle, "派出所"), GRIDS, WEDNESDAY)
    assert police.grids == ()


def test_a_grid_that_no_unit_of_a_kind_serves_is_told_with_the_kinds(bundle: PolicyBundle) -> None:
    policy = compile_policy(bundle, 1)
    (alarm,) = grid_alarms(policy, [*GRIDS, "990201101001001"])
    assert alarm.grid == "990201101001001"
    assert {"派出所", "村社区", "综治中心"} <= set(alarm.missing)


def test_an_area_of_any_length_serves(bundle: PolicyBundle) -> None:
    row = bundle.units.units[number_of(bundle, "派出所")]
    for areas, unserved in (
        (["99"], []),
        (["990101101001"], [GRIDS[2]]),
        ([GRIDS[0]], [GRIDS[1], GRIDS[2]]),
        (["990101101002", GRIDS[0]], [GRIDS[1]]),
    ):
        policy = compile_policy(with_unit(bundle, bundle.units.units.index(row), areas=areas), 1)
        assert [one.grid for one in grid_alarms(policy, GRIDS) if "派出所" in one.missing] == unserved


def test_grids_that_miss_the_same_are_told_together_the_most_first() -> None:
    alarms = [GridAlarm("1", ("学校",)), GridAlarm("2", ("派出所",)), GridAlarm("3", ("派出所",))]
    assert by_missing(alarms) == [(("派出所",), ["2", "3"]), (("学校",), ["1"])]
    assert unserved_text(("派出所", "学校"), 2) == "2 个网格没有派出所、学校，请在单位表中补上管辖范围"
