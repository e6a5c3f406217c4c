"""A special grid in its base grid, and how likely each candidate is within the accuracy circle."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.index import GridIndex
from geo.metric import degree_lengths
from geo.verdict import MOST_CANDIDATES
from gridward.domain.place import GridMatch, GridRecord, Point
from tests.geo.helpers import raw_records, square

DEGREE_EAST = 98_363.0
WEST, EAST, SCHOOL = "331125001001001", "331125001001002", "331125001001901"
MIDDLE = Point(119.5025, 28.0025)


def pair() -> GridIndex:
    return GridIndex([square(EAST, 119.51, 28.0), square(WEST, 119.50, 28.0)], version=7)


def with_school(*more: str) -> GridIndex:
    specials = [replace(square(code, 119.502, 28.002, 0.001), special=True) for code in (SCHOOL, *more)]
    return GridIndex([square(WEST, 119.50, 28.0), *specials], 1)


def segment(distance_m: float, radius_m: float) -> float:
    """The share of a circle beyond a straight line at this distance from its middle."""
    t = distance_m / radius_m
    return (math.acos(t) - t * math.sqrt(1 - t * t)) / math.pi


def one(index: GridIndex, point: Point, within_m: float = 0.0) -> GridMatch:
    return index.locate([point], within_m)[0]


@pytest.mark.parametrize("distance_m", [0.5, 5.0, 10.0, 19.0])
def test_each_side_of_a_border_has_its_share_of_the_circle(distance_m: float) -> None:
    match = one(pair(), Point(119.51 - distance_m / DEGREE_EAST, 28.005, 20.0))
    beyond = segment(distance_m, 20.0)
    assert (match.how, match.candidates) == ("border", (WEST, EAST))
    assert match.probabilities == pytest.approx((1 - beyond, beyond), abs=0.006)


def test_what_lies_in_no_grid_is_missing_to_one() -> None:
    inside = one(pair(), Point(119.52 - 5 / DEGREE_EAST, 28.005, 20.0))
    assert (inside.grid, inside.how, inside.probabilities) == (EAST, "inside", ())
    beside = one(pair(), Point(119.52 + 5 / DEGREE_EAST, 28.005, 20.0), within_m=10)
    assert (beside.grid, beside.how) == (EAST, "nearest")
    assert beside.probabilities == pytest.approx((segment(5, 20),), abs=0.006)


def test_without_an_accuracy_nothing_is_said_about_likelihood() -> None:
    assert one(pair(), Point(119.51, 28.005)).probabilities == ()


def test_a_special_grid_wins_over_the_base_grid_that_it_lies_in() -> None:
    match = one(with_school(), MIDDLE)
    assert (match.grid, match.how, match.candidates) == (SCHOOL, "special", (SCHOOL, WEST))


def test_the_special_grid_wins_whatever_its_number() -> None:
    low = "331125001001000"
    index = GridIndex(
        [square(WEST, 119.50, 28.0), replace(square(low, 119.502, 28.002, 0.001), special=True)], 1
    )
    assert one(index, MIDDLE).grid == low


def test_two_special_grids_that_overlap_leave_it_to_a_person() -> None:
    market = "331125001001902"
    match = one(with_school(market), MIDDLE)
    assert (match.grid, match.how, match.candidates) == (None, "overlap", (SCHOOL, market, WEST))


def test_two_base_grids_under_one_special_do_not_matter() -> None:
    special = replace(square(SCHOOL, 119.5095, 28.002, 0.001), special=True)
    index = GridIndex([square(WEST, 119.50, 28.0), square(EAST, 119.508, 28.0), special], 1)
    match = one(index, Point(119.5099, 28.0025))
    assert (match.grid, match.how, set(match.candidates)) == (SCHOOL, "special", {SCHOOL, WEST, EAST})


def test_near_the_schools_wall_both_come_into_question_and_share_the_circle() -> None:
    outside = one(with_school(), Point(119.502 - 5 / DEGREE_EAST, 28.0025, 20.0))
    beyond = segment(5, 20)
    assert (outside.grid, outside.how, outside.candidates) == (WEST, "border", (WEST, SCHOOL))
    assert outside.probabilities == pytest.approx((1 - beyond, beyond), abs=0.006)
    within = one(with_school(), Point(119.502 + 5 / DEGREE_EAST, 28.0025, 20.0))
    assert (within.grid, within.candidates) == (SCHOOL, (SCHOOL, WEST))
    assert within.probabilities == pytest.approx((1 - beyond, beyond), abs=0.006)


def test_probabilities_never_sum_to_more_than_one_even_in_an_overlap() -> None:
    index = GridIndex([square(WEST, 119.50, 28.0), square(EAST, 119.505, 28.0)], 1)
    match = one(index, Point(119.5075, 28.005, 20.0))
    assert match.how == "overlap"
    assert match.probabilities == pytest.approx((0.5, 0.5), abs=1e-6)


def test_a_shape_that_crosses_itself_still_has_a_share() -> None:
    bow = shapely.Polygon([(119.51, 28.0), (119.52, 28.01), (119.52, 28.0), (119.51, 28.01)])
    crossed = GridRecord(EAST, "蝴蝶", "grid", shapely.to_wkb(bow))
    index = GridIndex([square(WEST, 119.50, 28.0), crossed], 1)
    match = one(index, Point(119.5101, 28.009, 30.0))
    assert set(match.candidates) == {WEST, EAST}
    assert 0.5 < sum(match.probabilities) <= 1.0


@pytest.mark.mesh
def test_on_a_real_map_the_shares_are_those_of_areas_cut_out_exactly(shared_data: Path) -> None:
    records = raw_records(shared_data / "geo/mesh_villages_7701.geojson", "VILLCODE", "VILLNAME")
    index = GridIndex(records, 1)
    shapes = {record.code: shapely.from_wkb(record.wkb) for record in records}
    random = np.random.default_rng(7)
    near_borders = shapely.get_coordinates(list(shapes.values()))[::997]
    points = [
        Point(float(lon), float(lat), float(radius))
        for (lon, lat), radius in zip(
            near_borders + random.normal(0, 3e-4, near_borders.shape),
            random.choice([5.0, 20.0, 100.0, 600.0], len(near_borders)),
            strict=True,
        )
    ]
    compared = 0
    for point, match in zip(points, index.locate(points), strict=True):
        if not match.probabilities or len(match.candidates) >= MOST_CANDIDATES:
            continue
        exact = exact_shares(point, [shapes[code] for code in match.candidates])
        if sum(exact) > 1.001:  # where the map overlaps, the shares are scaled
            continue
        compared += 1
        assert match.probabilities == pytest.approx(exact, abs=0.005)
    assert compared > 100


def exact_shares(point: Point, shapes: list[shapely.Geometry]) -> list[float]:
    """By cutting a polygon of 1,024 corners, on a plane that is true at the point."""
    east, north = degree_lengths(np.array(point.lat))
    scale = np.array([east, north])
    assert point.accuracy_m is not None
    circle = shapely.Point(*(scale * (point.lon, point.lat))).buffer(point.accuracy_m, quad_segs=256)
    return [
        circle.intersection(shapely.make_valid(shapely.transform(one, lambda xy: xy * scale))).area
        / circle.area
        for one in shapes
    ]
