"""Policy versions in a real PostgreSQL, and the commands that put policy and units in force."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from gridward.domain.errors import Refused, Unavailable
from gridward.policy.files import BUNDLED
from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.store.boundaries import boundary_transaction, current_version
from gridward.store.connect import open_pool
from gridward.store.policies import current_policy, newest_version, policy_version, publish_policy, roll_back
from infra.commands import policy as policy_command
from infra.commands import units as units_command
from infra.commands.first_start import fill, load_demo
from tests.policy.test_check import with_rules

pytestmark = pytest.mark.postgres

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW_RULE = RuleRow(category="05", area="990101", lead="村社区")


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_what_was_published_comes_back(conn: asyncpg.Connection, bundle: PolicyBundle) -> None:
    version = await publish_policy(conn, bundle, "first", AT)
    policy = await current_policy(conn)
    assert (version, policy.version, policy.bundle) == (1, 1, bundle)


async def test_the_same_policy_is_one_version(conn: asyncpg.Connection, bundle: PolicyBundle) -> None:
    first = await publish_policy(conn, bundle, "first", AT)
    assert await publish_policy(conn, bundle, "again", AT) == first
    assert await conn.fetchval("SELECT count(*) FROM policy_versions") == 1


async def test_an_earlier_version_stays_for_those_who_need_it(
    conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, bundle, "first", AT)
    second = await publish_policy(conn, with_rules(bundle, NEW_RULE), "second", AT)
    assert (second, (await current_policy(conn)).version) == (2, 2)
    assert (await policy_version(conn, 1)).bundle == bundle


async def test_an_earlier_policy_is_in_force_again_under_a_new_number(
    conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, bundle, "first", AT)
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "second", AT)
    assert await roll_back(conn, 1, "second was wrong", AT, "li") == 3
    newest = await newest_version(conn)
    assert newest is not None
    assert (newest.version, newest.note, newest.published_by) == (3, "second was wrong", "li")
    assert (await current_policy(conn)).bundle == bundle
    assert (await policy_version(conn, 2)).bundle == with_rules(bundle, NEW_RULE)


async def test_what_is_in_force_or_unknown_is_not_rolled_back_to(
    conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, bundle, "first", AT)
    for version, said in ((1, "nothing to do"), (9, "no policy version 9")):
        with pytest.raises(Refused, match=said):
            await roll_back(conn, version, "", AT)
    assert await conn.fetchval("SELECT count(*) FROM policy_versions") == 1


async def test_the_commands_check_apply_and_roll_back(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, bundle, "first", AT)
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "second", AT)
    to = ["--database-url", database_url]
    checked = await asyncio.to_thread(CliRunner().invoke, policy_command.app, ["check", str(BUNDLED)])
    back = await asyncio.to_thread(CliRunner().invoke, policy_command.app, ["rollback", "1", "--yes", *to])
    applied = await asyncio.to_thread(CliRunner().invoke, policy_command.app, ["apply", str(BUNDLED), *to])
    changed = await asyncio.to_thread(CliRunner().invoke, policy_command.app, ["diff", "2", "current", *to])
    assert changed.exit_code == 0
    assert changed.output.count("\n") == 2
    assert "changed categories: 0" in changed.output
    assert "删除 removed" in changed.output
    assert (checked.exit_code, back.exit_code, applied.exit_code) == (0, 0, 0)
    assert "version 3" in " ".join(back.output.split())
    assert "版本 3" in applied.output


async def test_what_apply_changes_is_told(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "first", AT)
    arguments = ["apply", str(BUNDLED), "--by", "li", "--yes", "--database-url", database_url]
    applied = await asyncio.to_thread(CliRunner().invoke, policy_command.app, arguments)
    assert applied.exit_code == 0
    assert "删除 removed" in applied.output
    newest = await newest_version(conn)
    assert newest is not None
    assert (newest.version, newest.published_by) == (2, "li")


async def test_a_policy_that_contradicts_itself_is_not_published(
    conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    with pytest.raises(PolicyError):
        await publish_policy(conn, with_rules(bundle, NEW_RULE, NEW_RULE), "tied", AT)
    assert await newest_version(conn) is None


async def test_without_a_policy_there_is_none_in_force(conn: asyncpg.Connection) -> None:
    with pytest.raises(Unavailable, match="gridward policy apply"):
        await current_policy(conn)
    with pytest.raises(Refused):
        await policy_version(conn, 4)


async def test_a_pool_that_speaks_json_reads_the_same(database_url: str, bundle: PolicyBundle) -> None:
    pool = await open_pool(database_url, 1)
    async with pool.acquire() as connection:
        await publish_policy(connection, bundle, "", AT)
        assert (await current_policy(connection)).bundle == bundle
    await pool.close()


async def test_a_first_start_has_a_policy_and_a_township(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await fill(database_url)
    await fill(database_url)
    assert (await current_policy(conn)).bundle == bundle
    async with boundary_transaction(database_url) as boundaries:
        assert await current_version(boundaries) == 1
    (township,) = await conn.fetch("SELECT grid_count, findings FROM boundary_sets")
    found = json.loads(township["findings"])
    assert found["grids"] == township["grid_count"] == 68, "the township was checked as any import is"
    assert (found["errors"], found["findings"], found["repairs"]) == (0, [], [])
    assert found["thresholds"]["overlap_m2"] > 0


async def test_a_first_start_leaves_a_countys_own_policy_alone(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    own = with_rules(bundle, NEW_RULE)
    await publish_policy(conn, own, "ours", AT)
    await fill(database_url)
    assert (await current_policy(conn)).bundle == own


def test_a_template_of_the_boundaries_can_be_imported(database_url: str, tmp_path: Path) -> None:
    load_demo(database_url)
    file = tmp_path / "units.yaml"
    run = CliRunner()
    made = run.invoke(units_command.app, ["template", "--out", str(file), "--database-url", database_url])
    assert made.exit_code == 0, made.output
    assert "待填" in file.read_text("utf-8")
    imported = run.invoke(units_command.app, ["import", str(file), "--database-url", database_url])
    assert imported.exit_code == 0, imported.output
    assert "策略版本 2" in imported.output
    assert "缺单位" not in imported.output
    assert "待填" in imported.output
    duty = run.invoke(units_command.app, ["duty", "--database-url", database_url])
    assert "无人值班" in duty.output  # of the version in force: nobody is filled in yet
    assert "个网格均有单位管辖" in duty.output


def test_units_that_leave_a_rule_without_one_are_named(database_url: str, tmp_path: Path) -> None:
    load_demo(database_url)
    file = tmp_path / "units.yaml"
    file.write_text(
        """units:
  - {code: "99010110120009", name: 所, kinds: [派出所], areas: ["990101101"],
     duty: {name: 甲, phone: 0000-1}, leader: {name: 乙, phone: 0000-2}}
""",
        "utf-8",
    )
    done = CliRunner().invoke(units_command.app, ["import", str(file), "--database-url", database_url])
    assert done.exit_code == 0, done.output
    assert "990101101: 没有司法所" in done.output
    assert "没有派出所" not in done.output
    duty = CliRunner().invoke(units_command.app, ["duty", "--database-url", database_url])
    assert duty.exit_code == 0, duty.output
    (line,) = [line for line in duty.output.splitlines() if "请在单位表中补上管辖范围" in line]
    assert "司法所" in line
    assert "派出所" not in line
    assert "：990101101" in line
    assert "个网格缺单位" in duty.output


def test_without_boundaries_grids_are_said_not_to_be_looked_at(database_url: str) -> None:
    duty = CliRunner().invoke(units_command.app, ["duty", "--database-url", database_url])
    assert duty.exit_code == 0, duty.output
    assert "网格未核对" in duty.output


def test_a_broken_folder_is_told_in_lines(database_url: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(policy_command.app, ["load", str(tmp_path), "--database-url", database_url])
    assert done.exit_code == 2
    assert "categories.yaml: 没有这个文件，请补上" in done.output
