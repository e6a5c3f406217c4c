"""`gridward grids` as a person types it: what it prints, its exit code, and what is published afterwards."""

import asyncio
import json
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner, Result

from gridward.domain.place import GridRecord
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set
from infra.commands.grids import app
from infra.stack.ports import free_port
from tests.geo.helpers import square

A, B = "331125001001001", "331125001001002"


def gridward_grids(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def write(path: Path, records: list[GridRecord]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": one.code, "name": one.name, "level": one.level},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(one.wkb))),
        }
        for one in records
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def published(database_url: str) -> tuple[int | None, list[GridRecord]]:
    async def ask() -> tuple[int | None, list[GridRecord]]:
        async with boundary_transaction(database_url) as conn:
            version = await current_version(conn)
            return version, await load_boundary_set(conn, version) if version else []

    return asyncio.run(ask())


def test_the_raw_townships_are_shown_with_totals_and_thresholds(shared_data: Path) -> None:
    result = gridward_grids(
        "check", str(shared_data / "geo/yunhe_townships_raw_gcj02.geojson"), "--crs", "gcj02"
    )
    assert result.exit_code == 1
    for said in ("invalid: 2", "overlap: 17", "1.10 km²", "gap: 51", "0.98 km²", "≥ 1000 m²", "331125202000"):
        assert said in result.output


def test_the_clean_townships_pass(shared_data: Path) -> None:
    result = gridward_grids("check", str(shared_data / "geo/yunhe_townships_clean_wgs84.geojson"))
    assert result.exit_code == 0
    assert "no errors" in result.output


def test_json_is_nothing_but_json(tmp_path: Path) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.5, 28.0), square(B, 119.505, 28.0)])
    result = gridward_grids("check", file, "--crs", "wgs84", "--json", "--min-area", "5")
    plain = json.loads(result.stdout)
    assert (result.exit_code, plain["errors"], plain["crs"]) == (1, 1, "WGS 84")
    assert plain["thresholds"]["gap_m2"] == 5
    assert plain["findings"][0]["codes"] == [A, B]


def test_a_silent_file_is_checked_with_a_warning(tmp_path: Path) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.5, 28.0)])
    result = gridward_grids("check", file)
    assert result.exit_code == 0
    assert "taken as WGS 84" in result.stderr


def test_what_cannot_be_read_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    for file in (
        str(tmp_path / "absent.geojson"),
        write(tmp_path / "g.geojson", [square("12", 119.5, 28.0)]),
    ):
        result = gridward_grids("check", file)
        assert result.exit_code == 2
        assert "Traceback" not in result.output
        assert "error:" in result.stderr


def test_a_database_that_is_away_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.5, 28.0)])
    result = gridward_grids("import", file, "--database-url", f"postgresql://x@127.0.0.1:{free_port()}/x")
    assert result.exit_code == 2
    assert "PostgreSQL" in result.stderr


@pytest.mark.postgres
def test_a_clean_file_is_published_as_the_next_version(tmp_path: Path, database_url: str) -> None:
    file = write(tmp_path / "g.geojson", [square(A, 119.5, 28.0), square(B, 119.51, 28.0)])
    first = gridward_grids("import", file, "--database-url", database_url, "--name", "新华社区")
    assert first.exit_code == 0
    assert "version 1: 2 grids" in first.output
    assert gridward_grids("import", file, "--database-url", database_url).exit_code == 0
    version, grids = published(database_url)
    assert (version, [one.code for one in grids]) == (2, [A, B])


@pytest.mark.postgres
def test_a_file_with_errors_is_published_only_when_they_are_accepted(
    shared_data: Path, database_url: str
) -> None:
    words = ["import", str(shared_data / "geo/yunhe_townships_raw_gcj02.geojson"), "--crs", "gcj02"]
    words += ["--database-url", database_url]
    refused = gridward_grids(*words)
    assert refused.exit_code == 1
    assert "Not published" in refused.output
    assert published(database_url) == (None, [])
    accepted = gridward_grids(*words, "--accept-findings")
    assert accepted.exit_code == 0
    assert "331125202000 " in accepted.output
    assert "repaired" in accepted.output
    version, grids = published(database_url)
    assert (version, len(grids)) == (1, 10)
    assert all(shapely.from_wkb(one.wkb).is_valid for one in grids)


@pytest.mark.postgres
def test_a_code_under_two_names_is_not_published_even_when_accepted(
    tmp_path: Path, database_url: str
) -> None:
    records = [square(A, 119.5, 28.0, name="新华"), square(A, 119.6, 28.0, name="中山")]
    file = write(tmp_path / "g.geojson", records)
    result = gridward_grids("import", file, "--database-url", database_url, "--accept-findings")
    assert result.exit_code == 2
    assert published(database_url) == (None, [])
