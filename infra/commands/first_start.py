"""What a first start needs: the bundled policy and the demo township, where nothing else was published."""

import asyncio
from pathlib import Path

from geo.checks import check
from geo.findings import Thresholds
from geo.repair import repair
from geo.source import read_grids
from gridward.clock import SystemClock
from gridward.policy.files import load_bundle
from gridward.store.boundaries import boundary_transaction, current_version
from gridward.store.policies import newest_version, publish_policy
from infra.commands.grid_store import store_and_publish
from infra.commands.policy_source import connection

TOWNSHIP = Path(__file__).parents[1] / "demo" / "township.geojson"
TOWNSHIP_NAME = "青梧镇（虚构）"
BUNDLED_NOTE = "bundled"


def load_demo(database_url: str) -> None:
    """A county's own policy or boundaries are never replaced; an older bundled policy is.

    Raises `Refused`, `Unavailable`.
    """
    asyncio.run(fill(database_url))


async def fill(database_url: str) -> None:
    """As `load_demo`, within a running event loop."""
    async with connection(database_url) as conn:
        newest = await newest_version(conn)
        if newest is None or newest.note == BUNDLED_NOTE:
            await publish_policy(conn, load_bundle(), BUNDLED_NOTE, SystemClock().now())
    async with boundary_transaction(database_url) as boundaries:
        if await current_version(boundaries) is not None:
            return
    source = read_grids(TOWNSHIP, None)
    findings = check(source.records, Thresholds())
    await store_and_publish(
        database_url,
        source,
        findings,
        repair(source.records),
        name=TOWNSHIP_NAME,
        file_name=TOWNSHIP.name,
    )
