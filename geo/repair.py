"""Makes dirty records fit to publish when a person accepts the findings, and says what it did to each."""

from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from gridward.domain.errors import Refused
from gridward.domain.place import GridRecord


def polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """The valid polygonal part of a shape: the shape itself when it is valid, otherwise made so."""
    if shape.is_valid:
        return shape
    parts = shapely.get_parts(shapely.make_valid(shape))
    return shapely.union_all([part for part in parts if part.geom_type in ("Polygon", "MultiPolygon")])


def repair(records: Sequence[GridRecord]) -> tuple[list[GridRecord], list[str]]:
    """Records with valid shapes and unique codes, and one sentence for each change.

    Invalid shapes are made valid; parts that share code and name become one grid; grids without a shape are left
    out. Raises Refused for one code under two names: which of them is meant, nobody can guess.
    """
    said: list[str] = []
    by_code: dict[str, list[GridRecord]] = {}
    for record in records:
        mended = _mended(record, said)
        if mended is not None:
            by_code.setdefault(record.code, []).append(mended)
    return [_as_one(same, said) for same in by_code.values()], said


def _mended(record: GridRecord, said: list[str]) -> GridRecord | None:
    shape = shapely.from_wkb(record.wkb)
    valid = polygons_of(shape)
    if valid.is_empty:
        said.append(f"{record.code} {record.name}: 无图形, 未导入; has no shape, left out")
        return None
    if valid is shape:
        return record
    said.append(f"{record.code} {record.name}: 图形已修复; invalid shape repaired")
    return replace(record, wkb=shapely.to_wkb(valid))


def _as_one(same: Sequence[GridRecord], said: list[str]) -> GridRecord:
    first = same[0]
    if len(same) == 1:
        return first
    names = sorted({record.name for record in same})
    if len(names) > 1:
        raise Refused(f"{first.code}: 同一编码有多个名称 ({', '.join(names)}); one code under several names")
    said.append(f"{first.code} {first.name}: {len(same)} 个图形合并为一个网格; parts joined into one grid")
    whole = shapely.union_all(shapely.from_wkb([record.wkb for record in same]))
    return replace(first, wkb=shapely.to_wkb(whole))
