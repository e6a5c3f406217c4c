"""Both stores behind one fixture; tests that look at tables themselves take `postgres_bench`."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gridward.store.connect import open_pool
from gridward.testing import ManualClock
from tests.store.asked import NOW
from tests.store.benches import Bench, MemoryBench, PostgresBench


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest_asyncio.fixture
async def postgres_bench(database_url: str, clock: ManualClock) -> AsyncIterator[PostgresBench]:
    pool = await open_pool(database_url)
    yield PostgresBench(pool, clock)
    await pool.close()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def bench(request: pytest.FixtureRequest) -> Bench:
    if request.param == "memory":
        return MemoryBench()
    postgres: PostgresBench = request.getfixturevalue("postgres_bench")
    return postgres
