"""GCJ-02 and BD-09 against 515 places through four independent converters."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.country import in_china
from geo.offset import bd_to_gcj, gcj_to_bd, gcj_to_wgs, wgs_to_gcj
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
        if row["kind"] not in NARROW.get(converter, ()) and not row["kind"].endswith("not_china")
    ]
    mine = wgs_to_gcj(column(table, "wgs_lng"), column(table, "wgs_lat"))
    theirs = (column(table, f"{converter}_w2g_lng"), column(table, f"{converter}_w2g_lat"))
    assert len(table) >= 510
    assert metres(mine, theirs).max() < 0.05


@pytest.mark.parametrize("converter", CONVERTERS)
def test_baidus_step_agrees_with_every_converter_to_5_cm(shared_data: Path, converter: str) -> None:
    table = rows(shared_data / "coords/gcj_bd_vectors.csv")
    lon, lat = column(table, f"{converter}_w2g_lng"), column(table, f"{converter}_w2g_lat")
    theirs = (column(table, f"{converter}_g2b_lng"), column(table, f"{converter}_g2b_lat"))
    judged = in_china(lon, lat) if converter == BOXED_BD else np.ones(len(table), dtype=bool)
    assert judged.sum() >= 507
    assert metres(gcj_to_bd(lon, lat), theirs)[judged].max() < 0.05


def test_the_way_there_and_back_ends_within_a_millimetre(shared_data: Path) -> None:
    table = rows(shared_data / "coords/gcj_bd_vectors.csv")
    start = column(table, "wgs_lng"), column(table, "wgs_lat")
    gcj = wgs_to_gcj(*start)
    assert metres(gcj_to_wgs(*gcj), start).max() < 0.001
    assert metres(gcj_to_wgs(*bd_to_gcj(*gcj_to_bd(*gcj))), start).max() < 0.001


def test_every_place_of_the_country_lies_in_the_outline_and_no_other_capital(shared_data: Path) -> None:
    table = rows(shared_data / "coords/gcj_bd_vectors.csv")
    found = in_china(column(table, "wgs_lng"), column(table, "wgs_lat"))
    outside = ("outside", "not_china", "_bbox")
    assert found.tolist() == [not row["kind"].endswith(outside) for row in table]


def test_the_way_back_settles_at_the_very_edge_of_the_country() -> None:
    angle = np.linspace(0, 2 * np.pi, 40_000)
    lon, lat = 104 + 32 * np.cos(angle), 36 + 19 * np.sin(angle)
    part = np.linspace(0, 1, 50)[:, None]
    x, y = (104 + part * (lon - 104)).ravel(), (36 + part * (lat - 36)).ravel()
    inside = in_china(x, y)
    there = wgs_to_gcj(x[inside], y[inside])
    assert 500_000 < inside.sum() < len(x)
    assert metres(gcj_to_wgs(*there), (x[inside], y[inside])).max() < 0.2


# Seats near the border, where a coarse outline would fail first.
SEATS = {
    "Dandong": (124.38, 40.13),
    "Heihe": (127.50, 50.24),
    "Fuyuan": (134.30, 48.36),
    "Mohe": (122.54, 52.97),
    "Manzhouli": (117.43, 49.59),
    "Khorgas": (80.41, 44.21),
    "Tashkurgan": (75.23, 37.77),
    "Yadong": (88.90, 27.48),
    "Medog": (95.33, 29.33),
    "Ruili": (97.85, 24.01),
    "Hekou": (103.96, 22.53),
    "Dongxing": (107.97, 21.54),
    "Sansha": (112.34, 16.83),
    "Weizhou": (109.12, 21.04),
    "Shengsi": (122.45, 30.72),
    "Hong Kong": (114.17, 22.32),
}
ABROAD = {
    "Hanoi": (105.85, 21.03),
    "Seoul": (126.98, 37.57),
    "Pyongyang": (125.75, 39.03),
    "Ulaanbaatar": (106.90, 47.90),
    "Vladivostok": (131.885, 43.115),
    "Almaty": (76.89, 43.24),
    "Kathmandu": (85.32, 27.71),
    "Tokyo": (139.767052, 35.681167),
}


@pytest.mark.parametrize("seat", SEATS)
def test_seats_at_the_border_are_shifted(seat: str) -> None:
    assert wgs_to_gcj(*SEATS[seat]) != SEATS[seat]


@pytest.mark.parametrize("city", ABROAD)
def test_cities_abroad_are_not_shifted(city: str) -> None:
    assert wgs_to_gcj(*ABROAD[city]) == ABROAD[city]
    assert gcj_to_wgs(*ABROAD[city]) == ABROAD[city]


def test_a_single_place_gives_the_numbers_of_the_batch() -> None:
    lon, lat = wgs_to_gcj(np.array([119.561]), np.array([28.117]))
    assert wgs_to_gcj(119.561, 28.117) == (lon[0], lat[0])
    assert isinstance(wgs_to_gcj(119.561, 28.117)[0], float)
