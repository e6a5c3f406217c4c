"""Names of coordinate systems and the way from each to WGS 84, the one system that everything inside uses.

CGCS2000 (EPSG:4490, 国家大地坐标系) is taken as WGS 84: both frames follow the ITRF and their ellipsoids
differ by a tenth of a millimetre; what is left is the plates' motion since epoch 2000, under a metre, well
inside a phone's accuracy. Its 3-degree Gauss-Krueger zones (EPSG:4513-4533 with the zone number in the easting,
4534-4554 without) are unprojected by pyproj. Other datums are refused: the seven parameters of Beijing 1954
and Xian 1980 are local and unpublished, and without them a boundary lands 50 to 150 m away.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pyproj
from pyproj.exceptions import CRSError

from geo.offset import Array, bd_to_gcj, gcj_to_wgs
from gridward.domain.errors import Refused
from gridward.domain.place import Point

Given = TypeVar("Given", Point, Point | None)
ToWgs84 = Callable[[Array, Array], tuple[Array, Array]]

# Words that name WGS 84, CGCS2000 or their common frame in EPSG's and ESRI's spelling.
KNOWN_DATUMS = re.compile(r"wgs.?(19)?84|cgcs.?2000|china.?geodetic|china.?2000|itrf", re.IGNORECASE)
SPOKEN = re.compile(r"^(wgs|gcj|bd)[^a-z0-9]*(84|02|09)(?!\s*mc)|crs(84)$")
SPOKEN_NAMES = {"wgs84": "wgs84", "84": "wgs84", "gcj02": "gcj02", "bd09": "bd09"}


@dataclass(frozen=True, slots=True)
class Crs:
    """A coordinate system by its name, and its conversion of degrees or metres to WGS 84 degrees."""

    name: str
    to_wgs84: ToWgs84


def crs_named(text: str) -> Crs:
    """`wgs84`, `gcj02`, `bd09` (also as files write them: "WGS-84 (converted)"), `epsg:4490`, an OGC URN.

    Raises Refused for an unknown name or a datum without published parameters.
    """
    plain = text.strip().lower()
    spoken = SPOKEN.search(plain)
    if spoken and (name := SPOKEN_NAMES.get("".join(part for part in spoken.groups() if part))):
        return SHIFTED[name]
    code = re.search(r"epsg\D*(?:\d+\.\d+)?\D*(\d{4,6})$", plain)
    return _projected(f"EPSG:{code.group(1)}" if code else text)


def crs_of_wkt(wkt: str) -> Crs:
    """The system of a shapefile's .prj text (ESRI or OGC). Raises Refused as `crs_named` does."""
    return _projected(wkt)


def _projected(definition: str) -> Crs:
    try:
        crs = pyproj.CRS.from_user_input(definition)
    except CRSError as error:
        raise Refused(f"不认识的坐标系 unknown coordinate system: {definition[:80]}") from error
    name = _name_of(crs)
    if crs.geodetic_crs is None:
        raise Refused(f"不是地理坐标系 not a system on the earth: {name}")
    if not KNOWN_DATUMS.search(crs.geodetic_crs.name):
        raise Refused(
            f"{name}: 须先由测绘部门转换为 CGCS2000 (北京54/西安80 的参数不公开); convert to CGCS2000 first"
        )
    return Crs(name, _unprojector(crs))


def _name_of(crs: pyproj.CRS) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code} {crs.name}" if code else crs.name


def _unprojector(crs: pyproj.CRS) -> ToWgs84:
    # To the system's own degrees only: see the module's first lines for why no datum shift follows.
    base = crs.geodetic_crs
    transformer = pyproj.Transformer.from_crs(crs, base, always_xy=True)

    def to_wgs84(x: Array, y: Array) -> tuple[Array, Array]:
        lon, lat = transformer.transform(x, y)
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)

    return to_wgs84


def _unchanged(lon: Array, lat: Array) -> tuple[Array, Array]:
    return lon, lat


def _from_gcj(lon: Array, lat: Array) -> tuple[Array, Array]:
    return gcj_to_wgs(lon, lat)


def _from_bd(lon: Array, lat: Array) -> tuple[Array, Array]:
    return gcj_to_wgs(*bd_to_gcj(lon, lat))


SHIFTED: dict[str, Crs] = {
    "wgs84": Crs("WGS 84", _unchanged),
    "gcj02": Crs("GCJ-02", _from_gcj),
    "bd09": Crs("BD-09", _from_bd),
}


def points_in_wgs84(points: Sequence[Given], systems: Sequence[str]) -> list[Given]:
    """Points given in `wgs84`, `gcj02` or `bd09`, each in its own, in order; what is no point stays none."""
    found = list(points)
    for system in set(systems) - {"wgs84"}:
        given = [(n, point) for n, point in enumerate(points) if point is not None and systems[n] == system]
        lon = np.array([point.lon for _, point in given], dtype=np.float64)
        lat = np.array([point.lat for _, point in given], dtype=np.float64)
        x, y = SHIFTED[system].to_wgs84(lon, lat)
        for (n, point), east, north in zip(given, x.tolist(), y.tolist(), strict=True):
            found[n] = Point(east, north, point.accuracy_m)
    return found
