"""Draws the demo township: villages and grids that share every edge exactly, and four schools cut out of them.

Everything is invented: 栖禾县青梧镇 lies on no map, and its county code 990101 is not assigned. The drawing is
seeded, so that it comes out the same each time; its result is committed as `township.geojson`. Run it with
`python -m infra.demo.township`.

The lines come first and the areas from them: borders between villages, then between the grids of a village, then
the schools' fences; all lines are cut where they meet, on a raster of 1e-7 degrees, and the faces between them
are the grids. Neighbours therefore have the same vertices, whatever the rounding did.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.random import Generator
from shapely import LineString, MultiPoint, Point, Polygon
from shapely.affinity import scale, translate
from shapely.geometry.base import BaseGeometry

OUTPUT = Path(__file__).parent / "township.geojson"
SEED = 20_260_101
TOWNSHIP = "990101101"
CENTRE = (118.412, 30.936)  # farmland of eastern China; nothing there is meant
RASTER = 1e-7  # degrees, about 1 cm
METRES_PER_DEGREE = 111_320.0

# Village name and its number of grids.
VILLAGES = (
    ("青梧社区", 8),
    ("石桥湾村", 6),
    ("柳塘村", 7),
    ("云岭脚村", 6),
    ("竹坞里村", 5),
    ("麦田坝村", 7),
    ("杏林社区", 8),
    ("芦荡村", 6),
    ("松坪上村", 5),
    ("稻香洲村", 6),
)
# Number of the village, sequence of the grid, name.
SCHOOLS = ((1, 901, "青梧中心小学"), (3, 902, "柳塘小学"), (6, 903, "青梧中学"), (9, 904, "松坪幼儿园"))


@dataclass(frozen=True, slots=True)
class Grid:
    code: str
    name: str
    village: str
    special: bool
    area: Polygon


def township(seed: int = SEED) -> list[Grid]:
    """The grids of the township, by code, in WGS 84."""
    rng = np.random.default_rng(seed)
    outline = _outline(rng)
    village_borders = _cuts(outline, len(VILLAGES), rng, wobble=0.10)
    villages = _in_reading_order(_faces([outline.boundary, *village_borders]))
    lines: list[BaseGeometry] = [village.boundary for village in villages]
    for number, (village, (_, count)) in enumerate(zip(villages, VILLAGES, strict=True), start=1):
        cuts = _cuts(village, count, rng, wobble=0.05)
        lines += cuts
        own = sum(1 for school in SCHOOLS if school[0] == number)
        lines += [_school(_faces([village.boundary, *cuts]), rng).boundary for _ in range(own)]
    faces = _faces([_to_degrees(line) for line in lines])
    return sorted(_named(faces, [_to_degrees(village) for village in villages]), key=lambda grid: grid.code)


def _outline(rng: Generator) -> Polygon:
    """A closed line that wanders around a circle of 4 km, as borders along streams and ridges do."""
    angles = np.linspace(0, 2 * math.pi, 240, endpoint=False)
    radius = np.full_like(angles, 4_000.0)
    for wave in range(2, 14):
        radius += rng.normal(0, 620 / wave) * np.cos(wave * angles + rng.uniform(0, 2 * math.pi))
    return Polygon(np.column_stack([1.12 * radius * np.cos(angles), 0.92 * radius * np.sin(angles)]))


def _cuts(area: Polygon, count: int, rng: Generator, wobble: float) -> list[LineString]:
    """Lines that cut an area into cells around evenly spread points, and wander instead of running straight."""
    points = _relaxed(area, count, rng)
    cells = [shapely.intersection(cell, area) for cell in _voronoi(points, area)]
    borders = shapely.union_all([cell.boundary for cell in cells])
    inner = shapely.line_merge(shapely.difference(borders, area.boundary.buffer(0.01)))
    return [_wander(line, rng, wobble) for line in shapely.get_parts(inner)]


def _relaxed(area: Polygon, count: int, rng: Generator) -> list[Point]:
    """Random points, moved to the middle of their cells until they are spread evenly."""
    west, south, east, north = area.bounds
    points: list[Point] = []
    while len(points) < count:
        point = Point(rng.uniform(west, east), rng.uniform(south, north))
        if area.contains(point):
            points.append(point)
    for _ in range(12):
        points = [shapely.intersection(cell, area).representative_point() for cell in _voronoi(points, area)]
        cells = [shapely.intersection(cell, area) for cell in _voronoi(points, area)]
        points = [
            cell.centroid if cell.contains(cell.centroid) else cell.representative_point() for cell in cells
        ]
    return points


def _voronoi(points: list[Point], area: Polygon) -> list[BaseGeometry]:
    return list(shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=area)))


def _wander(line: LineString, rng: Generator, wobble: float) -> LineString:
    """Bend a line between its ends: sideways by a share of its length, not at all at the ends.

    The ends overshoot by a metre, so that a line which should meet another does.
    """
    start, end = np.array(line.coords[0]), np.array(line.coords[-1])
    along = end - start
    length = float(np.hypot(*along))
    sideways = np.array([-along[1], along[0]])
    steps = np.linspace(0, 1, max(4, int(length / 90)))
    bend = sum(rng.normal(0, wobble / wave) * np.sin(wave * math.pi * steps) for wave in range(1, 5))
    middle = start + steps[:, None] * along + np.asarray(bend)[:, None] * sideways
    over = along / length
    return LineString([start - over, *middle, end + over])


def _school(cells: list[Polygon], rng: Generator) -> Polygon:
    """A fenced ground of some 2 hectares in the middle of the village's most roomy grid."""
    host = max(cells, key=lambda cell: float(cell.area))
    middle = shapely.maximum_inscribed_circle(host, tolerance=5.0).coords[0]
    width, depth = rng.uniform(65, 95), rng.uniform(55, 75)
    corners = [
        (-width, -depth),
        (width, -0.9 * depth),
        (1.05 * width, depth),
        (0, 1.15 * depth),
        (-width, depth),
    ]
    ground = shapely.affinity.rotate(Polygon(corners), rng.uniform(0, 90), origin=(0, 0))
    return translate(ground, *middle)


