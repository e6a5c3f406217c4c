"""Boundary sets as the console sees them: which there are, and where in each the faults lie."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import shapely

from gridward.domain.place import GridRecord
from gridward.policy.load import load_bundle
from infra.stack.ports import free_port
from tests.api.system import Api, running_api, settings_for
from tests.api.test_versions import put_policy_in_force
from tests.geo.helpers import square
from tests.geo.test_grids_command import gridward_grids, write
from tests.geo.test_handover import put_incidents

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio]

A, B, C, D = "331125001001001", "331125001001002", "331125001001003", "331125001001004"
LONELY = "33112500100900101"  # 17 digits, and no grid with its first 15
LATER = "2099-01-01T00:00"
BOW = "POLYGON((119.54 28.04, 119.55 28.05, 119.55 28.04, 119.54 28.05, 119.54 28.04))"

# A and B overlap by a tenth of a grid, C crosses itself, D is given twice, the lonely one has no parent.
DIRTY = [
    square(A, 119.50, 28.0),
    square(B, 119.509, 28.0),
    GridRecord(C, "蝴蝶", "grid", shapely.to_wkb(shapely.from_wkt(BOW))),
    square(D, 119.50, 28.03, 0.01),
    square(D, 119.51, 28.03, 0.01),
    square(LONELY, 119.54, 28.0),
]


@pytest_asyncio.fixture
async def api(database_url: str, tmp_path: Path) -> AsyncIterator[Api]:
    """With a database and without Kafka: nothing here is reported."""
    settings = settings_for(database_url, f"127.0.0.1:{free_port()}", "boundaries.", tmp_path)
    async with running_api(settings) as running:
        yield running


async def take_in(folder: Path, database_url: str, records: list[GridRecord], name: str, *words: str) -> None:
    file = write(folder / f"{name}.geojson", records)
    args = ["import", file, "--database-url", database_url, "--accept-findings", *words]
    result = await asyncio.to_thread(gridward_grids, *args)
    assert result.exit_code == 0, result.output


async def answer(api: Api, path: str = "") -> Any:
    found = await api.client.get(f"/api/boundaries{path}")
    assert found.status_code == 200, found.text
    return found.json()


async def test_every_set_is_listed_with_its_state_and_counts(
    api: Api, database_url: str, tmp_path: Path
) -> None:
    assert await answer(api) == []
    clean = [square(A, 119.50, 28.0), square(B, 119.51, 28.0)]
    await take_in(tmp_path, database_url, clean, "old")
    await take_in(tmp_path, database_url, DIRTY, "dirty")
    await take_in(tmp_path, database_url, clean, "taken-back", "--effective", LATER)
    await take_in(tmp_path, database_url, clean, "new", "--effective", LATER)
    await asyncio.to_thread(gridward_grids, "withdraw", "3", "--database-url", database_url)

    found = await answer(api)
    assert [(one["version"], one["name"], one["state"]) for one in found] == [
        (4, "new", "waiting"),
        (3, "taken-back", "withdrawn"),
        (2, "dirty", "current"),
        (1, "old", "past"),
    ]
    assert found[0]["effective_at"].startswith("2098-12-31T16:00")
    assert found[1]["effective_at"] is None
    assert (found[0]["findings_count"], found[0]["errors"], found[0]["checked"]) == (0, 0, True)
    dirty = found[2]
    assert (dirty["source_file"], dirty["grid_count"], dirty["findings_count"]) == ("dirty.geojson", 5, 4)
    assert list(dirty["by_kind"].items()) == [("duplicate", 1), ("orphan", 1), ("invalid", 1), ("overlap", 1)]
    assert dirty["errors"] == 4


async def test_a_set_comes_with_its_grids_and_each_fault_where_it_lies(
    api: Api, database_url: str, tmp_path: Path
) -> None:
    await take_in(tmp_path, database_url, DIRTY, "dirty")
    found = await answer(api, "/1")
    assert [one["properties"]["code"] for one in found["grids"]["features"]] == [A, B, C, D, LONELY]
    assert all(shapely.geometry.shape(one["geometry"]).is_valid for one in found["grids"]["features"])
    assert found["would_change"] is None
    assert found["thresholds"]["overlap_m2"] == 1000.0
    assert len(found["repairs"]) == 2

    faults = {one["properties"]["kind"]: one for one in found["findings"]["features"]}
    assert set(faults) == {"duplicate", "orphan", "invalid", "overlap"}
    overlap = faults["overlap"]
    assert overlap["properties"]["codes"] == [A, B]
    assert overlap["properties"]["names"] == ["网格001", "网格002"]
    common = shapely.geometry.shape(overlap["geometry"])
    assert common.symmetric_difference(shapely.box(119.509, 28.0, 119.51, 28.01)).area < 1e-9
    assert overlap["properties"]["area_m2"] == pytest.approx(98.363 * 1_108.3, rel=0.01)
    assert faults["invalid"]["geometry"] == {"type": "Point", "coordinates": [119.545, 28.045]}
    assert faults["invalid"]["properties"]["names"] == ["蝴蝶"]
    # A fault of a grid as a whole: its outline says where.
    assert faults["orphan"]["geometry"] is None
    assert faults["orphan"]["properties"]["codes"] == [LONELY]


async def test_a_set_that_waits_says_how_many_open_incidents_would_change_hands(
    api: Api, database_url: str, tmp_path: Path
) -> None:
    await put_incidents(database_url)
    await put_policy_in_force(database_url, load_bundle())
    apart = [square(A, 119.50, 28.0), square(B, 119.51, 28.0)]
    turned = [square(B, 119.50, 28.0), square(A, 119.51, 28.0)]
    await take_in(tmp_path, database_url, apart, "now")
    await take_in(tmp_path, database_url, turned, "later", "--effective", LATER)
    await take_in(tmp_path, database_url, apart, "the same", "--effective", LATER)
    await api.services.versions.refresh()
    assert (await answer(api, "/1"))["would_change"] is None
    # One was given to the other grid by hand: it lies where it lay, and is there already when they change places.
    assert (await answer(api, "/2"))["would_change"] == {"open": 2, "changing": 1}
    assert (await answer(api, "/3"))["would_change"] == {"open": 2, "changing": 0}
    await asyncio.to_thread(gridward_grids, "withdraw", "2", "--database-url", database_url)
    assert (await answer(api, "/2"))["would_change"] == {"open": 2, "changing": 1}


async def test_what_was_stored_before_shapes_were_kept_still_shows(
    api: Api, database_url: str, tmp_path: Path
) -> None:
    await take_in(tmp_path, database_url, DIRTY, "dirty")
    pool = api.services.pool
    stored = await pool.fetchval("SELECT findings FROM boundary_sets")
    for one in stored["findings"]:
        del one["geometry"]
    await pool.execute("UPDATE boundary_sets SET findings = $1", stored)
    found = (await answer(api, "/1"))["findings"]["features"]
    assert len(found) == 4
    assert all(one["geometry"] is None and one["properties"]["codes"] for one in found)

    await pool.execute("UPDATE boundary_sets SET findings = '{}'")
    (head,) = await answer(api)
    assert (head["checked"], head["findings_count"], head["by_kind"]) == (False, 0, {})
    assert (await answer(api, "/1"))["findings"]["features"] == []


async def test_a_version_that_is_not_there_is_said_in_both_languages(api: Api) -> None:
    missing = await api.client.get("/api/boundaries/7")
    assert missing.status_code == 404
    assert missing.json()["detail"] == "没有边界版本 7"
    assert missing.json()["detail_en"] == "there is no boundary version 7"
    assert (await api.client.get("/api/boundaries/0")).status_code == 422
    assert (await api.client.get(f"/api/boundaries/{2**31}")).status_code == 422


async def test_it_comes_packed_only_to_whoever_can_unpack_it(
    api: Api, database_url: str, tmp_path: Path
) -> None:
    await take_in(tmp_path, database_url, DIRTY, "dirty")
    plain = await api.client.get("/api/boundaries/1", headers={"accept-encoding": "identity"})
    packed = await api.client.get("/api/boundaries/1", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert json.loads(packed.content) == json.loads(plain.content)
