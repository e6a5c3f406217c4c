"""Policy files: mistakes are named by file and field, and the same policy is the same text."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from gridward.policy.files import (
    BUNDLED,
    bundle_from_json,
    canonical_json,
    fingerprint,
    load_bundle,
)
from gridward.policy.load import compile_policy
from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "policy"
    shutil.copytree(BUNDLED, copy)
    return copy


def edit(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_wrong_limit_is_named_by_file_and_field(folder: Path) -> None:
    edit(folder, "limits.yaml", "accept: 10 MIN", "accept: 10 minutes")
    with pytest.raises(PolicyError) as error:
        load_bundle(folder)
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith("limits.yaml:8: classes.A.accept: ")


def test_an_unknown_field_is_a_typing_slip(folder: Path) -> None:
    edit(folder, "units.yaml", "parent:", "parrent:")
    with pytest.raises(PolicyError, match=r"units.yaml:\d+: units\.1\.parrent"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "meant"),
    [
        ("units.yaml", "parent:", "parrent:", "parent"),
        ("limits.yaml", "rework_share:", "rework_shear:", "rework_share"),
        ("responsibility.yaml", ", class:", ", clas:", "class"),
        ("limits.yaml", "may_return:", "may_retrun:", "may_return"),
    ],
)
def test_a_typing_slip_is_told_with_its_line_and_what_was_meant(
    folder: Path, file: str, old: str, new: str, meant: str
) -> None:
    edit(folder, file, old, new)
    lines = (folder / file).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if new in text)
    with pytest.raises(PolicyError) as error:
        load_bundle(folder)
    said = next(one for one in error.value.problems if "did you mean" in one)
    assert f".{new.strip(' ,:')}: " in said or f" {new.strip(' ,:')}: " in said
    assert f"did you mean {meant}?" in said
    assert said.startswith(f"{file}:{line}: ")


def test_an_empty_file_is_told_without_a_line_that_it_does_not_have(folder: Path) -> None:
    (folder / "units.yaml").write_text("", "utf-8")
    with pytest.raises(PolicyError) as error:
        load_bundle(folder)
    assert "None" not in str(error.value)


def test_a_key_given_twice_is_refused(folder: Path) -> None:
    edit(folder, "limits.yaml", "rework_share: 0.5", "rework_share: 0.5\nrework_share: 0.6")
    with pytest.raises(PolicyError, match="rework_share 写了两次"):
        load_bundle(folder)


def test_mistakes_of_several_files_are_told_together(folder: Path) -> None:
    (folder / "units.yaml").unlink()
    (folder / "words.yaml").write_text("categories: [", "utf-8")
    with pytest.raises(PolicyError) as error:
        load_bundle(folder)
    assert [line.split(":")[0] for line in error.value.problems] == ["units.yaml", "words.yaml"]


def test_a_bundle_survives_its_json(bundle: PolicyBundle) -> None:
    again = bundle_from_json(canonical_json(bundle))
    assert again == bundle
    assert fingerprint(again) == fingerprint(bundle)


def test_comments_and_order_of_fields_do_not_make_another_policy(bundle: PolicyBundle, folder: Path) -> None:
    edit(
        folder,
        "limits.yaml",
        'night: {start: "22:00", end: "07:00"}',
        'night: {end: "07:00", start: "22:00"} # x',
    )
    assert fingerprint(load_bundle(folder)) == fingerprint(bundle)


def test_another_limit_makes_another_policy(bundle: PolicyBundle, folder: Path) -> None:
    edit(folder, "limits.yaml", "accept: 10 MIN", "accept: 11 MIN")
    assert fingerprint(load_bundle(folder)) != fingerprint(bundle)


def test_a_policy_carries_its_version_into_its_rules(bundle: PolicyBundle) -> None:
    policy = compile_policy(bundle, 7)
    assert (policy.version, policy.rules.version) == (7, 7)
    assert policy.sha256 == fingerprint(bundle)


def test_a_version_published_before_these_fields_means_what_it_meant(bundle: PolicyBundle) -> None:
    stored = json.loads(canonical_json(bundle))
    for later in ("unsure", "urgent_class", "place", "actions"):
        del stored["limits"][later]
    del stored["responsibility"]["special_grids"], stored["words"]["thresholds"]["generic"]
    policy = compile_policy(bundle_from_json(json.dumps(stored)), 1)
    assert (policy.unsure.severity, policy.unsure.limit_class, policy.urgent_class) == (3, "C", "A")
    assert policy.unsure.sensitive_share == 0
    assert policy.lexicon.thresholds.generic == 0
    assert (policy.nearest_within_m, policy.responsibility.special) == (0, range(901, 1000))
    assert (policy.actions.clock_tolerance, policy.actions.kept_severity) == (timedelta(minutes=2), 2)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("limits.yaml", "nearest_within: 0", "nearest_within: -1", "place.nearest_within: .* greater than"),
        ("limits.yaml", "nearest_within: 0", "nearest_within: 9000", "place.nearest_within: .* less than"),
        ("limits.yaml", "nearest_within: 0", "nearest_within: .nan", "place.nearest_within: "),
        ("limits.yaml", "kept_severity: 2", "kept_severity: 5", "actions.kept_severity: .* less than"),
        ("limits.yaml", "clock_tolerance: 2 MIN", "clock_tolerance: 2m", "actions.clock_tolerance: "),
        ("limits.yaml", "unsure: {severity: 3", "unsure: {severity: 0", "unsure.severity: .* greater than"),
        ("responsibility.yaml", "first: 901", "first: 1901", "special_grids.first: .* less than"),
        (
            "responsibility.yaml",
            "last: 999",
            "last: 900",
            "special_grids: .* first 901 is greater than last 900",
        ),
    ],
)
def test_what_a_figure_may_be_is_said_with_its_place(
    folder: Path, file: str, old: str, new: str, said: str
) -> None:
    edit(folder, file, old, new)
    with pytest.raises(PolicyError, match=rf"{file}:\d+: {said}"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("responsibility.yaml", "{level: township", "{level: city", "可写 'township', 'county'"),
        ("limits.yaml", "tell: unit_desk", "tell: desk", "可写 'unit_desk', 'unit_leader'"),
        ("categories.yaml", 'code: "0101"', 'code: "101"', "应为 4 位数字"),
        ("responsibility.yaml", 'category: "0101"', 'category: "101"', "应为两位或四位数字"),
    ],
)
def test_what_may_be_written_is_spelled_out(folder: Path, file: str, old: str, new: str, said: str) -> None:
    edit(folder, file, old, new)
    with pytest.raises(PolicyError, match=said):
        load_bundle(folder)
