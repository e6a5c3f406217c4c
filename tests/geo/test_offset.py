"""GCJ-02 and BD-09 against 515 places through four independent converters."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.offset import bd_to_gcj, gcj_to_bd, gcj_to_wgs, in_china_box, wgs_to_gcj
from tests.geo.helpers import column, rows

Array = NDArray[np.float64]
CONVERTERS = ("evil", "ctpy", "gcoord", "ctjs")
# The two that leave the far west and the far east of China unshifted draw a narrower box than ours.
NARROW = {"ctpy": ("edge:far_west", "edge:far_east"), "ctjs": ("edge:far_west", "edge:far_east")}
# eviltransform leaves BD-09 unshifted outside China too; the plain formula has no box.
BOXED_BD = "evil"


def metres(a: tuple[Array, Array], b: tuple[Array, Array]) -> Array:
    east = (a[0] - b[0]) * np.cos(np.radians(a[1])) * 111_320
    return np.asarray(np.hypot(east, (a[1] - b[1]) * 111_132))


@pytest.mark.parametrize("converter", CONVERTERS)
def test_the_forward_shift_agrees_with_every_converter_to_5_cm(shared_data: Path, converter: str) -> None:
    table = [
        row
        for row in rows(shared_data / "coords/gcj_bd_vectors.csv")
        if row["kind"] not in NARROW.get(converter, ())
    ]
    mine = wgs_to_gcj(column(table, "wgs_lng"), column(table, "wgs_lat"))
    theirs = (column(table, f"{converter}_w2g_lng"), column(table, f"{converter}_w2g_lat"))
    assert len(table) >= 513
    assert metres(mine, theirs).max() < 0.05


@pytest.mark.parametrize("converter", CONVERTERS)
def test_baidus_step_agrees_with_every_converter_to_5_cm(shared_data: Path, converter: str) -> None:
    table = rows(shared_data / "coords/gcj_bd_vectors.csv")
    lon, lat = column(table, f"{converter}_w2g_lng"), column(table, f"{converter}_w2g_lat")
    theirs = (column(table, f"{converter}_g2b_lng"), column(table, f"{converter}_g2b_lat"))
    judged = in_china_box(lon, lat) if converter == BOXED_BD else np.ones(len(table), dtype=bool)
    assert judged.sum() >= 510
    assert metres(gcj_to_bd(lon, lat), theirs)[judged].max() < 0.05


def test_the_way_there_and_back_ends_within_a_millimetre(shared_data: Path) -> None:
    table = rows(shared_data / "coords/gcj_bd_vectors.csv")
    start = column(table, "wgs_lng"), column(table, "wgs_lat")
    gcj = wgs_to_gcj(*start)
    assert metres(gcj_to_wgs(*gcj), start).max() < 0.001
    assert metres(gcj_to_wgs(*bd_to_gcj(*gcj_to_bd(*gcj))), start).max() < 0.001


def test_the_way_back_settles_at_the_very_edge_of_the_box() -> None:
    lon = np.array([72.0041, 137.8346, 100.0, 100.0])
    lat = np.array([30.0, 40.0, 0.8294, 55.827])
    assert metres(gcj_to_wgs(*wgs_to_gcj(lon, lat)), (lon, lat)).max() < 0.2


def test_the_far_ends_of_the_country_are_shifted_and_tokyo_is_not() -> None:
    for lon, lat in ((73.66, 39.5), (135.08, 48.4)):
        assert wgs_to_gcj(lon, lat) != (lon, lat)
    assert wgs_to_gcj(139.767052, 35.681167) == (139.767052, 35.681167)


def test_a_single_place_gives_the_numbers_of_the_batch() -> None:
    lon, lat = wgs_to_gcj(np.array([119.561]), np.array([28.117]))
    assert wgs_to_gcj(119.561, 28.117) == (lon[0], lat[0])
    assert isinstance(wgs_to_gcj(119.561, 28.117)[0], float)
