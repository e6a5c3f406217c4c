"""The categories of the policy are those of the agreed taxonomy."""

import csv
from pathlib import Path

from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle


def taxonomy(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "categories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_categories_equal_the_taxonomy(bundle: PolicyBundle, shared_data: Path) -> None:
    expected = [
        {
            "code": row["code"],
            "name": row["name"],
            "severity": int(row["severity"]),
            "limit_class": row["limit_class"],
            "finish_limit": row["finish_limit"] or None,
            "sensitive": row["sensitive"] == "1",
            "emergency_lines": row["emergency_line"].split(),
            "note": row["note"],
        }
        for row in taxonomy(shared_data)
        if len(row["code"]) == 4
    ]
    rows = [row.model_dump(exclude={"placeless"}) for row in bundle.categories.categories]
    assert rows == expected


def test_the_groups_equal_the_taxonomy(bundle: PolicyBundle, shared_data: Path) -> None:
    groups = {row["code"]: row["name"] for row in taxonomy(shared_data) if len(row["code"]) == 2}
    assert bundle.categories.groups == groups


def test_there_are_92_categories_in_11_groups(policy: Policy) -> None:
    assert len(policy.categories) == 92
    assert len(policy.groups) == 11


def test_every_category_has_words_to_be_known_by(bundle: PolicyBundle) -> None:
    assert set(bundle.words.categories) == {row.code for row in bundle.categories.categories}


def test_every_category_timed_by_itself_names_its_limit(policy: Policy) -> None:
    timed = [category for category in policy.categories.values() if category.limit_class == "T"]
    assert timed
    assert all(category.finish_limit for category in timed)
