"""Stores and publishes a boundary file with what its check found, the same whoever brings it in."""

from collections.abc import Sequence
from datetime import datetime

from geo.findings import Findings
from geo.source import Source
from gridward.clock import SystemClock
from gridward.domain.place import GridRecord
from gridward.store.boundaries import boundary_transaction, publish, store_boundary_set


async def store_and_publish(
    database_url: str,
    source: Source,
    findings: Findings,
    mended: tuple[Sequence[GridRecord], Sequence[str]],
    *,
    name: str,
    file_name: str,
    effective_at: datetime | None = None,
) -> int:
    """The new version. `mended`: the grids as `geo.repair` made them fit, and what it says of each change.

    Raises `Refused`, `Unavailable`.
    """
    records, repairs = mended
    now = SystemClock().now()
    async with boundary_transaction(database_url) as conn:
        version = await store_boundary_set(
            conn,
            records,
            name=name,
            source_file=file_name,
            crs=source.crs,
            sha256=source.sha256,
            findings={**findings.as_json(), "repairs": list(repairs)},
            at=now,
        )
        await publish(conn, version, now, effective_at)
    return version
