"""The desk reads whom it will miss, and no longer once the roster is filled in."""

from typing import Any

import asyncpg
import pytest

from gridward.clock import SystemClock
from gridward.policy.files import load_bundle
from gridward.policy.schema import PolicyBundle
from gridward.policy.unit_rows import Person
from gridward.store.policies import publish_policy
from tests.api.system import Api, System
from tests.policy.test_check import number_of, with_unit

pytestmark = [pytest.mark.kafka, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="module")]


async def alarms(api: Api) -> dict[str, Any]:
    return await api.read("/api/alarms")


async def put_in_force(system: System, bundle: PolicyBundle) -> None:
    connection = await asyncpg.connect(system.settings.database_url)
    try:
        await publish_policy(connection, bundle, "test", SystemClock().now())
    finally:
        await connection.close()
    await system.api.services.versions.refresh()


async def test_a_unit_that_nobody_answers_for_is_told_until_somebody_does(system: System) -> None:
    bundle = load_bundle()
    assert (await alarms(system.api))["units"] == []
    at = number_of(bundle, "派出所")
    await put_in_force(system, with_unit(bundle, at, duty=Person(name="待填", phone="待填")))
    found = await alarms(system.api)
    (one,) = found["units"]
    unit = bundle.units.units[at]
    assert (one["unit"], one["name"], one["now"]) == (unit.code, unit.name, True)
    assert (one["stands_in"], one["leader"]) == (unit.backup, unit.leader.name)
    assert "无人值班" in one["text_zh"]
    assert found["look_ahead_days"] == bundle.units.look_ahead_days
    await put_in_force(system, bundle)
    assert (await alarms(system.api))["units"] == []


async def test_grids_that_no_unit_serves_are_told_together(system: System) -> None:
    bundle = load_bundle()
    at = number_of(bundle, "派出所")
    elsewhere = with_unit(bundle, at, areas=["990201"])
    await put_in_force(system, elsewhere)
    found = await alarms(system.api)
    assert found["grids"], found
    assert found["grids"][0]["missing"] == ["派出所"]
    assert found["grids"][0]["count"] == len(system.api.services.versions.names.grids)
    assert "派出所" in found["grids"][0]["text_zh"]
    await put_in_force(system, bundle)
    assert (await alarms(system.api))["grids"] == []
