"""Reads a GeoJSON FeatureCollection of polygons, with or without a byte order mark."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from geo.features import Feature, Features
from gridward.domain.errors import Refused


def read_geojson(path: Path) -> Features:
    """Polygons and properties of `path`, and the `crs` it declares (member, or a property of every feature).

    Raises Refused, naming the feature, when it is not JSON, not a FeatureCollection, or not of polygons.
    """
    raw = path.read_bytes()
    document = _document(raw, path.name)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Refused(f"{path.name}: 不是要素集合, not a GeoJSON FeatureCollection")
    listed = document.get("features")
    if not isinstance(listed, list):
        raise Refused(f"{path.name}: 缺少 features, has no list of features")
    items = tuple(_feature(number, one) for number, one in enumerate(listed, start=1))
    return Features(items, hashlib.sha256(raw).hexdigest(), declared_crs=_declared(document, items))


def _document(raw: bytes, name: str) -> object:
    try:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("gb18030")
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name}: 不是有效的 JSON, not valid JSON ({error})") from error


def _feature(number: int, one: object) -> Feature:
    label = f"第 {number} 个要素 feature {number}"
    if not isinstance(one, dict):
        raise Refused(f"{label}: 不是要素, not a feature")
    properties = one.get("properties") or {}
    if not isinstance(properties, dict):
        raise Refused(f"{label}: properties 不是对象, properties is not an object")
    return Feature(label, properties, _shape(label, one.get("geometry")))


def _shape(label: str, geometry: object) -> BaseGeometry:
    if geometry is None:
        return shapely.Polygon()
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise Refused(f"{label}: 应为面, got {kind}; expected Polygon or MultiPolygon")
    try:
        return shapely.geometry.shape(cast("dict[str, object]", geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError) as error:
        raise Refused(f"{label}: 坐标无法读取, its coordinates cannot be read ({error})") from error


def _declared(document: Mapping[str, object], items: tuple[Feature, ...]) -> tuple[str, ...]:
    names = {str(value) for item in items if (value := item.properties.get("crs"))}
    member = document.get("crs")
    if isinstance(member, dict) and isinstance(member.get("properties"), dict):
        names.add(str(member["properties"].get("name", "")))
    return tuple(sorted(names - {""}))
