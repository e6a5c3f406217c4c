"""`gridward locate` over every shared vector, and what it says about files that it cannot use."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.cli import app
from tests.geo.helpers import rows, square
from tests.geo.test_grids_command import write

A, B = "331125001001001", "331125001001002"


def gridward_locate(grids: str | Path, points: Path, *more: str) -> Result:
    out = points.with_name("out.csv")
    words = ["locate", "--grids", str(grids), "--in", str(points), "--out", str(out), *more]
    return CliRunner().invoke(app, words)


def located(points: Path) -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows(points.with_name("out.csv"))}


def pair(folder: Path) -> str:
    return write(folder / "g.geojson", [square(A, 119.50, 28.0), square(B, 119.51, 28.0)])


def points_of(folder: Path, text: str) -> Path:
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("vectors", "grids", "crs"),
    [
        pytest.param("mesh_villages", "mesh_villages_7701", None, marks=pytest.mark.mesh),
        ("yunhe_clean_wgs84", "yunhe_townships_clean_wgs84", "wgs84"),
        ("yunhe_raw_gcj02", "yunhe_townships_raw_gcj02", "gcj02"),
        ("yunhe_raw_gcj02", "yunhe_townships_raw_gcj02", None),
    ],
)
def test_every_vector_gets_one_of_its_grids_and_exactly_its_candidates(
    shared_data: Path, tmp_path: Path, vectors: str, grids: str, crs: str | None
) -> None:
    table = rows(shared_data / f"geo/routing_vectors_{vectors}.csv")
    points = tmp_path / "points.csv"
    with points.open("w", newline="") as file:
        to = csv.writer(file)
        to.writerow(["id", "lon", "lat", *(["crs"] if crs else [])])
        to.writerows([n, row["lng"], row["lat"], *([crs] if crs else [])] for n, row in enumerate(table))
    result = gridward_locate(shared_data / f"geo/{grids}.geojson", points)
    assert result.exit_code == 0, result.output
    found = located(points)
    # A change of system bends an edge by less than a tenth of a metre; nearer than that either answer is right.
    judged = [
        (n, row)
        for n, row in enumerate(table)
        if crs != "gcj02" or float(row["approx_dist_to_boundary_m_deg_scaled"]) > 0.1
    ]
    assert len(found) == len(table) >= 2_000
    assert len(judged) >= 1_600
    wrong = [(row, found[str(n)]) for n, row in judged if not agrees(row, found[str(n)])]
    assert wrong == []


def agrees(row: dict[str, str], found: dict[str, str]) -> bool:
    expected = set(filter(None, row["expected_codes"].split("|")))
    candidates = set(filter(None, found["candidates"].split("|")))
    return candidates == expected and (found["grid"] in expected if expected else found["grid"] == "")


def test_crs_and_accuracy_may_be_missing_and_the_rows_keep_their_order(tmp_path: Path) -> None:
    points = points_of(tmp_path, "id,lon,lat\nb,119.515,28.005\na,119.505,28.005\nx,120,28\n")
    assert gridward_locate(pair(tmp_path), points).exit_code == 0
    assert points.with_name("out.csv").read_text() == (
        f"id,grid,how,candidates\nb,{B},inside,{B}\na,{A},inside,{A}\nx,,outside,\n"
    )


def test_an_accuracy_that_reaches_over_the_border_gives_both(tmp_path: Path) -> None:
    points = points_of(
        tmp_path, "id,lon,lat,crs,accuracy_m\n1,119.5099,28.005,wgs84,20\n2,119.5099,28.005,,\n"
    )
    assert gridward_locate(pair(tmp_path), points).exit_code == 0
    found = located(points)
    assert (found["1"]["grid"], found["1"]["how"], found["1"]["candidates"]) == (A, "border", f"{A}|{B}")
    assert found["2"]["how"] == "inside"


def test_each_point_is_read_in_its_own_system(tmp_path: Path) -> None:
    # At 119.51 E, 28.0 N the shift to GCJ-02 is about 450 m east: 119.5125 in GCJ-02 lies west of the border.
    points = points_of(tmp_path, "id,lon,lat,crs\n1,119.5125,28.003,gcj02\n2,119.5125,28.003,WGS-84\n")
    assert gridward_locate(pair(tmp_path), points).exit_code == 0
    found = located(points)
    assert (found["1"]["grid"], found["2"]["grid"]) == (A, B)


def test_an_overlap_gets_the_lowest_code_and_says_so(tmp_path: Path) -> None:
    grids = write(tmp_path / "g.geojson", [square(B, 119.50, 28.0), square(A, 119.505, 28.0)])
    points = points_of(tmp_path, "id,lon,lat\n1,119.5075,28.005\n")
    assert gridward_locate(grids, points).exit_code == 0
    assert located(points)["1"] == {"id": "1", "grid": A, "how": "overlap", "candidates": f"{A}|{B}"}


def test_bad_lines_are_named_all_together_and_nothing_is_written(tmp_path: Path) -> None:
    points = points_of(
        tmp_path,
        "id,lon,lat,crs,accuracy_m\n1,119.505,28.005,,\n2,abc,28,,\n3,119,99,,\n4,119,28,utm,\n5,119,28,,-3\n,119,28,,\n6,119\n",
    )
    result = gridward_locate(pair(tmp_path), points)
    assert result.exit_code == 2
    assert not points.with_name("out.csv").exists()
    for said in (
        "line 3: lon",
        "line 4: lat",
        "line 5: ",
        "utm",
        "line 6: accuracy_m",
        "line 7: id",
        "line 8: lat",
    ):
        assert said in result.stderr
    assert "line 2:" not in result.stderr


@pytest.mark.parametrize("text", ["", "id,x,y\n1,2,3\n"])
def test_missing_columns_are_named(tmp_path: Path, text: str) -> None:
    result = gridward_locate(pair(tmp_path), points_of(tmp_path, text))
    assert result.exit_code == 2
    assert "id,lon,lat,crs,accuracy_m" in result.stderr


def test_files_that_are_not_there_and_folders_that_are_not_there_are_one_line(tmp_path: Path) -> None:
    points = points_of(tmp_path, "id,lon,lat\n1,119.505,28.005\n")
    for words in (
        ["--grids", pair(tmp_path), "--in", str(tmp_path / "no.csv"), "--out", str(tmp_path / "o.csv")],
        ["--grids", str(tmp_path / "no.geojson"), "--in", str(points), "--out", str(tmp_path / "o.csv")],
        ["--grids", pair(tmp_path), "--in", str(points), "--out", str(tmp_path / "no/o.csv")],
    ):
        result = CliRunner().invoke(app, ["locate", *words])
        assert result.exit_code == 2
        assert len(result.stderr.strip().splitlines()[-1:]) == 1
        assert "error:" in result.stderr
