"""Metres near a grid: its geometry scaled by the length of a degree at its own latitude.

A plane that is true at the grid's middle errs by tan(latitude) times half its height: 0.02 % for a village, 0.2 %
for a county 40 km high. That is far below any phone's accuracy, and costs two multiplications for a point.
"""

from functools import partial
from typing import cast

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.repair import polygons_of

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Shapes = NDArray[np.object_]


def degree_lengths(lat: Floats) -> tuple[Floats, Floats]:
    """Metres in one degree (east, north) on the WGS 84 ellipsoid at these latitudes (series, 0.01 m good)."""
    phi = np.radians(lat)
    east = 111_412.84 * np.cos(phi) - 93.5 * np.cos(3 * phi) + 0.118 * np.cos(5 * phi)
    north = 111_132.92 - 559.82 * np.cos(2 * phi) + 1.175 * np.cos(4 * phi) - 0.0023 * np.cos(6 * phi)
    return east, north


def polygon_parts(shape: BaseGeometry) -> Shapes:
    """The non-empty polygons that a shape is made of, without the lines and points of a collection."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    flat = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return cast(Shapes, parts[flat])


def areas_m2(shapes: Shapes) -> Floats:
    """Square metres of each (not empty) polygon in degrees, exact to 1e-6 of it for pieces up to half a degree high.

    The degrees' plain area times the ellipsoid's area of a square degree at the piece's middle latitude. Unlike
    a map projection it keeps straight edges straight, so that a sliver's area is not that of its edges' bends.
    """
    middle = shapely.get_y(shapely.centroid(shapes))
    east, north = degree_lengths(middle)
    return shapely.area(shapes) * east * north


def widths_m(shapes: Shapes, area_m2: Floats) -> Floats:
    """Mean width in metres of each piece: a long sliver's area over half its outline."""
    return np.array(
        [2 * area / max(outline_m(shape), 1e-9) for shape, area in zip(shapes, area_m2, strict=True)]
    )


def outline_m(shape: BaseGeometry) -> float:
    """Length of a polygon's outline, in metres."""
    if shape.is_empty:
        return 0.0
    return in_metres(shape, shape.centroid.y).length


def in_metres(shape: BaseGeometry, lat: float) -> BaseGeometry:
    """The shape on a plane that is true to metres at this latitude."""
    east, north = degree_lengths(np.array(lat))
    return shapely.transform(shape, partial(np.multiply, np.array([east, north])))


def firsts(keys: Ints) -> Bools:
    """Where each run of equal keys begins, for keys in order."""
    first = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return first


def circle_corners(count: int) -> Floats:
    """A polygon of `count` corners about 0, 0 on the circle of radius 1, closed: (count + 1, 2)."""
    angle = np.linspace(0.0, 2.0 * np.pi, count + 1)
    corners = np.column_stack([np.cos(angle), np.sin(angle)])
    corners[-1] = corners[0]
    return corners


def polygon_area(corners: Floats) -> float:
    """The area of one closed ring."""
    return float(shapely.area(shapely.polygons(corners)))


class MetricGrids:
    """Grids in metres, each on its own plane; asked in pairs of point and grid, in batches."""

    def __init__(self, shapes: Shapes) -> None:
        """`shapes`: polygons in degrees, n of them; pairs name them by position."""
        bounds = shapely.bounds(shapes).reshape(-1, 4)
        self.east, self.north = degree_lengths((bounds[:, 1] + bounds[:, 3]) / 2)
        self.areas = np.empty(len(shapes), dtype=object)
        for at, scale in enumerate(np.column_stack([self.east, self.north])):
            # Made valid: nothing can be cut out of a shape that crosses itself, be it so by rounding alone.
            self.areas[at] = polygons_of(shapely.transform(shapes[at], partial(np.multiply, scale)))
        self._borders = shapely.boundary(self.areas)
        shapely.prepare(self.areas)

    def to_grid(self, lon: Floats, lat: Floats, grid: Ints) -> Floats:
        """Metres from each point to the grid, 0 inside it."""
        return shapely.distance(self.areas[grid], self._points(lon, lat, grid))

    def to_border(self, lon: Floats, lat: Floats, grid: Ints) -> Floats:
        """Metres from each point to the grid's boundary, from within or without."""
        return shapely.distance(self._borders[grid], self._points(lon, lat, grid))

    def pieces(self, lon: Floats, lat: Floats, grid: Ints, radius_m: Floats, corners: Floats) -> Shapes:
        """For each pair the part of the circle about its point that lies in the grid, on the grid's plane.

        `corners` (m, 2) is the circle of radius 1, closed.
        """
        middle = np.column_stack([lon * self.east[grid], lat * self.north[grid]])
        circles = shapely.polygons(middle[:, None, :] + radius_m[:, None, None] * corners)
        return shapely.intersection(circles, self.areas[grid])

    def moved(self, piece: BaseGeometry, grid: int, onto: int) -> BaseGeometry:
        """A piece of one grid's plane on another's."""
        scale = np.array([self.east[onto] / self.east[grid], self.north[onto] / self.north[grid]])
        return shapely.transform(piece, partial(np.multiply, scale))

    def _points(self, lon: Floats, lat: Floats, grid: Ints) -> Shapes:
        return cast(Shapes, shapely.points(lon * self.east[grid], lat * self.north[grid]))
