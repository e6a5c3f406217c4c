"""The boundary set in force, as an index in memory, and the county that it belongs to."""

from collections import Counter

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from geo.index import GridIndex
from geo.named import NamedGrids
from gridward.domain.errors import Unavailable
from gridward.policy.divisions import COUNTY
from gridward.policy.gazetteer import Gazetteer
from gridward.policy.policy import Policy
from gridward.store.boundaries import current_version, load_boundary_set
from gridward.store.connect import passing_state


class BoundaryBook:
    """Swaps to a newly published set between two batches; a batch is located in one set only."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.index: GridIndex | None = None
        self.county = ""
        self.named: NamedGrids | None = None

    async def refresh(self) -> bool:
        """Load the published set when it is another one; True when it is. Raises `Unavailable`."""
        try:
            async with self.engine.connect() as connection:
                version = await current_version(connection)
                if version is None or (self.index is not None and self.index.version == version):
                    return False
                records = await load_boundary_set(connection, version)
        except OSError as error:
            raise Unavailable(f"PostgreSQL: {type(error).__name__}") from error
        except DBAPIError as error:
            if error.connection_invalidated or passing_state(getattr(error.orig, "sqlstate", None)):
                raise Unavailable(f"PostgreSQL: {type(error.orig).__name__}") from error
            raise
        self.named = NamedGrids(records, version)
        self.index = self.named.index
        counties = Counter(record.code[:COUNTY] for record in records)
        self.county = counties.most_common(1)[0][0]
        return True

    def gazetteer(self, policy: Policy) -> Gazetteer:
        """The policy's places with those of the set in force; policy's alone while there is none."""
        return self.named.gazetteer(policy) if self.named else policy.gazetteer

    @property
    def current(self) -> GridIndex:
        """Raises `Unavailable` while no boundary set is published."""
        if self.index is None:
            raise Unavailable("no boundary set is published yet: run `gridward grids import`")
        return self.index
