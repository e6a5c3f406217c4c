"""Plain distances, where a plane is good enough."""

from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320.0


def metres(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points in WGS 84 degrees; good to 1 % within a county."""
    east = (lon - other_lon) * cos(radians((lat + other_lat) / 2))
    return METRES_PER_DEGREE * hypot(east, lat - other_lat)
