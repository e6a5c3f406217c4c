"""Reads a county's grids from GeoJSON or Shapefile into records in WGS 84."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.country import in_china
from geo.crs import SHIFTED, Crs, crs_named, crs_of_wkt
from geo.features import Feature, Features
from geo.fields import (
    CODE_NAMES,
    LEVEL_NAMES,
    NAME_NAMES,
    SPECIAL_NAMES,
    code_of,
    column_named,
    is_special,
    naming_column,
    refuse_rounded,
    text_of,
)
from geo.geojson_reader import read_geojson
from geo.shapefile_reader import read_shapefile
from gridward.domain.errors import Refused
from gridward.domain.place import GridRecord

READERS = {".geojson": read_geojson, ".json": read_geojson, ".shp": read_shapefile, ".zip": read_shapefile}


@dataclass(frozen=True, slots=True)
class Source:
    """What a file held: its grids in WGS 84, the system it was read as, and what a person should know of it."""

    records: tuple[GridRecord, ...]
    crs: str
    warnings: tuple[str, ...]
    sha256: str


def read_grids(
    path: Path, crs: str | None = None, *, undeclared: str = "wgs84", any_code: bool = False
) -> Source:
    """Read every grid of a .geojson, .shp or zipped shapefile.

    `crs` (wgs84, gcj02, bd09 or epsg:NNNN) stands above what the file declares; with neither it is taken as
    `undeclared` and a warning says so. `any_code` takes codes that no county would be given, in any column that
    tells the features apart: for looking places up, not for publishing. Raises Refused, naming the feature, for what
    cannot be read.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None or not path.is_file():
        raise Refused(f"{path}: 请提供存在的 .geojson, .shp 或 .zip 文件; not a .geojson, .shp or .zip file")
    features = reader(path)
    if not features.items:
        raise Refused(f"{path.name}: 没有要素, the file has no features")
    system, warnings = _system(features, crs, path.name, SHIFTED[undeclared])
    shapes = _in_wgs84(features.items, system)
    if not _mostly_in_china(shapes):
        warnings.append("坐标不在中国境内, 请核对坐标系; the coordinates lie outside China, check --crs")
    records = _records(features.items, shapes, any_code)
    return Source(tuple(records), system.name, tuple(warnings), features.sha256)


def _system(features: Features, option: str | None, file_name: str, undeclared: Crs) -> tuple[Crs, list[str]]:
    if option:
        return crs_named(option), []
    if features.declared_wkt:
        return crs_of_wkt(features.declared_wkt), []
    declared = {crs.name: crs for crs in map(crs_named, features.declared_crs)}
    if len(declared) > 1:
        raise Refused(
            f"文件声明了不同的坐标系, 请用 --crs 指明; it declares several systems: {', '.join(declared)}"
        )
    if declared:
        return next(iter(declared.values())), []
    hint = next((name for name in ("gcj02", "bd09") if name in file_name.lower().replace("-", "")), None)
    advice = f"文件名像是 {hint}, 若是请加 --crs {hint}; the name suggests --crs {hint}. "
    taken = undeclared.name
    unsure = f"文件未声明坐标系, 按 {taken} 处理; no coordinate system declared, taken as {taken}. "
    is_doubtful = hint is not None and SHIFTED[hint] is not undeclared
    return undeclared, [(unsure + (advice if is_doubtful else "")).strip()]


def _in_wgs84(features: Sequence[Feature], system: Crs) -> list[BaseGeometry]:
    def convert(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(system.to_wgs84(xy[:, 0], xy[:, 1]))

    return [_checked(one.label, shapely.transform(shapely.force_2d(one.shape), convert)) for one in features]


def _checked(label: str, shape: BaseGeometry) -> BaseGeometry:
    xy = shapely.get_coordinates(shape)
    if not (np.isfinite(xy).all() and (np.abs(xy) <= (180.0, 90.0)).all()):
        raise Refused(f"{label}: 换算后不是经纬度, 请核对 --crs; not degrees after conversion, check --crs")
    return shape


def _mostly_in_china(shapes: Sequence[BaseGeometry]) -> bool:
    xy = shapely.get_coordinates(shapes)
    return len(xy) == 0 or bool(in_china(xy[:, 0], xy[:, 1]).mean() > 0.5)


def _records(features: Sequence[Feature], shapes: Sequence[BaseGeometry], any_code: bool) -> list[GridRecord]:
    columns = list(dict.fromkeys(name for one in features for name in one.properties))
    code_column = column_named(columns, CODE_NAMES)
    if code_column is None and any_code:
        code_column = naming_column([one.properties for one in features])
    if code_column is None:
        raise Refused(f"找不到网格编码列 no column of grid codes among: {', '.join(columns)[:300]}")
    name_column, level_column, kind_column = (
        column_named(columns, known) for known in (NAME_NAMES, LEVEL_NAMES, SPECIAL_NAMES)
    )
    if not any_code:
        refuse_rounded(value for one in features if isinstance(value := one.properties.get(code_column), int))
    records = []
    for one, shape in zip(features, shapes, strict=True):
        label = f"{one.label} {text_of(one.properties, name_column, '')}".strip()
        given = one.properties.get(code_column)
        code = text_of(one.properties, code_column, label) if any_code else code_of(given, label)
        records.append(
            GridRecord(
                code=code,
                name=text_of(one.properties, name_column, code),
                level=text_of(one.properties, level_column, "grid"),
                wkb=shapely.to_wkb(shape),
                special=is_special(one.properties, kind_column, code),
            )
        )
    return records
