"""What a policy says of ground that a boundary set does not have is told, and nothing else."""

from typing import Any

import pytest

from geo.policy_ground import off_the_map
from geo.source import read_grids
from gridward.policy.load import load_bundle
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.schema import PolicyBundle, RuleRow
from infra.commands.first_start import TOWNSHIP
from tests.geo.helpers import square
from tests.policy.test_check import number_of, with_rules, with_unit

VILLAGE = "990101101001"
GRIDS = [square(f"{VILLAGE}001", 119.49, 28.09, 0.02), square(f"{VILLAGE}002", 119.51, 28.09, 0.02)]


@pytest.fixture(scope="module")
def bundle() -> PolicyBundle:
    """Without places and rules of its own, so that only what a test adds is told."""
    whole = load_bundle()
    return with_places(whole)


def with_places(bundle: PolicyBundle, *places: PlaceEntry) -> PolicyBundle:
    gazetteer = bundle.gazetteer.model_copy(update={"places": list(places)})
    return bundle.model_copy(update={"gazetteer": gazetteer})


def place(**fields: Any) -> PlaceEntry:
    return PlaceEntry(name="柳塘小学", kind="school", **fields)


def test_the_bundled_policy_speaks_of_the_demo_township_alone() -> None:
    assert off_the_map(load_bundle(), read_grids(TOWNSHIP, None).records) == []


@pytest.mark.parametrize(
    ("area", "is_told"),
    [
        ("99", False),
        ("990101101", False),
        (VILLAGE, False),
        (f"{VILLAGE}002", False),
        ("990101102", True),
        (f"{VILLAGE}003", True),
        (f"{VILLAGE}00201", True),  # within a grid, which is given whole or not at all
        ("98", True),
    ],
)
def test_an_area_without_a_grid_is_told_at_its_unit_and_its_rule(
    bundle: PolicyBundle, area: str, is_told: bool
) -> None:
    number = number_of(bundle, "派出所")
    # Special grids of the bundled units, which this set does not have, are told as well.
    before = len(off_the_map(bundle, GRIDS))
    unit = bundle.units.units[number]
    found = off_the_map(with_unit(bundle, number, areas=[*unit.areas, area]), GRIDS)
    assert len(found) - before == is_told
    if is_told:
        (told,) = [one for one in found if f"区域 {area} 内没有网格" in one]
        assert told.spots == (("units", ("units", number, "areas", len(unit.areas))),)
    ruled = off_the_map(with_rules(bundle, RuleRow(category="05", area=area, lead="村社区")), GRIDS)
    assert len(ruled) - before == is_told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"lon": 119.5, "lat": 28.1}, None),
        ({"lon": 119.6, "lat": 28.1}, "不在任何网格内"),
        ({"lon": 119.5305, "lat": 28.1}, "不在任何网格内"),  # 49 m beyond the border
        ({"lon": 119.5305, "lat": 28.1, "precision_m": 200}, None),  # it may reach the grid
        ({"grid": f"{VILLAGE}001"}, None),
        ({"grid": f"{VILLAGE}009"}, "内没有网格"),
        ({"code": VILLAGE}, None),
        ({"code": "990101109001"}, "内没有网格"),
        ({"code": f"{VILLAGE[:9]}000"}, None),  # a town, as lists of divisions write it
        ({"code": f"{VILLAGE[:6]}000000"}, None),  # a county
        ({"code": "990101109000"}, "内没有网格"),
        ({}, None),  # nobody says where it is
    ],
)
def test_a_place_in_no_grid_is_told(bundle: PolicyBundle, fields: dict[str, Any], told: str | None) -> None:
    before = off_the_map(bundle, GRIDS)
    found = [one for one in off_the_map(with_places(bundle, place(**fields)), GRIDS) if one not in before]
    assert len(found) == (told is not None)
    assert all(told in one and "柳塘小学" in one for one in found if told)
