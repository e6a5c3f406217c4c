"""A whole small system for each test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from gridward.clock import SystemClock
from gridward.settings import Settings
from tests.api.system import Api, SmallWorker, System, furnish, running_api, settings_for


@pytest.fixture
def settings(database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, kafka_server, topic_prefix, tmp_path)


@pytest_asyncio.fixture
async def system(settings: Settings) -> AsyncIterator[System]:
    await furnish(settings.database_url)
    async with SmallWorker(settings, SystemClock()) as worker, running_api(settings) as api:
        yield System(settings, await api.ready(), worker)


@pytest.fixture
def api(system: System) -> Api:
    return system.api
