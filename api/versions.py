"""The policy and boundary versions in force, looked for every two seconds."""

import asyncio
import gzip
from dataclasses import replace

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from api.names import Names
from api.tasks import end
from geo.named import NamedGrids
from gridward.domain.errors import Refused, Unavailable
from gridward.domain.rules import Rules
from gridward.logs import get_logger
from gridward.metrics import boundary_version, policy_version
from gridward.policy.alarms import GridAlarm, grid_alarms
from gridward.policy.load import bundled_policy
from gridward.policy.policy import Policy
from gridward.store.boundaries import boundary_engine, current_geojson, current_version, load_boundary_set
from gridward.store.policy_book import PolicyBook

EVERY = 2.0  # seconds

log = get_logger(__name__)


class Versions:
    """Keeps the last ones it saw when the database is away: intake goes on with them."""

    def __init__(self, pool: asyncpg.Pool, database_url: str) -> None:
        self.policies = PolicyBook(pool)
        self.names = Names()
        self.grids: NamedGrids | None = None  # the same set in memory
        self.grids_gzip: bytes = b""  # the published boundary set as compressed GeoJSON
        self._bundled: Policy | None = None
        self._unserved: tuple[Names, list[GridAlarm]] | None = None
        self._engine: AsyncEngine = boundary_engine(database_url)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._keep_looking())

    async def stop(self) -> None:
        await end(self._task)
        await self._engine.dispose()

    async def refresh(self) -> None:
        """Look once. Raises `Unavailable`, or `Refused` when what is stored cannot be used."""
        try:
            await self._refresh_policy()
        finally:  # borders do not wait for a policy that cannot be used
            await self._refresh_boundaries()

    async def unserved(self) -> list[GridAlarm]:
        """The grids of the set in force that lack a unit, looked for once for each pair of versions, in a thread: a
        large county has 10,000 grids, and every console asks each minute.
        """
        names = self.names
        if self._unserved is None or self._unserved[0] is not names:
            found = await asyncio.to_thread(grid_alarms, self.at_the_door, names.grids)
            self._unserved = names, found
        return self._unserved[1]

    @property
    def at_the_door(self) -> Policy:
        """What intake goes by: the policy in force or, before one was ever read, the one that came along."""
        if self.names.policy is not None:
            return self.names.policy
        if self._bundled is None:
            self._bundled = bundled_policy()
        return self._bundled

    async def rules(self, version: int) -> Rules:
        """The rules of a version, looked for when it is not here yet. Raises `Unavailable`."""
        if version and version not in self.policies.versions:
            await self._refresh_policy()
        return self.policies.rules(version)

    async def _refresh_policy(self) -> None:
        try:
            await self.policies.refresh()
        finally:
            self._take_up()

    def _take_up(self) -> None:
        """Whoever brought it in: the names must never stay behind the rules."""
        policy = self.policies.in_force
        if policy is not None and policy is not self.names.policy:
            self.names = replace(self.names, policy=policy, retired=self.policies.retired())
            policy_version.set(policy.version)

    async def _refresh_boundaries(self) -> None:
        async with self._engine.connect() as connection:
            version = await current_version(connection)
            if version is None or version == self.names.boundary_version:
                return
            found = await current_geojson(connection)
            if found is None:
                return
            # Another set may have taken effect since: all that follows is of this one.
            version, geojson = found
            records = await load_boundary_set(connection, version)
        named = await asyncio.to_thread(NamedGrids, records, version)
        features = orjson.loads(geojson)["features"]
        grids = {one["properties"]["code"]: one["properties"]["name"] for one in features}
        packed = await asyncio.to_thread(gzip.compress, geojson.encode(), 6, mtime=0)
        self.grids, self.grids_gzip = named, packed
        self.names = replace(self.names, grids=grids, boundary_version=version)
        boundary_version.set(version)

    async def _keep_looking(self) -> None:
        while True:
            try:
                await self.refresh()
            except (Unavailable, OSError) as error:
                log.debug("versions not looked up", reason=str(error))
            except Refused as error:
                log.error("stored version cannot be used", reason=str(error))
            except Exception:
                log.exception("versions not looked up")
            await asyncio.sleep(EVERY)
