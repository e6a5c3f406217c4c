"""The demo township: a seamless coverage, drawn the same each time, with reports that fit it."""

import json
from collections import Counter
from uuid import uuid4

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from api.models.report import Report
from geo.checks import check
from geo.findings import Thresholds
from geo.source import read_grids
from infra.commands.first_start import TOWNSHIP
from infra.demo.township import SCHOOLS, VILLAGES, Grid, township

TEXTS = TOWNSHIP.with_name("texts.jsonl")


@pytest.fixture(scope="module")
def grids() -> list[Grid]:
    return township()


def committed() -> dict[str, BaseGeometry]:
    features = json.loads(TOWNSHIP.read_text("utf-8"))["features"]
    return {one["properties"]["code"]: shapely.geometry.shape(one["geometry"]) for one in features}


def test_neighbours_share_their_edges_exactly() -> None:
    areas = list(committed().values())
    assert all(area.is_valid for area in areas)
    assert shapely.coverage_is_valid(areas)


def test_there_is_no_gap_and_no_overlap() -> None:
    areas = list(committed().values())
    whole = shapely.coverage_union_all(areas)
    assert isinstance(whole, shapely.Polygon)
    assert not whole.interiors
    assert sum(area.area for area in areas) == pytest.approx(whole.area, rel=1e-12)


def test_the_import_check_finds_nothing() -> None:
    findings = check(read_grids(TOWNSHIP, None).records, Thresholds.of_area(0.0))
    assert not findings.errors


def test_there_are_villages_of_five_to_eight_grids_and_four_schools() -> None:
    codes = list(committed())
    assert len(codes) == len(set(codes)) == sum(count for _, count in VILLAGES) + 4
    assert all(len(code) == 15 and code.startswith("990101101") for code in codes)
    ordinary = Counter(code[:12] for code in codes if code[12:] < "901")
    assert list(ordinary.values()) == [count for _, count in VILLAGES]
    assert {code[9:] for code in codes if code[12:] >= "901"} == {
        f"{village:03d}{sequence}" for village, sequence, _ in SCHOOLS
    }


def test_a_school_is_cut_out_of_its_village() -> None:
    areas = committed()
    schools = [code for code in areas if code[12:] >= "901"]
    for code in schools:
        around = [other for other, area in areas.items() if other != code and area.touches(areas[code])]
        assert len(around) == 1
        assert around[0][:12] == code[:12]


def test_the_drawing_comes_out_as_committed(grids: list[Grid]) -> None:
    """To a millionth of a degree: the last digits may differ between processors."""
    areas = committed()
    assert [grid.code for grid in grids] == list(areas)
    assert all(grid.area.hausdorff_distance(areas[grid.code]) < 1e-6 for grid in grids)


def test_every_demo_text_is_a_report_that_the_door_takes() -> None:
    lines = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    assert len(lines) == 300
    for line in lines:
        Report.model_validate({"id": str(uuid4()), **line})


def test_demo_texts_lie_in_grids_but_for_one_and_some_without_a_place() -> None:
    whole = shapely.coverage_union_all(list(committed().values()))
    lines = [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines()]
    points = [shapely.Point(line["lon"], line["lat"]) for line in lines if "lon" in line]
    assert sum(not whole.contains(point) for point in points) == 1
    assert 10 <= len(lines) - len(points) <= 40
