"""The web process goes by what is in force, whoever in it reads a new version first."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

import api.versions
from api.versions import Versions
from gridward.clock import SystemClock
from gridward.domain.errors import Refused
from gridward.policy.load import load_bundle
from gridward.policy.schema import PolicyBundle
from gridward.store.boundaries import boundary_transaction, current_version, publish, store_boundary_set
from gridward.store.connect import open_pool
from gridward.store.policies import publish_policy
from tests.api.system import GRIDS, furnish
from tests.geo.helpers import square
from tests.policy.test_check import number_of, with_unit

pytestmark = [pytest.mark.postgres, pytest.mark.asyncio]

LATER_GRID = "990101101001003"


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


async def put_grids_in_force(database_url: str) -> None:
    """The two grids of before, and a third."""
    now = SystemClock().now()
    grids = [*GRIDS, square(LATER_GRID, 119.53, 28.09, 0.02)]
    async with boundary_transaction(database_url) as transaction:
        version = await store_boundary_set(
            transaction, grids, name="later", source_file="", crs="", sha256="", findings={}, at=now
        )
        await publish(transaction, version, now)


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


async def test_with_a_policy_that_cannot_be_used_the_one_before_and_new_borders_hold(
    versions: Versions, database_url: str
) -> None:
    """Also for one that starts then: it does not go by what came along with the program."""
    await put_policy_in_force(database_url, with_new_name(load_bundle())[0])
    unusable = await put_policy_in_force(database_url, load_bundle())
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(
            "UPDATE policy_versions SET bundle = bundle - 'responsibility' WHERE version = $1", unusable
        )
    finally:
        await connection.close()
    await put_grids_in_force(database_url)
    started = Versions(versions.policies.pool, database_url)
    for one, stands in ((versions, 1), (started, unusable - 1)):
        with pytest.raises(Refused):
            await one.refresh()
        assert one.at_the_door.version == one.names.policy_version == stands
        assert LATER_GRID in one.names.grids
        assert (await one.rules(unusable)).version == unusable
    await started.stop()


async def test_a_set_that_takes_effect_while_another_is_read_leaves_no_mixture(
    versions: Versions, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def overtaken(connection: Any) -> int | None:
        found = await current_version(connection)
        await put_grids_in_force(database_url)
        return found

    await put_grids_in_force(database_url)
    monkeypatch.setattr(api.versions, "current_version", overtaken)
    await versions.refresh()
    monkeypatch.undo()
    await versions.refresh()
    assert versions.grids is not None
    assert versions.names.boundary_version == versions.grids.index.version == 3
    assert LATER_GRID in versions.names.grids
