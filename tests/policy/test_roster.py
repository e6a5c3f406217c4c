"""Hours ahead in which nobody is on duty for a unit, found before a report needs it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from gridward.domain.rules import CHINA
from gridward.policy.files import bundle_from_json, load_file
from gridward.policy.roster import gaps
from gridward.policy.schema import PolicyBundle
from gridward.policy.unit_rows import RosterRow, Units
from infra.commands import units as units_command
from tests.policy.test_check import with_unit

ANN = {"name": "甲", "phone": "0000-1"}
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=CHINA)


def row(days: list[int], *hours: tuple[str, str], person: dict[str, str] = ANN) -> RosterRow:
    spans = [{"start": start, "end": end} for start, end in hours]
    return RosterRow.model_validate({"days": days, "hours": spans, "person": person})


def found(bundle: PolicyBundle, *rows: RosterRow, moment: datetime = WEDNESDAY) -> list[tuple[str, str]]:
    units = with_unit(bundle, 0, roster=list(rows)).units
    return [(f"{gap.start:%d %H:%M}", f"{gap.end:%d %H:%M}") for gap in gaps(units, moment)]


def test_the_bundled_units_are_covered(bundle: PolicyBundle) -> None:
    assert gaps(bundle.units, WEDNESDAY) == []
    assert gaps(bundle.units, datetime(2026, 11, 28, 20, 15, tzinfo=UTC)) == []


def test_a_weekend_without_anybody_is_one_gap(bundle: PolicyBundle) -> None:
    assert found(bundle, row([1, 2, 3, 4, 5])) == [("28 00:00", "30 00:00")]


def test_a_night_shift_reaches_into_the_next_morning(bundle: PolicyBundle) -> None:
    rows = [row([], ("08:00", "20:00")), row([1, 2, 3, 4, 5, 6], ("20:00", "08:00"))]
    assert found(bundle, *rows) == [("29 20:00", "30 08:00")]  # Sunday night


def test_gaps_begin_now_and_end_with_the_days_ahead(bundle: PolicyBundle) -> None:
    assert found(bundle, row([4], ("09:00", "10:00"))) == [("25 10:00", "26 09:00"), ("26 10:00", "02 10:00")]
    night = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)  # Thursday 04:30 in China
    assert found(bundle, row([4], ("04:00", "05:00")), moment=night) == [("26 05:00", "03 04:00")]


def test_a_name_that_is_still_to_be_given_is_nobody(bundle: PolicyBundle) -> None:
    nobody = {"name": "待填", "phone": "待填"}
    assert found(bundle, row([], person=nobody)) == [("25 10:00", "02 10:00")]
    units = with_unit(bundle, 0, duty=row([], person=nobody).person).units
    assert [gap.unit for gap in gaps(units, WEDNESDAY)] == [bundle.units.units[0].code]


def test_how_far_ahead_is_policy(bundle: PolicyBundle) -> None:
    units = with_unit(bundle, 0, roster=[row([1, 2, 3, 4, 5])]).units
    assert gaps(units.model_copy(update={"look_ahead_days": 2}), WEDNESDAY) == []


@pytest.mark.parametrize(
    "wrong", [{"days": [8]}, {"hours": [{"start": "25:00", "end": "08:00"}]}, {"who": "甲"}]
)
def test_a_slip_in_a_row_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RosterRow.model_validate({"person": ANN} | wrong)


def test_an_older_stored_policy_has_no_roster(bundle: PolicyBundle) -> None:
    old = bundle.model_dump(mode="json", by_alias=True)
    del old["units"]["look_ahead_days"]
    for unit in old["units"]["units"]:
        del unit["roster"]
    assert {len(unit.roster) for unit in bundle_from_json(old).units.units} == {0}


FILE = """
units:
  - {code: "99010110120001", name: 综治中心, kinds: [综治中心], areas: ["990101101"],
     duty: {name: 甲, phone: 0000-1}, leader: {name: 乙, phone: 0000-2},
     roster: [{days: [1, 2, 3, 4, 5], person: {name: 甲, phone: 0000-1}}]}
"""


def test_the_command_names_unit_and_hours(tmp_path: Path) -> None:
    file = tmp_path / "units.yaml"
    file.write_text(FILE, "utf-8")
    assert len(load_file(file, Units).units) == 1
    done = CliRunner().invoke(units_command.app, ["duty", "--file", str(file)])
    assert done.exit_code == 0
    assert "99010110120001 综治中心：周" in done.output
    assert "无人值班" in done.output
    file.write_text(FILE.replace("[1, 2, 3, 4, 5]", "[]"), "utf-8")
    covered = CliRunner().invoke(units_command.app, ["duty", "--file", str(file)])
    assert "各单位均有人值班" in covered.output
