"""A mesh of 7,701 village-sized polygons to look places up in, and places of several kinds in it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.repair import repair
from geo.source import read_grids
from gridward.domain.place import GridRecord
from gridward.settings import Settings

VILLAGES = "geo/mesh_villages_7701.geojson"
POLYGONS = 7_701
# Of the invented mesh: degrees on a side, between the points of an edge, and of each edge's bends.
SIDE, STEP, BEND = 2.0, 0.0008, 0.0004
BORDER_M = 5.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Mesh:
    name: str
    records: tuple[GridRecord, ...]

    @property
    def vertices(self) -> int:
        return int(shapely.get_num_coordinates(shapely.from_wkb([one.wkb for one in self.records])).sum())


def mesh() -> Mesh:
    """The real villages where the shared data lies at hand, else an invented mesh of as many polygons."""
    path = Settings().shared_data / VILLAGES
    if path.is_file():
        records, _ = repair(read_grids(path, "wgs84", any_code=True).records)
        return Mesh("real villages", tuple(records))
    return Mesh("invented", invented())


def invented() -> tuple[GridRecord, ...]:
    """Cells about random points, with winding edges that neighbours share."""
    points = np.random.default_rng(1).uniform((119.0, 27.0), (119.0 + SIDE, 27.0 + SIDE), (POLYGONS, 2))
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(119, 27, 121, 29))
    )
    bent = shapely.transform(shapely.segmentize(cells, STEP), _bent)
    return tuple(
        GridRecord(f"{331125000000000 + n}", f"{n}", "village", shapely.to_wkb(shapely.make_valid(shape)))
        for n, shape in enumerate(bent)
    )


def _bent(xy: Floats) -> Floats:
    # A function of the place alone, so that both sides of an edge bend alike.
    return np.asarray(xy + BEND * np.sin(xy[:, ::-1] * 2_000.0), dtype=np.float64)


def anywhere(records: tuple[GridRecord, ...], count: int, seed: int) -> tuple[Floats, Floats]:
    """Places (longitudes, latitudes) within the boxes of random polygons; most lie in some polygon."""
    rng = np.random.default_rng(seed)
    boxes = shapely.bounds(shapely.from_wkb([one.wkb for one in records]))
    west, south, east, north = boxes[rng.integers(len(boxes), size=count)].T
    return rng.uniform(west, east), rng.uniform(south, north)


def at_borders(records: tuple[GridRecord, ...], count: int, seed: int) -> tuple[Floats, Floats]:
    """Places within a few metres of a polygon's corner."""
    rng = np.random.default_rng(seed)
    corners = shapely.get_coordinates(shapely.from_wkb([one.wkb for one in records]))
    chosen = corners[rng.integers(len(corners), size=count)]
    moved = chosen + rng.uniform(-BORDER_M, BORDER_M, (count, 2)) / 111_000
    return moved[:, 0], moved[:, 1]
