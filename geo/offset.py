"""The deliberate shifts of Chinese web maps, GCJ-02 (火星坐标) and BD-09 (百度坐标), on numbers or arrays.

Forward formulas are the widely published ones (as in eviltransform, coordtransform, gcoord; those agree
within 0.011 m). There is no published inverse: `gcj_to_wgs` and `bd_to_gcj` iterate the forward formula, which
comes back to far less than a millimetre where one-step inverses err by up to 4 m.

Outside China there is no shift; the country is its outline (`geo.country`), not a box that would shift Hanoi and Seoul
too. At the outline itself, 10 km beyond the border, the shift begins at once: what was given in GCJ-02 within a
shift's length of it is taken as inside.
BD-09 knows no border: its step from GCJ-02 is a plain formula and is applied everywhere.
"""

from collections.abc import Callable
from typing import overload

import numpy as np
from numpy.typing import NDArray

from geo.country import in_china

Array = NDArray[np.float64]
Shift = Callable[[Array, Array], tuple[Array, Array]]

# Krasovsky 1940, on which the published formula rests.
SEMI_MAJOR = 6_378_245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_TURN = np.pi * 3000.0 / 180.0
# Each round shrinks the error about a thousandfold, so that six reach the limit of a double.
ROUNDS = 6


@overload
def wgs_to_gcj(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def wgs_to_gcj(lon: Array, lat: Array) -> tuple[Array, Array]: ...
def wgs_to_gcj(lon: float | Array, lat: float | Array) -> tuple[float | Array, float | Array]:
    """WGS 84 degrees to GCJ-02 degrees; the same numbers outside China."""
    return _on_numbers_too(_forward_gcj, lon, lat)


@overload
def gcj_to_wgs(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def gcj_to_wgs(lon: Array, lat: Array) -> tuple[Array, Array]: ...
def gcj_to_wgs(lon: float | Array, lat: float | Array) -> tuple[float | Array, float | Array]:
    """GCJ-02 degrees to WGS 84 degrees: the place whose forward shift is the one given."""
    return _on_numbers_too(_back_from_gcj, lon, lat)


@overload
def gcj_to_bd(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def gcj_to_bd(lon: Array, lat: Array) -> tuple[Array, Array]: ...
def gcj_to_bd(lon: float | Array, lat: float | Array) -> tuple[float | Array, float | Array]:
    """GCJ-02 degrees to BD-09 degrees."""
    return _on_numbers_too(_forward_bd, lon, lat)


@overload
def bd_to_gcj(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def bd_to_gcj(lon: Array, lat: Array) -> tuple[Array, Array]: ...
def bd_to_gcj(lon: float | Array, lat: float | Array) -> tuple[float | Array, float | Array]:
    """BD-09 degrees to GCJ-02 degrees."""
    return _on_numbers_too(lambda x, y: _inverse(_forward_bd, x, y), lon, lat)


def _on_numbers_too(
    shift: Shift, lon: float | Array, lat: float | Array
) -> tuple[float | Array, float | Array]:
    x, y = shift(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    if x.ndim == 0:
        return float(x), float(y)
    return x, y


def _inverse(forward: Shift, lon: Array, lat: Array) -> tuple[Array, Array]:
    x, y = lon, lat
    for _ in range(ROUNDS):
        there_x, there_y = forward(x, y)
        x, y = x - (there_x - lon), y - (there_y - lat)
    return x, y


def _forward_gcj(lon: Array, lat: Array) -> tuple[Array, Array]:
    return _where_in_china(lon, lat, (lon, lat), _shifted(lon, lat))


def _back_from_gcj(lon: Array, lat: Array) -> tuple[Array, Array]:
    # The outline is asked for the answer, not on the way: iterating across it would not settle.
    x, y = _inverse(_shifted, lon, lat)
    return _where_in_china(x, y, (lon, lat), (x, y))


def _where_in_china(
    lon: Array, lat: Array, unshifted: tuple[Array, Array], shifted: tuple[Array, Array]
) -> tuple[Array, Array]:
    inside = in_china(lon, lat)
    return np.where(inside, shifted[0], unshifted[0]), np.where(inside, shifted[1], unshifted[1])


def _shifted(lon: Array, lat: Array) -> tuple[Array, Array]:
    east, north = lon - 105.0, lat - 35.0
    sine = np.sin(np.radians(lat))
    bulge = 1 - ECCENTRICITY_SQUARED * sine * sine
    root = np.sqrt(bulge)
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (bulge * root)
    parallel = SEMI_MAJOR / root * np.cos(np.radians(lat))
    x = lon + np.degrees(_metres_east(east, north) / parallel)
    return x, lat + np.degrees(_metres_north(east, north) / meridian)


def _waves(east: Array) -> Array:
    return (20.0 * np.sin(6.0 * np.pi * east) + 20.0 * np.sin(2.0 * np.pi * east)) * 2.0 / 3.0


def _metres_north(east: Array, north: Array) -> Array:
    plain = -100.0 + 2.0 * east + 3.0 * north + 0.2 * north**2 + 0.1 * east * north
    plain = plain + 0.2 * np.sqrt(np.abs(east))
    slow = (20.0 * np.sin(np.pi * north) + 40.0 * np.sin(np.pi / 3.0 * north)) * 2.0 / 3.0
    slowest = (160.0 * np.sin(np.pi / 12.0 * north) + 320.0 * np.sin(np.pi / 30.0 * north)) * 2.0 / 3.0
    return plain + _waves(east) + slow + slowest


def _metres_east(east: Array, north: Array) -> Array:
    plain = 300.0 + east + 2.0 * north + 0.1 * east**2 + 0.1 * east * north
    plain = plain + 0.1 * np.sqrt(np.abs(east))
    slow = (20.0 * np.sin(np.pi * east) + 40.0 * np.sin(np.pi / 3.0 * east)) * 2.0 / 3.0
    slowest = (150.0 * np.sin(np.pi / 12.0 * east) + 300.0 * np.sin(np.pi / 30.0 * east)) * 2.0 / 3.0
    return plain + _waves(east) + slow + slowest


def _forward_bd(lon: Array, lat: Array) -> tuple[Array, Array]:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BD_TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
