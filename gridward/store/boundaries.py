"""Boundary sets in PostGIS: stored under a version, published by one atomic swap now or later, loaded whole.

Functions take a SQLAlchemy `AsyncConnection`; the caller's transaction is theirs, so that storing and publishing
commit together or not at all.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from geoalchemy2 import functions as gis
from sqlalchemy import Insert, LargeBinary, Select, Text, bindparam, cast, func, insert, select, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from gridward.domain.errors import Refused, Unavailable
from gridward.domain.place import GridRecord
from gridward.store.boundary_tables import boundary_sets, grids

# Held until the transaction ends by whoever publishes, so that the last one to ask is the one that stands.
PUBLISHING = 7421_0002
ROWS_A_TIME = 1_000
UNDEFINED_TABLE = "42P01"


@dataclass(frozen=True, slots=True)
class BoundaryVersion:
    """The head of a stored set; `effective_at` is None while nobody has published it."""

    version: int
    name: str
    grid_count: int
    stored_at: datetime
    effective_at: datetime | None


def boundary_engine(database_url: str) -> AsyncEngine:
    """An engine for `postgresql://...`; close it with `dispose()`."""
    return create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://", 1))


@asynccontextmanager
async def boundary_transaction(database_url: str) -> AsyncIterator[AsyncConnection]:
    """One transaction on a connection of its own, for short commands. Raises Unavailable."""
    engine = boundary_engine(database_url)
    try:
        with passing_errors():
            async with engine.begin() as conn:
                yield conn
    finally:
        await engine.dispose()


async def store_boundary_set(
    conn: AsyncConnection,
    records: Sequence[GridRecord],
    *,
    name: str,
    source_file: str,
    crs: str,
    sha256: str,
    findings: Mapping[str, object],
    at: datetime,
) -> int:
    """Keep a set of valid polygons (WGS 84) under a new version, not yet published; returns the version.

    Raises Refused when it has no grids or a code twice, Unavailable when the database is away.
    """
    if not records:
        raise Refused("没有网格可存 no grids to store")
    if len({record.code for record in records}) < len(records):
        raise Refused("网格编码重复 a grid code is given twice")
    head = insert(boundary_sets).values(
        name=name,
        source_file=source_file,
        crs=crs,
        sha256=sha256,
        grid_count=len(records),
        findings=dict(findings),
        stored_at=at,
    )
    with passing_errors():
        version = (await conn.execute(head.returning(boundary_sets.c.version))).scalar_one()
        for some in _in_parts(records):
            await conn.execute(_insert_grids(), [_row(version, record) for record in some])
    return int(version)


async def publish(
    conn: AsyncConnection, version: int, at: datetime, effective_at: datetime | None = None
) -> None:
    """Let this version take effect, at once or at a moment to come; the one before stays stored.

    Nothing happens at that moment but that every process sees another version as current. Raises Refused when there
    is no such version, or the moment is not to come.
    """
    if effective_at is not None and effective_at <= at:
        raise Refused(
            f"生效时间 {effective_at:%Y-%m-%d %H:%M} 已过, 立即生效请不填; the moment has passed, leave it out for now"
        )
    # The database's clock, read under the lock: all processes ask by it, and the last to publish stands.
    moment = func.clock_timestamp() if effective_at is None else effective_at
    with passing_errors():
        await conn.execute(select(func.pg_advisory_xact_lock(PUBLISHING)))
        made = await conn.execute(
            update(boundary_sets)
            .where(boundary_sets.c.version == version)
            .values(published_at=at, effective_at=moment)
        )
    if made.rowcount != 1:
        raise Refused(no_such(version))


async def withdraw(conn: AsyncConnection, version: int) -> None:
    """Take back a set that waits for its moment. Raises Refused when it does not wait."""
    with passing_errors():
        await conn.execute(select(func.pg_advisory_xact_lock(PUBLISHING)))
        made = await conn.execute(
            update(boundary_sets)
            .where(boundary_sets.c.version == version, boundary_sets.c.effective_at > func.clock_timestamp())
            .values(published_at=None, effective_at=None)
        )
    if made.rowcount != 1:
        raise Refused(
            f"边界版本 {version} 不在待生效之列; boundary version {version} does not wait to take effect"
        )


async def current_version(conn: AsyncConnection) -> int | None:
    """The version in effect, None while none is. One indexed row: cheap enough to poll."""
    with passing_errors():
        return (await conn.execute(_current())).scalar_one_or_none()


async def boundary_versions(conn: AsyncConnection) -> list[BoundaryVersion]:
    """Every stored set without its grids, the newest first."""
    c = boundary_sets.c
    query = select(c.version, c.name, c.grid_count, c.stored_at, c.effective_at).order_by(c.version.desc())
    with passing_errors():
        return [BoundaryVersion(*row) for row in (await conn.execute(query)).all()]


async def load_boundary_set(conn: AsyncConnection, version: int) -> list[GridRecord]:
    """Every grid of a version, by code. Raises Refused when there is no such version."""
    query = (
        select(
            grids.c.code,
            grids.c.name,
            grids.c.level,
            gis.ST_AsBinary(grids.c.geom).label("wkb"),
            grids.c.special,
        )
        .where(grids.c.boundary_version == version)
        .order_by(grids.c.code)
    )
    with passing_errors():
        rows = (await conn.execute(query)).all()
    if not rows:
        raise Refused(no_such(version))
    return [GridRecord(row.code, row.name, row.level, bytes(row.wkb), row.special) for row in rows]


async def current_geojson(conn: AsyncConnection) -> tuple[int, str] | None:
    """The published version and its grids as GeoJSON text; None while nothing is published.

    A FeatureCollection with a member `version`, features with `code`, `name`, `level` and `special`, coordinates
    to seven decimals (1 cm). PostGIS writes the text, so that nothing is parsed on the way.
    """
    c = grids.c
    properties = func.json_build_object(
        "code", c.code, "name", c.name, "level", c.level, "special", c.special
    )
    query = (
        select(
            c.boundary_version,
            cast(properties, Text).label("properties"),
            gis.ST_AsGeoJSON(c.geom, 7).label("geometry"),
        )
        .where(c.boundary_version == _current().scalar_subquery())
        .order_by(c.code)
    )
    with passing_errors():
        rows = (await conn.execute(query)).all()
    if not rows:
        return None
    version = rows[0].boundary_version
    features = ",".join(
        f'{{"type":"Feature","properties":{row.properties},"geometry":{row.geometry}}}' for row in rows
    )
    return version, f'{{"type":"FeatureCollection","version":{version},"features":[{features}]}}'


@contextmanager
def passing_errors() -> Iterator[None]:
    """Turn what passes with time into Unavailable: a database that is away, or has no tables yet."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"PostgreSQL: {error}") from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == UNDEFINED_TABLE:
            raise Unavailable("数据库尚未建表, 请先运行 gridward migrate; no tables yet") from error
        if error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            raise Unavailable(f"PostgreSQL: {error.orig}") from error
        raise


def no_such(version: int) -> str:
    return f"没有边界版本 {version}, 请看 gridward grids list; there is no boundary version {version}"


def _current() -> Select[int]:
    c = boundary_sets.c
    in_effect = select(c.version).where(c.effective_at <= func.clock_timestamp())
    return in_effect.order_by(c.effective_at.desc(), c.version.desc()).limit(1)


def _insert_grids() -> Insert:
    # One statement for all rows: the shape goes over as WKB, and a single polygon becomes a multipolygon.
    shape = gis.ST_Multi(gis.ST_GeomFromWKB(bindparam("wkb", type_=LargeBinary), 4326))
    return insert(grids).values(geom=shape)


def _row(version: int, record: GridRecord) -> dict[str, object]:
    return {
        "boundary_version": version,
        "code": record.code,
        "name": record.name,
        "level": record.level,
        "special": record.special,
        "wkb": record.wkb,
    }


def _in_parts(records: Sequence[GridRecord]) -> Iterator[Sequence[GridRecord]]:
    for start in range(0, len(records), ROWS_A_TIME):
        yield records[start : start + ROWS_A_TIME]
