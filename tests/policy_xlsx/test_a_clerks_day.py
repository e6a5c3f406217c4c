"""A clerk exports the policy, edits it in Excel and gives it back: just that edit is told, and nothing else."""

from pathlib import Path

from openpyxl import load_workbook
from typer.testing import CliRunner

from gridward.policy.diff import differences
from gridward.policy.files import load_bundle
from gridward.policy.schema import PolicyBundle
from infra.commands import policy as policy_command
from infra.policy_xlsx.read import read_workbook
from tests.policy_xlsx.test_across_sheets import column, row_of


def test_an_edit_is_told_and_nothing_else(bundle: PolicyBundle, exported: Path, tmp_path: Path) -> None:
    book = load_workbook(exported)
    limits, units, rules = book["时限"], book["单位"], book["责任"]
    limits.cell(row_of(limits, 时限类="T"), column(limits, "办结")).value = "3 WH"
    units.cell(2, column(units, "值班电话")).value = 6550123  # Excel takes it for a number
    rules.cell(row_of(rules, 类别="0501", 专属网格单位=None), column(rules, "牵头")).value = "综合执法队"
    rules.delete_rows(row_of(rules, 类别="0501", 专属网格单位="学校"))
    book.save(tmp_path / "edited.xlsx")
    changed = read_workbook(tmp_path / "edited.xlsx")
    unit = bundle.units.units[0]
    said = differences(bundle, changed)
    assert len(said) == 4
    assert any("T" in one and "3 WH" in one for one in said)
    assert any(unit.code in one and "6550123" in one for one in said)
    assert any("环卫所 → 综合执法队" in one for one in said)
    assert any("0501@学校" in one and "删除 removed" in one for one in said)


def test_it_goes_on_as_yaml_files(bundle: PolicyBundle, exported: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(policy_command.app, ["export", str(exported), str(tmp_path / "yaml")])
    assert done.exit_code == 0, done.output
    assert load_bundle(tmp_path / "yaml") == bundle
    same = CliRunner().invoke(policy_command.app, ["diff", str(exported), str(tmp_path / "yaml")])
    assert same.output.strip() == "没有差别。No differences."
