"""Two other ways to find a place's polygon, for comparison: PostGIS, and an index of H3 cells (六边形网格)."""

from collections import defaultdict
from collections.abc import Sequence

import asyncpg
import h3
import numpy as np
import shapely
from numpy.typing import NDArray

from gridward.clock import SystemClock
from gridward.domain.place import GridRecord
from gridward.store.boundaries import boundary_transaction, store_boundary_set

Floats = NDArray[np.float64]
# Cells of about 0.1 km2, a fraction of a village.
RESOLUTION = 9

WHICH = """
SELECT p.at, g.code FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS p(lon, lat, at)
JOIN grids g ON g.boundary_version = $3 AND ST_Intersects(g.geom, ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326))
"""


class PostGis:
    """The mesh as a stored boundary set, asked through its GiST index over one connection."""

    def __init__(self, conn: asyncpg.Connection, version: int) -> None:
        self.conn, self.version = conn, version

    @classmethod
    async def of(cls, database_url: str, records: Sequence[GridRecord]) -> "PostGis":
        async with boundary_transaction(database_url) as conn:
            version = await store_boundary_set(
                conn,
                records,
                name="bench",
                source_file="mesh",
                crs="WGS 84",
                sha256="",
                findings={},
                at=SystemClock().now(),
            )
        own = await asyncpg.connect(database_url)
        await own.execute("ANALYZE grids")
        return cls(own, version)

    async def locate(self, lon: Sequence[float], lat: Sequence[float]) -> set[tuple[int, str]]:
        """Pairs (position, code) of each place with the polygons that hold it."""
        rows = await self.conn.fetch(WHICH, lon, lat, self.version)
        return {(row[0] - 1, row[1]) for row in rows}

    async def close(self) -> None:
        """Leaves no trace of the mesh."""
        await self.conn.execute("DELETE FROM boundary_sets WHERE version = $1", self.version)
        await self.conn.close()


class H3Index:
    """Cells wholly in one polygon answer by themselves; the others name the polygons to ask exactly."""

    def __init__(self, records: Sequence[GridRecord]) -> None:
        self.codes = [one.code for one in records]
        self.shapes = shapely.from_wkb([one.wkb for one in records])
        self.about: dict[str, list[int]] = defaultdict(list)
        self.within: dict[str, int] = {}
        shapely.prepare(self.shapes)
        for at, shape in enumerate(self.shapes):
            outline = h3.geo_to_h3shape(shape)
            for cell in h3.h3shape_to_cells_experimental(outline, RESOLUTION, contain="overlap"):
                self.about[cell].append(at)
            for cell in h3.h3shape_to_cells_experimental(outline, RESOLUTION, contain="full"):
                self.within[cell] = at

    def locate(self, lon: Sequence[float], lat: Sequence[float]) -> list[str | None]:
        """The first polygon that holds each place."""
        return [self._one(x, y) for x, y in zip(lon, lat, strict=True)]

    def _one(self, lon: float, lat: float) -> str | None:
        cell = h3.latlng_to_cell(lat, lon, RESOLUTION)
        inside = self.within.get(cell)
        # A cell wholly in one polygon and touched by no other one needs no look at the shapes.
        candidates = self.about.get(cell, [])
        if inside is not None and len(candidates) == 1:
            return self.codes[inside]
        for at in candidates:
            if shapely.intersects_xy(self.shapes[at], lon, lat):
                return self.codes[at]
        return None
