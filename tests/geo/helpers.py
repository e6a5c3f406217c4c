"""Readers of shared vectors, and grids small enough to see by eye."""

import csv
import json
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from gridward.domain.place import GridRecord


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(table: list[dict[str, str]], name: str) -> NDArray[np.float64]:
    return np.array([float(row[name]) for row in table])


def raw_records(path: Path, code_field: str, name_field: str) -> list[GridRecord]:
    """Polygons exactly as the file has them: no conversion, codes of any length."""
    features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
    return [
        GridRecord(
            feature["properties"][code_field],
            feature["properties"][name_field],
            "village",
            shapely.to_wkb(shapely.geometry.shape(feature["geometry"])),
        )
        for feature in features
    ]


def square(code: str, west: float, south: float, side: float = 0.01, name: str = "") -> GridRecord:
    """A grid with four corners, `side` degrees each way."""
    box = shapely.box(west, south, west + side, south + side)
    return GridRecord(code, name or f"网格{code[-3:]}", "grid", shapely.to_wkb(box))


def bounds(wkb: bytes) -> tuple[float, ...]:
    """West, south, east, north of a stored shape, in degrees."""
    return tuple(shapely.bounds(shapely.from_wkb(wkb)).tolist())
