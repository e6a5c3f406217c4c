"""Says where a policy speaks of ground that the boundaries in force do not have."""

import asyncio
from collections.abc import Callable, Iterator

from geo.policy_ground import off_the_map
from gridward.domain.place import GridRecord
from gridward.policy.schema import PolicyBundle
from gridward.store.boundaries import boundary_transaction, current_version, load_boundary_set

MOST_TOLD = 20  # an import of a prefecture's places beside one township's grids would have thousands


def ground_warnings(database_url: str, bundle: PolicyBundle, say: Callable[[str], str]) -> Iterator[str]:
    """One line for each, by `say`, or the one that there are no boundaries yet. Raises `Unavailable`."""
    records = asyncio.run(_grids_in_force(database_url))
    if not records:
        yield "还没有发布网格边界，区域和地名未与网格核对 no boundaries are published: nothing was compared with them"
        return
    found = off_the_map(bundle, records)
    yield from map(say, found[:MOST_TOLD])
    if len(found) > MOST_TOLD:
        yield f"另有 {len(found) - MOST_TOLD} 处区域或地名没有网格 and as many more areas or places without a grid"


async def _grids_in_force(database_url: str) -> list[GridRecord]:
    async with boundary_transaction(database_url) as conn:
        version = await current_version(conn)
        return await load_boundary_set(conn, version) if version is not None else []
