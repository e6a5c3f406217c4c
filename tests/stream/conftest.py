"""Logs in one plain line each: a traceback drawn in boxes takes longer than the test it belongs to."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
import structlog

from gridward.testing import ManualClock
from tests.stream.little_system import NOW, LittleSystem, little_system


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    structlog.configure(
        processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest_asyncio.fixture
async def system(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path, clock: ManualClock
) -> AsyncIterator[LittleSystem]:
    """Real servers, and a clock that stands still."""
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path, clock) as system:
        yield system
