"""A whole small system: one for each file of tests, or for a single test that breaks something."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from gridward.clock import SystemClock
from gridward.settings import Settings
from infra.stack.postgres import Postgres
from infra.stack.topics import TopicAdmin
from tests.api.system import Api, SmallWorker, System, furnish, running_api, settings_for
from tests.conftest import TEMPLATE


@pytest.fixture
def settings(database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path) -> Settings:
    """Of this test alone."""
    return settings_for(database_url, kafka_server, topic_prefix, tmp_path)


@pytest.fixture(scope="module")
def shared_settings(
    postgres: Postgres,
    kafka_server: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Settings]:
    """Of all tests in this file."""
    name = request.module.__name__.rpartition(".")[2]
    postgres.sql(f"create database {name} template {TEMPLATE}")
    with TopicAdmin(kafka_server, f"{name}.") as admin:
        admin.create_missing()
        yield settings_for(postgres.url(name), kafka_server, f"{name}.", tmp_path_factory.mktemp(name))
        admin.delete_all()
    postgres.sql(f"drop database {name} with (force)")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(shared_settings: Settings) -> AsyncIterator[System]:
    """Tests that take it run in the module's loop: `pytest.mark.asyncio(loop_scope="module")`."""
    await furnish(shared_settings.database_url)
    async with SmallWorker(shared_settings, SystemClock()) as worker, running_api(shared_settings) as api:
        yield System(shared_settings, await api.ready(), worker)


@pytest.fixture(scope="module")
def api(system: System) -> Api:
    return system.api