def _faces(lines: list[BaseGeometry]) -> list[Polygon]:
    """The areas between lines that are cut wherever they meet."""
    raster = RASTER if max(abs(bound) for bound in lines[0].bounds) < 200 else 0.01
    noded = shapely.union_all(lines, grid_size=raster)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    return [face for face in faces if face.area > 0]


def _in_reading_order(areas: list[Polygon]) -> list[Polygon]:
    """From north-west to south-east, as grids are numbered."""
    return sorted(areas, key=lambda area: (-round(area.centroid.y / 1_600), area.centroid.x))


def _to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """From metres around the centre to degrees."""
    lon, lat = CENTRE
    per_lon = METRES_PER_DEGREE * math.cos(math.radians(lat))
    return translate(scale(shape, 1 / per_lon, 1 / METRES_PER_DEGREE, origin=(0, 0)), lon, lat)


def _named(faces: list[Polygon], villages: list[BaseGeometry]) -> Iterator[Grid]:
    """Give each face its code and name: the smallest ones are the schools, the others count up by village."""
    for number, ((village, _), area) in enumerate(zip(VILLAGES, villages, strict=True), start=1):
        inside = [face for face in faces if area.contains(face.representative_point())]
        own = [school for school in SCHOOLS if school[0] == number]
        inside.sort(key=lambda face: float(face.area))
        prefix = f"{TOWNSHIP}{number:03d}"
        for (_, sequence, name), face in zip(own, inside, strict=False):
            yield Grid(f"{prefix}{sequence}", name, village, True, face)
        rest = sorted(inside[len(own) :], key=lambda face: (-round(face.centroid.y, 2), face.centroid.x))
        for sequence, face in enumerate(rest, start=1):
            yield Grid(f"{prefix}{sequence:03d}", f"{village}第{sequence}网格", village, False, face)


def as_geojson(grids: list[Grid]) -> str:
    """One feature a line, coordinates to seven decimals."""
    features = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {
                    "code": grid.code,
                    "name": grid.name,
                    "level": "grid",
                    "village": grid.village,
                    "special": grid.special,
                },
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [[round(x, 7), round(y, 7)] for x, y in ring.coords]
                        for ring in (grid.area.exterior, *grid.area.interiors)
                    ],
                },
            },
            ensure_ascii=False,
        )
        for grid in grids
    ]
    crs = '"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}'
    head = f'{{"type": "FeatureCollection", "name": "栖禾县青梧镇（虚构）", {crs}, "features": [\n'
    return head + ",\n".join(features) + "\n]}\n"


if __name__ == "__main__":
    OUTPUT.write_text(as_geojson(township()), "utf-8")
