"""A code that is no category any more is named wherever it stands, with its line and the code to write instead."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gridward.policy.check import problems, slips
from gridward.policy.files import BUNDLED, load_bundle
from gridward.policy.load import compile_policy
from gridward.policy.schema import PolicyBundle, RuleRow
from infra.commands import policy as policy_command
from tests.policy.test_check import with_rules
from tests.policy.test_history import with_changes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "policy"))


def checked(folder: Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(policy_command.app, ["check", str(folder)])
    return done.exit_code, done.output.splitlines()


def replace(folder: Path, file: str, old: str, new: str) -> int:
    """The line, from 1, where the text stood."""
    path = folder / file
    before, found, after = path.read_text("utf-8").partition(old)
    assert found
    path.write_text(before + new + after, "utf-8")
    return before.count("\n") + 1


def rename_category(folder: Path, change: str) -> None:
    """0501 gives way to 0581, as a county does it: the table and its changes, and nothing else."""
    replace(folder, "categories.yaml", 'code: "0501"', 'code: "0581"')
    with (folder / "categories.yaml").open("a", encoding="utf-8") as file:
        file.write(f"changes:\n  - {change}\n")


def test_a_retired_code_is_named_in_every_file_with_its_successor(folder: Path) -> None:
    rename_category(folder, '{from: ["0501"], to: ["0581"], kind: rename, since: 2026-01-01}')
    rules = (folder / "responsibility.yaml").read_text("utf-8").splitlines()
    at = [number for number, line in enumerate(rules, start=1) if 'category: "0501"' in line]
    words = replace(folder, "words.yaml", '"0501":', '"0501":')
    code, said = checked(folder)
    assert code == 2
    for spot in [*(f"responsibility.yaml:{line}" for line in at), f"words.yaml:{words}"]:
        (line,) = [one for one in said if f"{spot}: " in one]
        assert "类别 0501 自 2026-01-01 起停用，请改写 0581 暴露垃圾" in line
        assert "was retired: write 0581" in line


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("rename", "0591", "0502")], "请改写 0502"),
        ([("rename", "0591", "0592"), ("rename", "0592", "0503")], "请改写 0503"),
        ([("split", "0591", "0502 0503")], "write 0502 or 0503"),
        ([("retire", "0591", "")], "无类别接替，请删去这一处"),
        ([], "there is no category 0591"),
    ],
)
def test_the_code_to_write_comes_from_the_changes(
    bundle: PolicyBundle, changes: list[tuple[str, str, str]], said: str
) -> None:
    changed = with_changes(with_rules(bundle, RuleRow(category="0591", lead="派出所")), *changes)
    (found,) = slips(changed)
    assert said in found


def test_other_files_than_the_rules_are_looked_through(bundle: PolicyBundle) -> None:
    attributes = bundle.attributes
    raised = attributes.raises[0].model_copy(update={"categories": ["0591"]})
    suggest = bundle.same.suggest.model_copy(update={"residents": ["95"]})
    changed = bundle.model_copy(
        update={
            "attributes": attributes.model_copy(update={"raises": [raised]}),
            "same": bundle.same.model_copy(update={"suggest": suggest}),
        }
    )
    assert [one.split(":")[:2] for one in slips(changed)] == [
        ["attributes.yaml", " raises.0.categories.0"],
        ["same.yaml", " suggest.residents.0"],
    ]


def test_a_version_of_before_that_names_such_a_code_can_still_be_used(bundle: PolicyBundle) -> None:
    """What was published once decides its open incidents for as long as they are open."""
    old = with_rules(bundle, RuleRow(category="0591", lead="派出所"))
    assert problems(old) == []
    assert compile_policy(old, 3).version == 3


def test_a_slip_of_the_hand_is_told_with_what_was_meant(folder: Path) -> None:
    line = replace(folder, "responsibility.yaml", 'category: "0501"', 'category: "0051"')
    code, said = checked(folder)
    assert code == 2
    assert any(
        f"responsibility.yaml:{line}: " in one and "没有类别 0051" in one and "0501 暴露垃圾" in one
        for one in said
    )


def test_what_two_rows_cause_names_both_lines(folder: Path) -> None:
    first = replace(
        folder,
        "responsibility.yaml",
        '  - {category: "0501", lead: 环卫所}\n',
        '  - {category: "0501", lead: 环卫所}\n  - {category: "0501", lead: 综合执法队}\n',
    )
    _, said = checked(folder)
    (tie,) = [one for one in said if "narrow one" in one]
    assert f"responsibility.yaml:{first}: " in tie
    assert f"see also responsibility.yaml:{first + 1}" in tie


def test_a_unit_in_the_place_of_its_kind_is_told(folder: Path) -> None:
    unit = next(one for one in load_bundle().units.units if "环卫所" in one.kinds)
    line = replace(folder, "responsibility.yaml", "lead: 环卫所", f"lead: {unit.name}")
    _, said = checked(folder)
    assert any(f"responsibility.yaml:{line}: " in one and "、".join(unit.kinds) in one for one in said), said
