"""Boundary sets in a real PostGIS: what was stored comes back, and publishing is one swap."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo.checks import check
from geo.index import GridIndex
from geo.source import read_grids
from gridward.domain.errors import Refused, Unavailable
from gridward.domain.place import GridRecord
from gridward.store.boundaries import (
    boundary_engine,
    boundary_transaction,
    current_geojson,
    current_version,
    load_boundary_set,
    publish,
    store_boundary_set,
)
from gridward.store.boundary_tables import boundary_sets
from infra.stack.ports import free_port
from tests.geo.helpers import column, rows, square

pytestmark = pytest.mark.postgres

A, B = "331125001001001", "331125001001902"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = boundary_engine(database_url)
    yield made
    await made.dispose()


async def stored(conn: AsyncConnection, records: list[GridRecord], name: str = "演示") -> int:
    return await store_boundary_set(
        conn,
        records,
        name=name,
        source_file="grids.geojson",
        crs="WGS 84",
        sha256="0" * 64,
        findings={"n": 1},
        at=AT,
    )


async def publish_alone(engine: AsyncEngine, version: int) -> None:
    async with engine.begin() as conn:
        await publish(conn, version, LATER)


async def published_at_address(database_url: str) -> int | None:
    async with boundary_transaction(database_url) as conn:
        return await current_version(conn)


def two() -> list[GridRecord]:
    school = square(B, 119.51, 28.0, name="云和中学")
    return [square(A, 119.50, 28.0), GridRecord(B, "云和中学", "grid", school.wkb, special=True)]


async def test_a_set_comes_back_as_it_was_stored(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        version = await stored(conn, two())
    async with engine.connect() as conn:
        loaded = await load_boundary_set(conn, version)
        head = (await conn.execute(select(boundary_sets))).one()
    assert [(r.code, r.name, r.level, r.special) for r in loaded] == [
        (r.code, r.name, r.level, r.special) for r in two()
    ]
    for before, after in zip(two(), loaded, strict=True):
        # Single polygons are kept as multipolygons; every coordinate is the same to the last bit.
        assert shapely.get_parts(shapely.from_wkb(after.wkb))[0] == shapely.from_wkb(before.wkb)
    assert (head.grid_count, head.crs, head.findings, head.stored_at) == (2, "WGS 84", {"n": 1}, AT)
    assert (head.published, head.published_at) == (False, None)


async def test_nothing_is_current_until_it_is_published(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        version = await stored(conn, two())
        assert await current_version(conn) is None
        assert await current_geojson(conn) is None
        await publish(conn, version, AT)
        assert await current_version(conn) == version


async def test_a_new_set_takes_the_place_of_the_old_one_which_is_kept(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        first = await stored(conn, two())
        await publish(conn, first, AT)
    async with engine.begin() as conn:
        second = await stored(conn, two()[:1], "新版")
        await publish(conn, second, LATER)
    async with engine.begin() as conn:
        assert second > first
        assert await current_version(conn) == second
        assert len(await load_boundary_set(conn, first)) == 2
        await publish(conn, first, LATER)
        assert await current_version(conn) == first


async def test_a_reader_never_sees_a_moment_without_a_current_set(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        first = await stored(conn, two())
        await publish(conn, first, AT)
    async with engine.begin() as writer:
        second = await stored(writer, two())
        await publish(writer, second, LATER)
        async with engine.connect() as reader:
            assert await current_version(reader) == first
    async with engine.connect() as reader:
        assert await current_version(reader) == second


async def test_two_who_publish_at_once_leave_exactly_one_current(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        versions = [await stored(conn, two()) for _ in range(4)]

    await asyncio.gather(*(publish_alone(engine, version) for version in versions))
    async with engine.connect() as conn:
        found = (
            (await conn.execute(select(boundary_sets.c.version).where(boundary_sets.c.published)))
            .scalars()
            .all()
        )
    assert len(found) == 1
    assert found[0] in versions


async def test_publishing_what_does_not_exist_is_refused_and_changes_nothing(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        version = await stored(conn, two())
        await publish(conn, version, AT)
    with pytest.raises(Refused, match="999"):
        await publish_alone(engine, 999)
    async with engine.connect() as conn:
        assert await current_version(conn) == version
        with pytest.raises(Refused, match="999"):
            await load_boundary_set(conn, 999)


async def test_a_set_without_grids_or_with_a_code_twice_is_refused(engine: AsyncEngine) -> None:
    async with engine.connect() as conn:
        with pytest.raises(Refused, match="no grids"):
            await stored(conn, [])
        with pytest.raises(Refused, match="twice"):
            await stored(conn, [two()[0], two()[0]])


async def test_the_database_itself_allows_one_current_set_only(engine: AsyncEngine) -> None:
    async with engine.connect() as conn:
        for _ in range(2):
            await stored(conn, two())
        with pytest.raises(IntegrityError, match="uq_boundary_sets_published"):
            await conn.execute(text("UPDATE boundary_sets SET published = true"))


async def test_the_published_grids_are_geojson_with_their_version(engine: AsyncEngine) -> None:
    awkward = square("331125001001003", 119.6, 28.0, name='引号"与\\斜线')
    async with engine.begin() as conn:
        version = await stored(conn, [*two(), awkward])
        await publish(conn, version, AT)
        found = await current_geojson(conn)
    assert found is not None
    number, body = found
    document = json.loads(body)
    assert (number, document["version"], document["type"]) == (version, version, "FeatureCollection")
    assert [feature["properties"] for feature in document["features"]] == [
        {"code": A, "name": two()[0].name, "level": "grid", "special": False},
        {"code": awkward.code, "name": awkward.name, "level": "grid", "special": False},
        {"code": B, "name": "云和中学", "level": "grid", "special": True},
    ]
    drawn = shapely.geometry.shape(document["features"][0]["geometry"])
    assert drawn.equals(shapely.box(119.5, 28.0, 119.51, 28.01))


async def test_an_index_from_the_store_answers_like_one_from_the_file(
    engine: AsyncEngine, shared_data: Path
) -> None:
    source = read_grids(shared_data / "geo/yunhe_townships_clean_wgs84.geojson")
    async with engine.begin() as conn:
        version = await store_boundary_set(
            conn,
            source.records,
            name="云和县",
            source_file="yunhe",
            crs=source.crs,
            sha256=source.sha256,
            findings=check(source.records).as_json(),
            at=AT,
        )
        loaded = await load_boundary_set(conn, version)
    table = rows(shared_data / "geo/routing_vectors_yunhe_clean_wgs84.csv")
    places = column(table, "lng"), column(table, "lat")
    assert GridIndex(loaded, version).locate_arrays(*places) == GridIndex(source.records, 1).locate_arrays(
        *places
    )


async def test_a_database_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await published_at_address(f"postgresql://nobody@127.0.0.1:{free_port()}/none")


async def test_a_database_without_tables_is_unavailable_and_says_what_to_do(postgres_server: str) -> None:
    with pytest.raises(Unavailable, match="gridward migrate"):
        await published_at_address(f"{postgres_server}/postgres")


async def test_a_connection_that_is_cut_is_unavailable(engine: AsyncEngine) -> None:
    async with engine.connect() as conn, engine.connect() as other:
        pid = (await conn.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        await other.execute(text(f"SELECT pg_terminate_backend({pid})"))
        with pytest.raises(Unavailable):
            await current_version(conn)
