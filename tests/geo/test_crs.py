"""Every name a county's file may give its coordinate system leads to WGS 84, or is refused by name."""

import numpy as np
import pyproj
import pytest

from geo.crs import crs_named, crs_of_wkt
from geo.offset import wgs_to_gcj
from gridward.domain.errors import Refused

YUNHE = (119.561, 28.117)


def back(name: str, x: float, y: float) -> tuple[float, float]:
    lon, lat = crs_named(name).to_wgs84(np.array([x]), np.array([y]))
    return float(lon[0]), float(lat[0])


@pytest.mark.parametrize(
    "spelling",
    [
        "wgs84",
        "WGS 84",
        "WGS-84 (converted from GCJ-02)",
        "epsg:4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "epsg:4490",
        "urn:ogc:def:crs:EPSG::4490",
        "http://www.opengis.net/def/crs/EPSG/0/4490",
        "CGCS2000",
    ],
)
def test_degrees_of_wgs_84_and_cgcs2000_stay_as_they_are(spelling: str) -> None:
    assert back(spelling, *YUNHE) == pytest.approx(YUNHE, abs=1e-12)


@pytest.mark.parametrize("spelling", ["gcj02", "GCJ-02", "gcj-02 (from WGS84)"])
def test_gcj_02_is_taken_back(spelling: str) -> None:
    assert back(spelling, *wgs_to_gcj(*YUNHE)) == pytest.approx(YUNHE, abs=1e-9)


@pytest.mark.parametrize("zone", range(25, 46))
def test_every_gauss_krueger_zone_is_unprojected_with_and_without_its_number(zone: int) -> None:
    meridian = zone * 3
    for code, easting in ((4513 + zone - 25, zone * 1e6 + 5e5), (4534 + zone - 25, 5e5)):
        lon, lat = back(f"epsg:{code}", easting, 3_112_000.0)
        assert lon == pytest.approx(meridian, abs=1e-9)
        # The arc from the equator on CGCS2000's ellipsoid, independent of the projection.
        arc = pyproj.Geod(a=6378137.0, rf=298.257222101).inv(meridian, 0, meridian, lat)[2]
        assert arc == pytest.approx(3_112_000.0, abs=0.001)


def test_the_projection_file_of_a_common_shapefile_is_understood() -> None:
    wkt = (
        'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
        'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
        'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
        'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
        'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )
    lon, _ = crs_of_wkt(wkt).to_wgs84(np.array([500_000.0]), np.array([3_112_000.0]))
    assert lon[0] == pytest.approx(120.0, abs=1e-9)


@pytest.mark.parametrize("name", ["epsg:4214", "epsg:2437", "epsg:4610", "epsg:2362", "epsg:3824"])
def test_a_datum_whose_parameters_are_local_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="CGCS2000"):
        crs_named(name)


@pytest.mark.parametrize("name", ["nonsense", "epsg:99999", "", "bd09mc"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="unknown coordinate system"):
        crs_named(name)
