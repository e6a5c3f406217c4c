"""What a reader of any file format hands on: shapes with their properties, still in the file's own coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class Feature:
    """One shape of the file; `label` names it in messages, `shape` is empty when the file has none."""

    label: str
    properties: Mapping[str, object]
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Features:
    """All shapes of a file, and the coordinate systems that it declares itself: names, or WKT from a .prj."""

    items: tuple[Feature, ...]
    # Of every byte that was read, so that the stored set can be traced to its file.
    sha256: str
    declared_crs: tuple[str, ...] = ()
    declared_wkt: str | None = None
