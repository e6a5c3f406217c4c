"""What a person accepts is made fit to publish, openly."""

from pathlib import Path

import pytest
import shapely

from geo.checks import check
from geo.repair import repair
from geo.source import read_grids
from gridward.domain.errors import Refused
from gridward.domain.place import GridRecord
from tests.geo.helpers import square

A, B = "331125001001001", "331125001001002"


def test_invalid_townships_are_repaired_and_said_so(shared_data: Path) -> None:
    records = read_grids(shared_data / "geo/yunhe_townships_raw_gcj02.geojson", "gcj02").records
    repaired, said = repair(records)
    assert [record.code for record in repaired] == [record.code for record in records]
    assert check(repaired).of("invalid") == ()
    assert [line[:12] for line in said] == ["331125003000", "331125202000"]
    for before, after in zip(records, repaired, strict=True):
        area = shapely.from_wkb(after.wkb).area
        assert area == pytest.approx(shapely.from_wkb(before.wkb).area, rel=0.01)


def test_valid_records_come_back_untouched() -> None:
    records = [square(A, 119.5, 28.0), square(B, 119.51, 28.0)]
    assert repair(records) == (records, [])


def test_parts_of_one_grid_are_joined() -> None:
    parts = [square(A, 119.5, 28.0, name="新华"), square(A, 119.6, 28.0, name="新华")]
    (whole,), said = repair(parts)
    assert shapely.from_wkb(whole.wkb).area == pytest.approx(0.0002)
    assert len(said) == 1


def test_one_code_under_two_names_is_refused() -> None:
    with pytest.raises(Refused, match=f"{A}.*several names"):
        repair([square(A, 119.5, 28.0, name="新华"), square(A, 119.6, 28.0, name="中山")])


def test_a_grid_without_a_shape_is_left_out_and_said_so() -> None:
    nothing = GridRecord(B, "空", "grid", shapely.to_wkb(shapely.Polygon()))
    kept, said = repair([square(A, 119.5, 28.0), nothing])
    assert [record.code for record in kept] == [A]
    assert said[0].startswith(B)
