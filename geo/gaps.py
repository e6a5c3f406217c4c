"""Ground that no grid covers though grids lie about it: holes in the whole, and channels between neighbours."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.findings import Finding, Thresholds
from geo.metric import Shapes, areas_m2, degree_lengths, polygon_parts, widths_m

# Neighbours of a gap share its edges; this much (about 1 cm) for rounding.
TOUCH_DEGREES = 1e-7


def find_gaps(
    codes: Sequence[str], shapes: Shapes, whole: BaseGeometry, limits: Thresholds
) -> Iterator[Finding]:
    """Holes in `whole`, the union of all grids, with the grids about each."""
    rings = shapely.get_rings(polygon_parts(whole))
    holes = polygon_parts(shapely.difference(shapely.union_all(shapely.polygons(rings)), whole))
    for hole, area in _large(holes, limits.gap_m2, limits.width_m):
        yield _finding("gap", hole, area, _about(hole, codes, shapes))


def find_open_gaps(
    codes: Sequence[str], shapes: Shapes, whole: BaseGeometry, limits: Thresholds
) -> Iterator[Finding]:
    """Channels narrower than `limits.channel_m` between two or more grids that run out of the whole.

    They are what closing the outline by half that width fills (a morphological closing), where more than one grid
    borders on it.
    """
    if whole.is_empty:
        return
    middle = np.array([(whole.bounds[1] + whole.bounds[3]) / 2])
    scale = np.column_stack(degree_lengths(middle))
    outline = shapely.union_all(
        shapely.polygons([shapely.get_exterior_ring(part) for part in polygon_parts(whole)])
    )
    metric = shapely.transform(outline, lambda xy: xy * scale)
    half = limits.channel_m / 2
    closed = metric.buffer(half, join_style="mitre").buffer(-half, join_style="mitre")
    channels = shapely.transform(shapely.difference(closed, metric), lambda xy: xy / scale)
    for channel, area in _large(polygon_parts(channels), limits.open_gap_m2, limits.width_m):
        about = _about(channel, codes, shapes)
        if len(about) > 1:
            yield _finding("open_gap", channel, area, about)


def _large(pieces: Shapes, area_m2: float, width_m: float) -> Iterator[tuple[BaseGeometry, float]]:
    areas = areas_m2(pieces)
    keep = areas >= area_m2
    pieces, areas = pieces[keep], areas[keep]
    wide = widths_m(pieces, areas) >= width_m
    yield from zip(pieces[wide], areas[wide].tolist(), strict=True)


def _about(piece: BaseGeometry, codes: Sequence[str], shapes: Shapes) -> tuple[str, ...]:
    near = shapely.dwithin(shapes, piece, TOUCH_DEGREES)
    return tuple(sorted({codes[at] for at in np.flatnonzero(near).tolist()}))


def _finding(kind: str, piece: BaseGeometry, area_m2: float, about: tuple[str, ...]) -> Finding:
    place = piece.representative_point()
    if kind == "gap":
        return Finding("gap", about, "四周有网格而无归属 no grid inside", area_m2, place.x, place.y, piece)
    reason = "相邻网格间的缝隙 channel between neighbours"
    return Finding("open_gap", about, reason, area_m2, place.x, place.y, piece)
