"""Grids as counties really deliver them: their columns, codes and coordinate systems, and what is refused."""

import json
from pathlib import Path

import pytest
import shapely

from geo.offset import wgs_to_gcj
from geo.source import read_grids
from gridward.domain.errors import Refused
from tests.geo.helpers import bounds

CODE = "331125001001001"
RING = [(119.50, 28.10), (119.51, 28.10), (119.51, 28.11), (119.50, 28.11), (119.50, 28.10)]
COLLECTION = '{{"type":"FeatureCollection","features":[{}]}}'


def geojson(
    folder: Path,
    properties: dict[str, object],
    *,
    ring: object = RING,
    crs: str | None = None,
    encoding: str = "utf-8",
    name: str = "grids.geojson",
) -> Path:
    document: dict[str, object] = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": None if ring is None else {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }
    if crs:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    path = folder / name
    path.write_bytes(json.dumps(document, ensure_ascii=False).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_geojson_is_read_with_and_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    path = geojson(tmp_path, {"code": CODE, "name": "新华第一网格", "level": "grid"}, encoding=encoding)
    (record,) = read_grids(path, "wgs84").records
    assert (record.code, record.name, record.level, record.special) == (CODE, "新华第一网格", "grid", False)
    assert bounds(record.wkb) == pytest.approx((119.50, 28.10, 119.51, 28.11), abs=1e-12)


@pytest.mark.parametrize(
    "column", ["code", "CODE", "WGDM", "wgbm", "网格编码", "grid_code", "GridCode", " Code "]
)
def test_a_code_is_found_under_the_names_that_counties_use(tmp_path: Path, column: str) -> None:
    assert read_grids(geojson(tmp_path, {"OBJECTID": 1, column: CODE}), "wgs84").records[0].code == CODE


@pytest.mark.parametrize("column", ["name", "MC", "WGMC", "网格名称", "名称"])
def test_a_name_is_found_under_the_names_that_counties_use(tmp_path: Path, column: str) -> None:
    path = geojson(tmp_path, {"code": CODE, column: " 新华 "})
    assert read_grids(path, "wgs84").records[0].name == "新华"


def test_a_file_without_a_column_of_codes_is_refused_with_the_columns_it_has(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="OBJECTID, 负责人"):
        read_grids(geojson(tmp_path, {"OBJECTID": 1, "负责人": "x"}), "wgs84")


@pytest.mark.parametrize(
    "given", [CODE, int(CODE), "３３１１２５００１００１００１", f" {CODE} ", f"{CODE}.000"]
)
def test_a_code_keeps_every_digit_as_text(tmp_path: Path, given: object) -> None:
    assert read_grids(geojson(tmp_path, {"code": given}), "wgs84").records[0].code == CODE


@pytest.mark.parametrize(
    "given",
    [3.31125e11, "3.31125e+11", "33112500100", "3" * 21, "33112500100A", "", None, True, "331125001001001.5"],
)
def test_a_code_that_lost_digits_or_is_none_is_refused_by_feature(tmp_path: Path, given: object) -> None:
    with pytest.raises(Refused, match="feature 1 新华"):
        read_grids(geojson(tmp_path, {"code": given, "name": "新华"}), "wgs84")


def test_long_numeric_codes_that_went_through_a_double_are_refused(tmp_path: Path) -> None:
    exact, rounded = 33112500100100101, int(float(33112500100100101))
    assert read_grids(geojson(tmp_path, {"code": exact}), "wgs84").records[0].code == str(exact)
    with pytest.raises(Refused, match="rounded"):
        read_grids(geojson(tmp_path, {"code": rounded}), "wgs84")


def test_a_special_grid_is_known_by_its_word_or_its_number(tmp_path: Path) -> None:
    def special(properties: dict[str, object]) -> bool:
        return read_grids(geojson(tmp_path, properties), "wgs84").records[0].special

    assert special({"code": CODE, "网格类型": "专属网格"})
    assert special({"code": "331125001001901"})
    assert special({"code": "33112500100195001"})
    assert not special({"code": "331125001001901", "网格类型": "基础网格"})
    assert not special({"code": "331125901000"})


def test_the_option_stands_above_the_file_and_the_file_above_the_default(tmp_path: Path) -> None:
    shifted = [wgs_to_gcj(*corner) for corner in RING]
    declared = geojson(tmp_path, {"code": CODE, "crs": "GCJ-02"}, ring=shifted)
    assert bounds(read_grids(declared).records[0].wkb) == pytest.approx(
        (119.50, 28.10, 119.51, 28.11), abs=1e-4
    )
    assert read_grids(declared, "wgs84").crs == "WGS 84"
    member = geojson(tmp_path, {"code": CODE}, crs="urn:ogc:def:crs:EPSG::4490")
    assert read_grids(member).crs.startswith("EPSG:4490")


def test_silence_about_the_system_is_warned_of(tmp_path: Path) -> None:
    silent = read_grids(geojson(tmp_path, {"code": CODE}))
    assert silent.crs == "WGS 84"
    assert "taken as WGS 84" in silent.warnings[0]
    named = read_grids(geojson(tmp_path, {"code": CODE}, name="raw_gcj02.geojson"))
    assert "--crs gcj02" in named.warnings[0]


def test_two_declared_systems_are_refused(tmp_path: Path) -> None:
    path = geojson(tmp_path, {"code": CODE, "crs": "GCJ-02"}, crs="EPSG:4490")
    with pytest.raises(Refused, match="several systems"):
        read_grids(path)
    assert read_grids(path, "gcj02").crs == "GCJ-02"


def test_metres_read_as_degrees_are_refused(tmp_path: Path) -> None:
    ring = [(450_000.0, 3.1e6), (451_000.0, 3.1e6), (451_000.0, 3.2e6), (450_000.0, 3.1e6)]
    with pytest.raises(Refused, match="check --crs"):
        read_grids(geojson(tmp_path, {"code": CODE}, ring=ring))
    with pytest.raises(Refused, match="check --crs"):
        read_grids(geojson(tmp_path, {"code": CODE}), "epsg:4528")


def test_a_place_outside_china_is_warned_of(tmp_path: Path) -> None:
    ring = [(2.0, 48.0), (2.1, 48.0), (2.1, 48.1), (2.0, 48.0)]
    assert "outside China" in read_grids(geojson(tmp_path, {"code": CODE}, ring=ring), "wgs84").warnings[0]


def test_a_feature_without_geometry_is_kept_for_the_check_to_find(tmp_path: Path) -> None:
    (record,) = read_grids(geojson(tmp_path, {"code": CODE}, ring=None), "wgs84").records
    assert shapely.from_wkb(record.wkb).is_empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "FeatureCollection"),
        ('{"type":"FeatureCollection"}', "list of features"),
        (COLLECTION.format(""), "no features"),
        (COLLECTION.format("1"), "feature 1: .*not a feature"),
        (COLLECTION.format('{"properties":[1]}'), "not an object"),
        (COLLECTION.format('{"geometry":{"type":"Point","coordinates":[1,2]}}'), "got Point"),
        (COLLECTION.format('{"geometry":{"type":"Polygon","coordinates":[[[1,2]]]}}'), "feature 1"),
        (COLLECTION.format('{"geometry":{"type":"Polygon","coordinates":"x"}}'), "feature 1"),
        (COLLECTION.format('{"geometry":{"type":"Polygon"}}'), "feature 1"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text(content)
    with pytest.raises(Refused, match=said):
        read_grids(path)


def test_another_kind_of_file_or_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "grids.kml").write_text("<kml/>")
    for name in ("grids.kml", "absent.geojson"):
        with pytest.raises(Refused, match="geojson"):
            read_grids(tmp_path / name)


def test_the_shared_townships_are_read(shared_data: Path) -> None:
    clean = read_grids(shared_data / "geo/yunhe_townships_clean_wgs84.geojson")
    raw = read_grids(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "gcj02")
    assert (clean.crs, clean.warnings, len(clean.records)) == ("WGS 84", (), 10)
    assert [record.code for record in raw.records] == [record.code for record in clean.records]
    for one, other in zip(raw.records, clean.records, strict=True):
        a, b = shapely.make_valid(shapely.from_wkb(one.wkb)), shapely.from_wkb(other.wkb)
        assert a.intersection(b).area / b.area > 0.98
