"""Which grid holds a point: 8,000 places with known answers, and each kind of answer by itself."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely

from geo.index import GridIndex
from gridward.domain.place import GridMatch, GridRecord, Locator, Point
from tests.geo.helpers import column, raw_records, rows, square

# Two squares of 0.01 degree sharing the meridian 119.51 E exactly, at 28 N (1 degree east = 98,363 m there).
WEST, EAST = "331125001001001", "331125001001002"
DEGREE_EAST = 98_363.0


def pair() -> GridIndex:
    return GridIndex([square(EAST, 119.51, 28.0), square(WEST, 119.50, 28.0)], version=7)


def one(
    index: GridIndex, lon: float, lat: float, accuracy_m: float | None = None, within_m: float = 0.0
) -> GridMatch:
    return index.locate([Point(lon, lat, accuracy_m)], within_m)[0]


@pytest.mark.parametrize(
    ("vectors", "grids", "code", "name"),
    [
        pytest.param(
            "routing_vectors_mesh_villages.csv",
            "mesh_villages_7701.geojson",
            "VILLCODE",
            "VILLNAME",
            marks=pytest.mark.mesh,
        ),
        ("routing_vectors_yunhe_clean_wgs84.csv", "yunhe_townships_clean_wgs84.geojson", "code", "name"),
        ("routing_vectors_yunhe_raw_gcj02.csv", "yunhe_townships_raw_gcj02.geojson", "code", "name"),
    ],
)
def test_every_vector_gets_its_grid(
    shared_data: Path, vectors: str, grids: str, code: str, name: str
) -> None:
    table = rows(shared_data / "geo" / vectors)
    index = GridIndex(raw_records(shared_data / "geo" / grids, code, name), version=1)
    matches = index.locate_arrays(column(table, "lng"), column(table, "lat"))
    wrong = [(row, match) for row, match in zip(table, matches, strict=True) if not agrees(row, match)]
    assert len(table) >= 2_000
    assert wrong == []


def agrees(row: dict[str, str], match: GridMatch) -> bool:
    expected = set(filter(None, row["expected_codes"].split("|")))
    if set(match.candidates) != expected:
        return False
    if len(expected) > 1 and match.how == "overlap":
        return match.grid is None
    return match.grid in expected if expected else match.grid is None


def test_real_overlaps_of_the_raw_file_are_left_to_a_person(shared_data: Path) -> None:
    table = rows(shared_data / "geo/routing_vectors_yunhe_raw_gcj02.csv")
    index = GridIndex(raw_records(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "code", "name"), 1)
    deep = [
        row
        for row in table
        if row["n_hits"] == "2" and float(row["approx_dist_to_boundary_m_deg_scaled"]) > 1
    ]
    assert len(deep) >= 20
    for row in deep:
        match = one(index, float(row["lng"]), float(row["lat"]))
        assert (match.grid, match.how) == (None, "overlap")


def test_the_index_fulfils_the_cores_protocol() -> None:
    locator: Locator = pair()
    assert locator.version == 7
    assert locator.locate([]) == []


def test_a_report_without_a_place_says_so_and_keeps_its_turn() -> None:
    matches = pair().locate([None, Point(119.505, 28.005), None, Point(0.0, 0.0)])
    assert [match.how for match in matches] == ["no_place", "inside", "no_place", "outside"]


def test_a_point_well_inside_has_one_candidate() -> None:
    assert one(pair(), 119.505, 28.005) == GridMatch(WEST, "inside", (WEST,), None)


def test_an_accuracy_that_reaches_the_neighbour_makes_it_a_border_case() -> None:
    lon = 119.51 - 15 / DEGREE_EAST
    sure, unsure = one(pair(), lon, 28.005, 14.5), one(pair(), lon, 28.005, 15.5)
    assert (sure.how, sure.candidates) == ("inside", (WEST,))
    assert (unsure.how, unsure.grid, unsure.candidates) == ("border", WEST, (WEST, EAST))
    assert unsure.distance_m == pytest.approx(15, abs=0.05)


def test_a_shared_edge_always_goes_to_the_lowest_code() -> None:
    match = one(pair(), 119.51, 28.005)
    assert (match.grid, match.how, match.candidates) == (WEST, "border", (WEST, EAST))


def test_four_grids_at_one_corner_give_the_lowest_code_and_all_candidates() -> None:
    codes = [f"33112500100100{n}" for n in (4, 2, 3, 1)]
    corners = [(119.50, 28.0), (119.51, 28.0), (119.50, 28.01), (119.51, 28.01)]
    index = GridIndex([square(c, *at) for c, at in zip(codes, corners, strict=True)], 1)
    match = one(index, 119.51, 28.01)
    assert (match.grid, match.how, match.candidates) == (min(codes), "border", tuple(sorted(codes)))


def test_two_grids_that_truly_hold_a_point_leave_it_undecided() -> None:
    index = GridIndex([square(WEST, 119.50, 28.0), square(EAST, 119.505, 28.0)], 1)
    match = one(index, 119.5075, 28.005)
    assert (match.grid, match.how, match.candidates) == (None, "overlap", (WEST, EAST))


def test_a_grid_touched_inside_another_does_not_take_the_point_from_it() -> None:
    index = GridIndex([square(WEST, 119.50, 28.0), square(EAST, 119.505, 28.0)], 1)
    match = one(index, 119.505, 28.005)
    assert (match.grid, match.how, match.candidates) == (WEST, "border", (WEST, EAST))


def test_outside_there_is_no_grid_but_the_near_ones_are_offered() -> None:
    lon = 119.52 + 10 / DEGREE_EAST
    assert one(pair(), lon, 28.005) == GridMatch(None, "outside", (), None)
    unsure = one(pair(), lon, 28.005, 20.0)
    assert (unsure.grid, unsure.how, unsure.candidates) == (None, "outside", (EAST,))
    assert unsure.probabilities == pytest.approx((0.195,), abs=0.006)


def test_the_nearest_grid_stands_only_within_the_tolerance_of_policy() -> None:
    lon = 119.52 + 10 / DEGREE_EAST
    near = one(pair(), lon, 28.005, within_m=10.5)
    assert (near.grid, near.how, near.candidates) == (EAST, "nearest", (EAST,))
    assert near.distance_m == pytest.approx(10, abs=0.05)
    assert one(pair(), lon, 28.005, within_m=9.5).grid is None


def test_a_tolerance_does_not_blur_points_that_are_inside() -> None:
    assert one(pair(), 119.51 - 15 / DEGREE_EAST, 28.005, within_m=50).how == "inside"


@pytest.mark.parametrize("lat", [20.0, 35.0, 50.0])
def test_metres_are_metres_at_every_latitude(lat: float) -> None:
    index = GridIndex([square(WEST, 119.5, lat)], 1)
    east, _, _ = pyproj.Geod(ellps="WGS84").fwd(119.51, lat + 0.005, 90, 100)
    _, north, _ = pyproj.Geod(ellps="WGS84").fwd(119.505, lat + 0.01, 0, 100)
    for place in ((float(east), lat + 0.005), (119.505, float(north))):
        assert one(index, *place, within_m=500).distance_m == pytest.approx(100, rel=0.001)


def test_nonsense_numbers_are_outside_rather_than_an_error() -> None:
    for lon, lat, accuracy in (
        (np.nan, 28.0, 5.0),
        (np.inf, 28.0, None),
        (119.505, np.nan, None),
        (999.0, 99.0, 1e9),
    ):
        assert one(pair(), lon, lat, accuracy, within_m=5).grid is None
    for accuracy in (np.nan, -5.0, 0.0):
        assert one(pair(), 119.505, 28.005, accuracy).how == "inside"


def test_a_grid_in_several_parts_holds_points_of_each() -> None:
    parts = shapely.MultiPolygon(
        [shapely.box(119.5, 28, 119.51, 28.01), shapely.box(119.6, 28, 119.61, 28.01)]
    )
    index = GridIndex([GridRecord(WEST, "飞地", "grid", shapely.to_wkb(parts))], 1)
    assert [one(index, lon, 28.005).grid for lon in (119.505, 119.605, 119.55)] == [WEST, WEST, None]


def test_an_index_without_grids_answers_outside() -> None:
    assert one(GridIndex([], 1), 119.5, 28.0, 20.0).how == "outside"


def test_a_batch_gives_what_one_by_one_gives(shared_data: Path) -> None:
    index = GridIndex(raw_records(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "code", "name"), 1)
    table = rows(shared_data / "geo/routing_vectors_yunhe_raw_gcj02.csv")[::10]
    points = [Point(float(row["lng"]), float(row["lat"]), 25.0) for row in table]
    alone = [index.locate([point])[0] for point in points]
    for both, single in zip(index.locate(points), alone, strict=True):
        assert replace(both, distance_m=None, probabilities=()) == replace(
            single, distance_m=None, probabilities=()
        )
        # One by one other routines reckon the same: what differs is rounding, most where a border just touches.
        assert both.distance_m == pytest.approx(single.distance_m, abs=1e-6)
        assert both.probabilities == pytest.approx(single.probabilities, abs=1e-6)
