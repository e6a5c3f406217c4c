"""A list of divisions becomes places: by the name that people say, within their town."""

from pathlib import Path

import pytest

from gridward.domain.errors import Refused
from gridward.policy.divisions import called, places_of_divisions
from gridward.policy.gazetteer import Place, compile_gazetteer
from gridward.policy.place_rows import GazetteerRows, PlaceEntry
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.policy.spots import candidates, good
from infra.commands.places import with_divisions

LINES = [
    "code12,name",
    "990101000000,栖禾县",
    "990101101000,青梧镇",
    "990101101001,东门居委会",
    "990101101002,三联村委会",
    "990101102000,白渡镇",
    "990101102001,三联村委会",
]


def test_towns_and_villages_are_places_within_what_holds_them() -> None:
    found = {entry.code: entry for entry in places_of_divisions(LINES)}
    assert "990101000000" not in found
    town, village = found["990101101000"], found["990101101002"]
    assert (town.kind, town.name, town.within) == ("town", "青梧镇", ["栖禾县"])
    assert (village.kind, village.name, village.aliases) == ("village", "三联村", ["三联村委会"])
    assert village.within == ["青梧镇"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("三联村委会", "三联村"),
        ("李家村村委会", "李家村"),
        ("城东社区居委会", "城东社区"),
        ("东门居委会", "东门社区"),
        ("石桥村民委员会", "石桥村"),
        ("青梧镇", "青梧镇"),
    ],
)
def test_a_committee_is_its_village(name: str, short: str) -> None:
    assert called(name) == short


def test_the_town_before_it_tells_two_of_a_name_apart() -> None:
    gazetteer = compile_gazetteer(GazetteerRows(places=places_of_divisions(LINES)))
    both = candidates(gazetteer, "三联村委会门口有人闹事")
    assert {one.place.within for one in both} == {("白渡镇",), ("青梧镇",)}
    (one,) = candidates(gazetteer, "青梧镇三联村委会门口有人闹事")
    assert one.place.within == ("青梧镇",)
    assert "青梧镇" in one.reason


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["code,name", "1,x"], "code12"),
        (["code12,name", "99,东门村"], "第 2 行"),
        (["code12,name", "990101101001,"], "第 2 行"),
        (["code12,name"], "--under"),
    ],
)
def test_a_wrong_list_is_refused_with_what_to_do(lines: list[str], said: str) -> None:
    with pytest.raises(Refused, match=said):
        places_of_divisions(lines)


def test_only_what_is_asked_for_is_taken() -> None:
    assert {entry.code for entry in places_of_divisions(LINES, "990101102")} == {
        "990101102000",
        "990101102001",
    }


def test_a_second_import_replaces_the_first_and_nothing_else(bundle: PolicyBundle) -> None:
    own = len(bundle.gazetteer.places)
    first = with_divisions(bundle, places_of_divisions(LINES))
    second = with_divisions(first, places_of_divisions(LINES, "990101102"))
    assert len(first.gazetteer.places) == own + 5
    assert len(second.gazetteer.places) == own + 2


def test_a_whole_province_is_read_and_its_repeated_names_are_nobodys_guess(
    shared_data: Path, policy: Policy
) -> None:
    file = shared_data / "admin" / "zhejiang_divisions_to_village_2023.csv"
    entries = places_of_divisions(file.read_text("utf-8").splitlines())
    assert len(entries) > 20_000
    rows = policy.bundle.gazetteer.model_copy(update={"places": entries})
    gazetteer = compile_gazetteer(rows)
    found = candidates(gazetteer, "三联村委会门口有人闹事")
    assert "同名的有 2" in found[0].reason
    assert good(found, gazetteer) is None


def test_a_town_whose_code_ends_in_zeros_has_no_grids_of_its_neighbours() -> None:
    drawn = [
        Place(f"网格{code}", "grid", None, None, 100.0, (code,))
        for code in ("990101101001001", "990101100002001")
    ]
    town = PlaceEntry(name="城关镇", kind="town", code="990101100000")
    gazetteer = compile_gazetteer(GazetteerRows(places=[town]), drawn)
    (found,) = [place for place in gazetteer.places if place.name == "城关镇"]
    assert found.grids == ("990101100002001",)
