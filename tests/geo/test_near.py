"""Which special grids (专属网格) lie near a point: nearest first, in metres, base grids left out."""

from dataclasses import replace

import pytest

from geo.index import GridIndex
from gridward.domain.place import Locator, Point
from tests.geo.helpers import square

DEGREE_EAST = 98_363.0
BASE, SCHOOL, MARKET = "331125001001001", "331125001001901", "331125001001902"


def town() -> Locator:
    school = replace(square(SCHOOL, 119.502, 28.002, 0.001), special=True)
    market = replace(square(MARKET, 119.504, 28.002, 0.001), special=True)
    return GridIndex([square(BASE, 119.50, 28.0), market, school], 1)


def test_special_grids_come_nearest_first_and_base_grids_not_at_all() -> None:
    found = town().near([Point(119.5035 - 10 / DEGREE_EAST, 28.0025)], 100.0)[0]
    assert [code for code, _ in found] == [SCHOOL, MARKET]
    half_way = 0.0005 * DEGREE_EAST
    assert [metres for _, metres in found] == pytest.approx([half_way - 10, half_way + 10], abs=0.1)


def test_within_means_within() -> None:
    point = Point(119.502 - 50 / DEGREE_EAST, 28.0025)
    assert town().near([point], 49.0) == [()]
    assert [code for code, _ in town().near([point], 51.0)[0]] == [SCHOOL]


def test_inside_the_distance_is_nothing_and_every_point_keeps_its_turn() -> None:
    found = town().near([None, Point(119.5025, 28.0025), Point(0.0, 0.0)], 10.0)
    assert found == [(), ((SCHOOL, 0.0),), ()]


def test_a_county_without_special_grids_has_none_near() -> None:
    assert GridIndex([square(BASE, 119.50, 28.0)], 1).near([Point(119.505, 28.005)], 5_000.0) == [()]
