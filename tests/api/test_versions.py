"""The web process goes by what is in force, whoever in it reads a new version first."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from api.versions import Versions
from gridward.clock import SystemClock
from gridward.policy.load import load_bundle
from gridward.policy.schema import PolicyBundle
from gridward.store.connect import open_pool
from gridward.store.policies import publish_policy
from tests.api.system import furnish
from tests.policy.test_check import number_of, with_unit

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio]


@pytest_asyncio.fixture
async def versions(database_url: str) -> AsyncIterator[Versions]:
    """Those of a database with a policy and two grids; nothing looks for new ones but the test."""
    await furnish(database_url)
    pool = await open_pool(database_url)
    found = Versions(pool, database_url)
    await found.refresh()
    yield found
    await found.stop()
    await pool.close()


def with_new_name(bundle: PolicyBundle) -> tuple[PolicyBundle, str]:
    """The bundle with the first police station under another name, and that unit's code."""
    at = number_of(bundle, "派出所")
    return with_unit(bundle, at, name="新派出所"), bundle.units.units[at].code


async def put_policy_in_force(database_url: str, bundle: PolicyBundle) -> int:
    connection = await asyncpg.connect(database_url)
    try:
        return await publish_policy(connection, bundle, "test", SystemClock().now())
    finally:
        await connection.close()


async def test_names_follow_a_policy_that_an_incident_asked_for_first(
    versions: Versions, database_url: str
) -> None:
    bundle, unit = with_new_name(load_bundle())
    version = await put_policy_in_force(database_url, bundle)
    assert (await versions.rules(version)).version == version
    assert versions.names.policy is versions.policies.current
    assert versions.names.unit(unit) == "新派出所"


async def test_the_next_look_sees_what_somebody_else_has_read_already(
    versions: Versions, database_url: str
) -> None:
    bundle, unit = with_new_name(load_bundle())
    version = await put_policy_in_force(database_url, bundle)
    assert await versions.policies.refresh()
    await versions.refresh()
    assert (versions.names.policy_version, versions.at_the_door.version) == (version, version)
    assert versions.names.unit(unit) == "新派出所"
