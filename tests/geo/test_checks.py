"""What is wrong with a boundary set is found by code and area, and nothing is found where nothing is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pyproj
import pytest
import shapely

from geo.checks import check
from geo.findings import Findings, Thresholds
from geo.source import read_grids
from gridward.domain.place import GridRecord
from tests.geo.helpers import raw_records, square

A, B, C, D = "331125001001001", "331125001001002", "331125001001003", "331125001001004"
# Degrees of a metre east and north at 28 N.
EAST_M, NORTH_M = 1 / 98_363.0, 1 / 110_830.0


def box(code: str, west: float, south: float, east: float, north: float) -> GridRecord:
    """A rectangle given in metres from 119.5 E, 28 N."""
    at = (119.5 + west * EAST_M, 28 + south * NORTH_M, 119.5 + east * EAST_M, 28 + north * NORTH_M)
    return GridRecord(code, f"网格{code[-1]}", "grid", shapely.to_wkb(shapely.box(*at)))


def shape(code: str, wkt: str, name: str = "网格") -> GridRecord:
    return GridRecord(code, name, "grid", shapely.to_wkb(shapely.from_wkt(wkt)))


def kinds(findings: Findings) -> list[str]:
    return [item.kind for item in findings.items]


def test_the_raw_townships_show_their_known_faults_by_code(shared_data: Path) -> None:
    found = check(read_grids(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "gcj02").records)
    assert sorted(item.codes[0] for item in found.of("invalid")) == ["331125003000", "331125202000"]
    assert len(found.of("overlap")) == 17
    assert found.area_m2("overlap") / 1e6 == pytest.approx(1.10, abs=0.005)
    assert len(found.of("gap")) == 51
    assert found.area_m2("gap") / 1e6 == pytest.approx(0.98, abs=0.005)
    largest = found.of("overlap")[0]
    assert largest.codes == ("331125001000", "331125002000")
    assert all(len(item.codes) >= 2 for item in found.of("gap"))


def test_the_repaired_townships_show_nothing(shared_data: Path) -> None:
    for name, crs in (("clean_wgs84", None), ("clean_gcj02", "gcj02")):
        assert check(read_grids(shared_data / f"geo/yunhe_townships_{name}.geojson", crs).records).items == ()


@pytest.mark.mesh
def test_a_fine_mesh_shows_its_invalid_shapes_and_no_overlap(shared_data: Path) -> None:
    found = check(raw_records(shared_data / "geo/mesh_villages_7701.geojson", "VILLCODE", "VILLNAME"))
    assert len(found.of("invalid")) == 7
    assert found.of("overlap") == ()
    assert found.grids == 7701


def test_areas_agree_with_the_ellipsoid(shared_data: Path) -> None:
    records = read_grids(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "gcj02").records
    by_code = {r.code: shapely.make_valid(shapely.from_wkb(r.wkb)) for r in records}
    for item in check(records).of("overlap"):
        common = by_code[item.codes[0]].intersection(by_code[item.codes[1]])
        parts = [part for part in shapely.get_parts(common) if part.geom_type == "Polygon"]
        geod = pyproj.Geod(ellps="WGS84")
        expected = sum(abs(geod.geometry_area_perimeter(part)[0]) for part in parts)
        assert item.area_m2 == pytest.approx(expected, rel=0.001)


def test_neighbours_that_share_an_edge_exactly_are_clean() -> None:
    grids = [square(f"33112500100100{n}", 119.5 + n % 3 * 0.01, 28 + n // 3 * 0.01) for n in range(9)]
    assert check(grids).items == ()


def test_a_corner_on_a_neighbours_long_edge_is_no_gap() -> None:
    long = square(A, 119.4, 28.0, 0.2)
    small = [square(B, 119.4, 28.2, 0.1), square(C, 119.5, 28.2, 0.1)]
    assert check([long, *small]).items == ()


def test_an_overlap_is_told_with_both_codes_its_area_and_a_place_in_it() -> None:
    (item,) = check([box(B, 0, 0, 500, 500), box(A, 480, 0, 900, 500)]).items
    assert (item.kind, item.codes, item.is_error) == ("overlap", (A, B), True)
    assert item.area_m2 == pytest.approx(10_000, rel=0.001)
    assert 119.5 + 480 * EAST_M < (item.lon or 0) < 119.5 + 500 * EAST_M


def test_a_grid_drawn_inside_another_is_an_overlap() -> None:
    (item,) = check([box(A, 0, 0, 500, 500), box(B, 100, 100, 200, 200)]).items
    assert item.kind == "overlap"
    assert item.area_m2 == pytest.approx(10_000, rel=0.001)


def test_a_hole_in_the_whole_is_told_with_the_grids_about_it() -> None:
    frame = [
        box(A, 0, 0, 300, 100),
        box(B, 0, 200, 300, 300),
        box(C, 0, 100, 100, 200),
        box(D, 200, 100, 300, 200),
    ]
    (item,) = check(frame).items
    assert (item.kind, item.is_error) == ("gap", False)
    assert item.codes == (A, B, C, D)
    assert item.area_m2 == pytest.approx(10_000, rel=0.001)


def test_an_enclave_filled_by_another_grid_is_no_gap() -> None:
    outer = shapely.box(119.5, 28.0, 119.6, 28.1) - shapely.box(119.54, 28.04, 119.56, 28.06)
    ring = GridRecord(A, "外", "grid", shapely.to_wkb(outer))
    assert check([ring, square(B, 119.54, 28.04, 0.02)]).items == ()
    (item,) = check([ring, square(B, 119.545, 28.045, 0.01)]).items
    assert item.kind == "gap"
    assert item.area_m2 == pytest.approx(0.0003 / (EAST_M * NORTH_M), rel=0.01)


def test_a_channel_between_neighbours_is_an_open_gap() -> None:
    (item,) = check([box(A, 0, 0, 500, 1000), box(B, 505, 0, 900, 1000)]).items
    assert (item.kind, item.codes, item.is_error) == ("open_gap", (A, B), False)
    assert item.area_m2 == pytest.approx(5_000, rel=0.01)


def test_a_road_between_neighbours_and_a_notch_of_one_grid_are_no_open_gap() -> None:
    assert check([box(A, 0, 0, 500, 1000), box(B, 540, 0, 900, 1000)]).items == ()
    notched = shapely.from_wkb(box(A, 0, 0, 500, 1000).wkb) - shapely.from_wkb(box(A, 250, 0, 255, 800).wkb)
    assert check([GridRecord(A, "", "grid", shapely.to_wkb(notched))]).items == ()


def test_how_wide_a_channel_may_be_can_be_moved() -> None:
    grids = [box(A, 0, 0, 500, 1000), box(B, 540, 0, 900, 1000)]
    assert kinds(check(grids, Thresholds(channel_m=50))) == ["open_gap"]


def test_what_is_below_the_threshold_is_not_told_and_the_threshold_can_be_moved() -> None:
    grids = [box(A, 0, 0, 500, 500), box(B, 499, 0, 900, 500)]
    assert check(grids).items == ()
    assert kinds(check(grids, Thresholds.of_area(400))) == ["overlap"]
    assert check(grids, Thresholds.of_area(600)).items == ()


def test_what_is_thinner_than_drawing_is_not_told_however_long() -> None:
    hair = [box(A, 0, 0, 500, 50_000), box(B, 499.95, 0, 900, 50_000)]
    assert check(hair).items == ()


def test_an_invalid_shape_is_told_with_its_reason_and_place_and_hides_nothing_else() -> None:
    bow = "POLYGON((119.5 28, 119.52 28.02, 119.52 28, 119.5 28.02, 119.5 28))"
    found = check([shape(A, bow), square(B, 119.5, 28.0, 0.02)])
    assert kinds(found) == ["invalid", "overlap"]
    first = found.items[0]
    assert "自相交" in first.reason
    assert first.lon == pytest.approx(119.51)
    assert first.lat == pytest.approx(28.01)


def test_empty_shapes_and_codes_given_twice_are_errors() -> None:
    found = check([shape(A, "POLYGON EMPTY"), square(B, 119.5, 28.0), square(B, 119.6, 28.0, name="别名")])
    assert kinds(found) == ["empty", "duplicate"]
    assert [item.codes for item in found.errors] == [(A,), (B,)]
    assert "别名" in found.items[1].reason


def test_a_set_without_grids_has_no_findings() -> None:
    assert check([]).items == ()


def test_the_plain_data_states_thresholds_and_totals() -> None:
    plain = json.loads(json.dumps(check([box(A, 0, 0, 500, 500), box(B, 480, 0, 900, 500)]).as_json()))
    assert plain["thresholds"]["overlap_m2"] == 1000
    assert plain["totals"]["overlap"] == {"count": 1, "area_m2": pytest.approx(10_000, rel=0.001)}
    assert plain["findings"][0]["codes"] == [A, B]
    assert (plain["errors"], plain["findings"][0]["level"]) == (1, "error")


def test_a_special_grid_in_its_base_grid_is_no_overlap_but_two_special_ones_are() -> None:
    base = square("331125001001001", 119.50, 28.0)
    school = replace(square("331125001001901", 119.502, 28.002, 0.002), special=True)
    market = replace(square("331125001001902", 119.503, 28.002, 0.002), special=True)
    assert check([base, school]).items == ()
    assert [item.codes for item in check([base, school, market]).of("overlap")] == [
        (school.code, market.code)
    ]


def row_of(*codes: str) -> list[GridRecord]:
    """Grids side by side, 100 m wide."""
    return [box(code, 100 * n, 0, 100 * (n + 1), 100) for n, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("codes", "lost", "of"),
    [
        ((A, "331126001001002", C, D), "331126001001002", "331125"),
        ((A, "331125002001002", C, D), "331125002001002", "331125001"),
        ((A, B, "331125002001001", "331125002001002"), None, ""),  # a border is no slip
        ((A, "331126001001002"), None, ""),  # of one neighbour nobody knows which is lost
        ((A, "331125001002001", C, D), None, ""),  # villages lie as they lie
    ],
)
def test_a_code_of_another_division_than_all_around_it_is_told(
    codes: tuple[str, ...], lost: str | None, of: str
) -> None:
    found = check(row_of(*codes))
    assert [item.codes for item in found.of("misplaced")] == ([(lost,)] if lost else [])
    assert all(of in item.reason and item.lon and item.lat for item in found.of("misplaced"))
    assert not found.errors, "it may be an enclave"


def test_a_special_grid_lies_where_it_lies() -> None:
    school = box("331126001001901", 20, 20, 60, 60)
    assert check([*row_of(A, B, C), school]).of("misplaced") == ()


def test_a_micro_grid_without_its_grid_is_an_orphan() -> None:
    grid = square("331125001001001", 119.50, 28.0)
    own = square("33112500100100101", 119.51, 28.0)
    lost = square("33112500100100201", 119.52, 28.0)
    found = check([grid, own, lost])
    assert [item.codes for item in found.of("orphan")] == [(lost.code,)]
    assert "331125001001002" in found.of("orphan")[0].reason
    assert found.errors == found.of("orphan")
    assert check([own, lost]).of("orphan") == ()


def test_a_part_too_thin_to_stand_in_is_a_sliver_and_only_a_warning() -> None:
    thin = shapely.box(119.60, 28.0, 119.60 + 0.5 / 98_363, 28.01)
    shape = shapely.MultiPolygon([shapely.box(119.5, 28.0, 119.51, 28.01), thin])
    found = check([GridRecord("331125001001001", "碎片", "grid", shapely.to_wkb(shape))])
    (sliver,) = found.of("sliver")
    assert sliver.lon == pytest.approx(119.60, abs=1e-4)
    assert found.errors == ()
    wide = check([square("331125001001001", 119.5, 28.0, 2 / 98_363)])
    assert wide.of("sliver") == ()


def test_each_fault_is_stored_with_its_own_shape_and_a_fault_of_a_whole_grid_with_none() -> None:
    bow = shape(D, "POLYGON((119.6 28, 119.61 28.01, 119.61 28, 119.6 28.01, 119.6 28))")
    grids = [
        box(A, 0, 0, 500, 500),
        box(B, 480, 0, 900, 500),
        box("33112500100900101", 0, 900, 300, 1200),
        bow,
    ]
    stored = json.loads(json.dumps(check(grids).as_json()))["findings"]
    shapes = {one["kind"]: one["geometry"] for one in stored}
    assert shapes["orphan"] is None
    assert shapes["invalid"] == {"type": "Point", "coordinates": [119.605, 28.005]}
    overlap = shapely.geometry.shape(shapes["overlap"])
    common = shapely.box(119.5 + 480 * EAST_M, 28, 119.5 + 500 * EAST_M, 28 + 500 * NORTH_M)
    assert overlap.geom_type == "MultiPolygon"
    assert overlap.symmetric_difference(common).area < 1e-9
