"""What people look at of boundary sets: all of them by state, one with its grids and findings. Reads only.

Everything here raises `Unavailable` when the database is away.
"""

from dataclasses import dataclass
from typing import Any

import asyncpg

from gridward.domain.place import GridRecord
from gridward.store.connect import passing_errors

# A set that nobody has published was taken back: an import publishes what it stores in the same transaction.
_HEADS = """
SELECT version, name, source_file, crs, grid_count, stored_at, published_at, effective_at,
       CASE WHEN effective_at IS NULL THEN 'withdrawn'
            WHEN effective_at > clock_timestamp() THEN 'waiting'
            WHEN version = (SELECT version FROM boundary_sets WHERE effective_at <= clock_timestamp()
                            ORDER BY effective_at DESC, version DESC LIMIT 1) THEN 'current'
            ELSE 'past' END AS state,
       findings - 'findings' AS summary
FROM boundary_sets
"""
_GRIDS = """
SELECT code, name, level, special, ST_AsBinary(geom) AS wkb, ST_AsGeoJSON(geom, 7) AS geojson
FROM grids WHERE boundary_version = $1 ORDER BY code
"""


@dataclass(frozen=True, slots=True)
class StoredGrid:
    """A grid as stored, and its shape as GeoJSON text (seven decimals, 1 cm)."""

    record: GridRecord
    geojson: str


@dataclass(frozen=True, slots=True)
class StoredSet:
    """A set whole: its head as `boundary_heads` gives it, its grids by code, each finding as it was stored."""

    head: dict[str, Any]
    grids: list[StoredGrid]
    findings: list[dict[str, Any]]


async def boundary_heads(pool: asyncpg.Pool) -> list[dict[str, Any]]:
    """Every stored set, the newest first.

    `state` is current, waiting, past or withdrawn; `summary` is what the check wrote beside its findings: thresholds,
    errors, totals by kind, repairs. It is empty for a set that nobody checked.
    """
    with passing_errors():
        return [dict(row) for row in await pool.fetch(f"{_HEADS} ORDER BY version DESC")]


async def stored_set(pool: asyncpg.Pool, version: int) -> StoredSet | None:
    """One set; None when there is no such version."""
    with passing_errors():
        async with pool.acquire(timeout=10) as connection:
            head = await connection.fetchrow(f"{_HEADS} WHERE version = $1", version)
            if head is None:
                return None
            found = await connection.fetchval(
                "SELECT findings -> 'findings' FROM boundary_sets WHERE version = $1", version
            )
            rows = await connection.fetch(_GRIDS, version)
    grids = [
        StoredGrid(
            GridRecord(row["code"], row["name"], row["level"], row["wkb"], row["special"]), row["geojson"]
        )
        for row in rows
    ]
    return StoredSet(dict(head), grids, found or [])
