"""Boundary sets in a real PostGIS: what was stored comes back, and publishing is one swap."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import shapely
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from geo.checks import check
from geo.index import GridIndex
from geo.source import read_grids
from gridward.clock import SystemClock
from gridward.domain.errors import Refused, Unavailable
from gridward.domain.place import GridRecord, Point
from gridward.store.boundaries import (
    boundary_engine,
    boundary_transaction,
    boundary_versions,
    current_geojson,
    current_version,
    load_boundary_set,
    publish,
    store_boundary_set,
    withdraw,
)
from gridward.store.boundary_tables import boundary_sets
from infra.stack.ports import free_port
from stream.boundaries import BoundaryBook
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
    assert (head.effective_at, head.published_at) == (None, None)


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


async def test_of_many_who_publish_at_once_the_last_one_stands(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        versions = [await stored(conn, two()) for _ in range(4)]

    await asyncio.gather(*(publish_alone(engine, version) for version in versions))
    async with engine.connect() as conn:
        moments = {one.effective_at: one.version for one in await boundary_versions(conn)}
        assert len(moments) == 4
        assert await current_version(conn) == moments[max(moment for moment in moments if moment)]


async def test_a_set_published_for_later_takes_effect_then_and_not_before(engine: AsyncEngine) -> None:
    soon = SystemClock().now() + timedelta(seconds=1.5)
    async with engine.begin() as conn:
        first, second = await stored(conn, two()), await stored(conn, two()[:1])
        await publish(conn, first, AT)
        await publish(conn, second, AT, soon)
    async with engine.connect() as conn:
        assert await current_version(conn) == first
        found = await current_geojson(conn)
        assert found is not None
        assert found[0] == first
    # Two processes that poll; neither is told anything.
    books = BoundaryBook(engine), BoundaryBook(engine)
    for book in books:
        await book.refresh()
        assert book.current.version == first
    await asyncio.sleep(max((soon - SystemClock().now()).total_seconds(), 0) + 0.05)
    for book in books:
        assert await book.refresh()
        assert (book.current.version, len(book.current)) == (second, 1)


async def test_a_set_that_waits_can_be_taken_back_and_one_in_effect_cannot(engine: AsyncEngine) -> None:
    tomorrow = SystemClock().now() + timedelta(days=1)
    async with engine.begin() as conn:
        first, second = await stored(conn, two()), await stored(conn, two())
        await publish(conn, first, AT)
        await publish(conn, second, AT, tomorrow)
        await withdraw(conn, second)
        assert next(one.effective_at for one in await boundary_versions(conn)) is None
    async with engine.begin() as conn:
        with pytest.raises(Refused, match="does not wait"):
            await withdraw(conn, first)
        assert await current_version(conn) == first


async def test_a_moment_that_has_passed_is_refused(engine: AsyncEngine) -> None:
    async with engine.connect() as conn:
        version = await stored(conn, two())
        with pytest.raises(Refused, match="has passed"):
            await publish(conn, version, LATER, AT)


async def test_publishing_under_load_is_one_swap_for_who_locates_meanwhile(engine: AsyncEngine) -> None:
    """Threads locate without pause while sets are swapped; each batch is of one set, none finds nothing."""
    places = [Point(119.505, 28.005)] * 500
    async with engine.begin() as conn:
        left = await stored(conn, [square(A, 119.50, 28.0)])
        right = await stored(conn, [square(B, 119.50, 28.0)])
        await publish(conn, left, AT)
    book = BoundaryBook(engine)
    await book.refresh()
    code_of = {left: A, right: B}
    stop = threading.Event()
    seen: list[int] = []

    def keep_locating() -> None:
        while not stop.is_set():
            index = book.current
            assert {match.grid for match in index.locate(places)} == {code_of[index.version]}
            seen.append(index.version)

    with ThreadPoolExecutor(2) as threads:
        working = [threads.submit(keep_locating) for _ in range(2)]
        try:
            for version in [right, left] * 10:
                await publish_alone(engine, version)
                assert await book.refresh()
                await asyncio.sleep(0.01)
        finally:
            stop.set()
    for one in working:
        one.result()
    assert set(seen) == {left, right}
    assert sum(a != b for a, b in pairwise(seen)) >= 10


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
