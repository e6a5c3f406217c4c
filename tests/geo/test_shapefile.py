"""Shapefiles as mapping offices write them: encodings, cut names, numeric codes, projections, zips."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import shapefile

from geo.source import read_grids
from gridward.domain.errors import Refused
from tests.geo.helpers import bounds

CODE = "331125001001001"
RING = [(119.50, 28.10), (119.51, 28.10), (119.51, 28.11), (119.50, 28.11), (119.50, 28.10)]
GK_PRJ = (
    'PROJCS["CGCS2000_3_Degree_GK_Zone_40",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",40500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def shape_file(
    folder: Path,
    fields: Sequence[tuple[str, str, int, int]],
    row: Sequence[object],
    *,
    encoding: str = "utf-8",
    cpg: str | None = None,
    prj: str | None = None,
    ring: Sequence[tuple[float, float]] = RING,
) -> Path:
    """A shapefile as pyshp writes it, with only those side files that are asked for."""
    path = folder / "grids.shp"
    shp, shx, dbf = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with shapefile.Writer(shp=shp, shx=shx, dbf=dbf, encoding=encoding) as writer:
        for field in fields:
            writer.field(*field)
        writer.poly([list(ring)[::-1]])
        writer.record(*row)
    for suffix, stream in ((".shp", shp), (".shx", shx), (".dbf", dbf)):
        path.with_suffix(suffix).write_bytes(stream.getvalue())
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    if prj is not None:
        path.with_suffix(".prj").write_text(prj)
    return path


TEXT_FIELDS = [("WGDM", "C", 20, 0), ("WGMC", "C", 40, 0), ("CJ", "C", 10, 0)]
TEXT_ROW = [CODE, "浮云街道新华社区第一网格", "网格"]


@pytest.mark.parametrize(
    ("encoding", "cpg"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8", None),
        ("gbk", "GBK"),
        ("gbk", "936"),
        ("gbk", None),
        ("gbk", "ISO-8859-1"),
        ("gbk", "UTF-8"),
        ("gbk", ""),
    ],
)
def test_attributes_are_read_in_either_encoding_whatever_is_declared(
    tmp_path: Path, encoding: str, cpg: str | None
) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW, encoding=encoding, cpg=cpg)
    (record,) = read_grids(path, "wgs84").records
    assert (record.code, record.name, record.level) == (CODE, TEXT_ROW[1], "网格")
    assert bounds(record.wkb) == pytest.approx((119.50, 28.10, 119.51, 28.11), abs=1e-12)


def test_chinese_column_names_survive_gbk(tmp_path: Path) -> None:
    fields = [("网格编码", "C", 20, 0), ("网格名称", "C", 40, 0)]
    record = read_grids(shape_file(tmp_path, fields, TEXT_ROW[:2], encoding="gbk"), "wgs84").records[0]
    assert (record.code, record.name) == (CODE, TEXT_ROW[1])


def test_chinese_column_names_cut_at_ten_bytes_of_utf_8_are_known(tmp_path: Path) -> None:
    path = shape_file(tmp_path, [("网格编", "C", 20, 0), ("网格名", "C", 40, 0)], TEXT_ROW[:2])
    dbf = path.with_suffix(".dbf")
    # Other writers cut 网格编码 in the middle of its last character.
    cut = "网格编码".encode()[:10]
    dbf.write_bytes(dbf.read_bytes().replace("网格编".encode() + b"\0", cut))
    record = read_grids(path, "wgs84").records[0]
    assert (record.code, record.name) == (CODE, TEXT_ROW[1])


def test_a_name_cut_in_the_middle_of_a_character_keeps_the_rest(tmp_path: Path) -> None:
    path = shape_file(
        tmp_path, [("CODE", "C", 20, 0), ("NAME", "C", 30, 0)], [CODE, "浮云街道"], encoding="utf-8"
    )
    dbf = path.with_suffix(".dbf")
    whole = "浮云街道".encode()
    dbf.write_bytes(dbf.read_bytes().replace(whole, whole[:-1] + b"\0"))
    assert read_grids(path, "wgs84").records[0].name == "浮云街"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (("WGDM", "N", 20, 0), int(CODE)),
        (("WGDM", "N", 19, 3), float(CODE)),
        (("WGDM", "N", 20, 0), 33112500100100101),
    ],
)
def test_a_numeric_column_that_lost_nothing_is_a_code(
    tmp_path: Path, field: tuple[str, str, int, int], value: float
) -> None:
    path = shape_file(tmp_path, [field, TEXT_FIELDS[1]], [value, "新华"])
    assert read_grids(path, "wgs84").records[0].code == str(int(value))


def test_a_numeric_column_in_exponent_form_is_refused_by_feature(tmp_path: Path) -> None:
    path = shape_file(tmp_path, [("WGDM", "N", 12, 0), TEXT_FIELDS[1]], [331125001000, "新华"])
    dbf = path.with_suffix(".dbf")
    dbf.write_bytes(dbf.read_bytes().replace(b"331125001000", b"3.311250e+11"))
    with pytest.raises(Refused, match=r"feature 1 新华.*3\.311250e\+11"):
        read_grids(path)


def test_a_projection_file_is_believed(tmp_path: Path) -> None:
    ring = [
        (40_450_000.0, 3_110_000.0),
        (40_451_000.0, 3_110_000.0),
        (40_451_000.0, 3_111_000.0),
        (40_450_000.0, 3_110_000.0),
    ]
    source = read_grids(shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW, prj=GK_PRJ, ring=ring))
    assert source.crs.startswith("EPSG:4528")
    assert source.warnings == ()
    west, south, _, _ = bounds(source.records[0].wkb)
    # 50 km west of the central meridian 120 E at 28.1 N.
    assert west == pytest.approx(119.4915, abs=1e-3)
    assert south == pytest.approx(28.103, abs=2e-3)


def test_a_zipped_shapefile_is_read_like_its_parts(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW, encoding="gbk", prj=GK_PRJ)
    zipped = tmp_path / "网格.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for part in tmp_path.glob("grids.*"):
            archive.write(part, f"data/{part.name}")
            archive.writestr(f"__MACOSX/data/._{part.name}", b"shadow")
    assert read_grids(zipped, "wgs84").records == read_grids(path, "wgs84").records


def test_a_shapefile_without_its_table_is_refused(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    path.with_suffix(".dbf").unlink()
    with pytest.raises(Refused, match=r"\.dbf"):
        read_grids(path)


def test_a_table_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    dbf = path.with_suffix(".dbf")
    for length in (10, 60, len(dbf.read_bytes()) - 20):
        dbf.write_bytes(dbf.read_bytes()[:length])
        with pytest.raises(Refused, match="cut off"):
            read_grids(path)


def test_a_zip_with_two_layers_or_none_or_no_zip_at_all_is_refused(tmp_path: Path) -> None:
    zipped = tmp_path / "grids.zip"
    for names in (("a.shp", "b.shp"), ("a.dbf",)):
        with zipfile.ZipFile(zipped, "w") as archive:
            for name in names:
                archive.writestr(name, b"")
        with pytest.raises(Refused, match="exactly one"):
            read_grids(zipped)
    zipped.write_bytes(b"PK no more")
    with pytest.raises(Refused, match="readable zip"):
        read_grids(zipped)


def test_a_shape_file_that_is_broken_is_refused(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    whole = path.read_bytes()
    for broken in (b"", whole[:90], whole[:120]):
        path.write_bytes(broken)
        with pytest.raises(Refused):
            read_grids(path, "wgs84")


def test_a_layer_of_points_is_refused(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    points = io.BytesIO()
    with shapefile.Writer(shp=points, shx=io.BytesIO(), dbf=io.BytesIO()) as writer:
        writer.field("CODE", "C")
        writer.point(119.5, 28.1)
        writer.record(CODE)
    path.write_bytes(points.getvalue())
    with pytest.raises(Refused, match="not a layer of polygons"):
        read_grids(path, "wgs84")


def test_a_table_with_more_rows_than_shapes_is_refused(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    header, width = int.from_bytes(table[8:10], "little"), int.from_bytes(table[10:12], "little")
    row = table[header : header + width]
    table[4:8] = (2).to_bytes(4, "little")
    path.with_suffix(".dbf").write_bytes(bytes(table[:header] + row + row))
    with pytest.raises(Refused, match="1 shapes, 2 rows"):
        read_grids(path, "wgs84")


def test_a_row_marked_as_deleted_is_left_out_with_its_shape(tmp_path: Path) -> None:
    path = shape_file(tmp_path, TEXT_FIELDS, TEXT_ROW)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[int.from_bytes(table[8:10], "little")] = ord("*")
    path.with_suffix(".dbf").write_bytes(bytes(table))
    with pytest.raises(Refused, match="no features"):
        read_grids(path, "wgs84")
