"""Categories that were split, merged, retired or renamed are still counted, and a wrong change is refused."""

import pytest
from pydantic import ValidationError

from gridward.policy.category_rows import Categories
from gridward.policy.check import problems
from gridward.policy.export import files_of
from gridward.policy.files import canonical_json
from gridward.policy.history import comparable, counted_as, counts_today, may_be_one, today, todays
from gridward.policy.schema import PolicyBundle


def with_changes(bundle: PolicyBundle, *changes: tuple[str, str, str]) -> PolicyBundle:
    """Changes as (kind, sources, targets), codes divided by blanks."""
    rows = [
        {"from": old.split(), "to": new.split(), "kind": kind, "since": "2026-01-01"}
        for kind, old, new in changes
    ]
    data = bundle.categories.model_dump(by_alias=True) | {"changes": rows}
    return bundle.model_copy(update={"categories": Categories.model_validate(data)})


def renamed(bundle: PolicyBundle, old: str, new: str) -> PolicyBundle:
    """The bundle with one category under another code, in every table that speaks of it."""
    return PolicyBundle.model_validate_json(canonical_json(bundle).replace(f'"{old}"', f'"{new}"'))


CHANGES = (
    ("split", "0591", "0501 0502"),
    ("merge", "0592 0593", "0503"),
    ("retire", "0594", ""),
    ("rename", "0595", "0592"),
)


def test_each_kind_of_change_is_followed_over_several_versions(bundle: PolicyBundle) -> None:
    table = with_changes(
        bundle,
        *CHANGES,
        ("split", "0596", "0501 0101"),
    ).categories
    assert today("0591", table) == {"0501", "0502"}
    assert today("0595", table) == {"0503"}
    assert [counted_as(code, table) for code in ("0501", "0591", "0594", "0596", "0000")] == [
        "0501",
        "05",
        None,
        None,
        None,
    ]
    counts = {"0503": 1, "0592": 2, "0593": 4, "0591": 8, "0594": 16, "0000": 32}
    assert counts_today(counts, table) == ({"0503": 7, "05": 8}, {"0000": 32, "0594": 16})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0595", "0503", True),  # renamed, then merged
        ("0592", "0593", True),  # merged with one another since
        ("0591", "0502", True),  # the old code may have meant either part
        ("0501", "0502", False),
        ("0591", "0503", False),
        ("0594", "0594", True),  # retired, and nothing took its place
        ("0594", "0503", False),
        (None, "0503", False),
        (None, None, True),
    ],
)
def test_two_codes_are_one_where_a_category_of_today_can_be_both(
    bundle: PolicyBundle, one: str | None, other: str | None, same: bool
) -> None:
    table = with_changes(bundle, *CHANGES).categories
    heirs = todays([code for code in (one, other) if code], table)
    assert may_be_one(one, other, heirs) is same
    assert may_be_one(other, one, heirs) is same


def test_what_a_split_took_apart_is_compared_as_one_while_its_old_code_is_among_the_figures(
    bundle: PolicyBundle,
) -> None:
    table = with_changes(
        bundle, ("split", "0591", "0501 0502"), ("split", "0592", "0502 0101"), ("rename", "0595", "0503")
    ).categories
    codes = ["0501", "0502", "0503", "0504", "0595", "0000"]
    alone = comparable(todays(codes, table))
    assert alone["0501"] == {"0501"}
    assert alone["0595"] == alone["0503"]
    found = comparable(todays([*codes, "0591", "0592", "0101"], table))
    assert found["0591"] == found["0501"] == found["0502"] == found["0592"] == found["0101"]
    assert len(set(found.values())) == 4
    assert found["0000"] == {"0000"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ([("rename", "0501", "0502")], "0501 仍在类别表中"),
        ([("rename", "0591", "0592")], "0592 不是类别"),
        ([("rename", "0591", "0592"), ("rename", "0592", "0591")], "绕回自身"),
        ([("rename", "0591", "0501"), ("rename", "0591", "0502")], "0591: 有两条变更"),
    ],
)
def test_a_change_that_leads_nowhere_is_named(
    bundle: PolicyBundle, change: list[tuple[str, str, str]], said: str
) -> None:
    assert any(said in one for one in problems(with_changes(bundle, *change)))


@pytest.mark.parametrize(
    "change", [("split", "0591", "0501"), ("merge", "0591", "0501"), ("retire", "0591", "0501")]
)
def test_a_change_is_what_it_says(bundle: PolicyBundle, change: tuple[str, str, str]) -> None:
    with pytest.raises(ValidationError, match="split is one to several"):
        with_changes(bundle, change)


def test_right_changes_are_no_problem_and_are_kept(bundle: PolicyBundle) -> None:
    changed = with_changes(bundle, ("split", "0591", "0501 0502"))
    assert problems(changed) == []
    assert PolicyBundle.model_validate_json(canonical_json(changed)) == changed
    assert '- {from: ["0591"], to: ["0501", "0502"]' in files_of(changed)["categories.yaml"]
