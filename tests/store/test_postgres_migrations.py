"""The migrations make exactly the tables that the code believes in, from empty and again."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import asyncpg
import pytest
from alembic import command

from gridward.store.migrate import alembic_config, migrate

pytestmark = pytest.mark.postgres


@pytest.fixture
def empty_url(postgres_server: str) -> Iterator[str]:
    """A database without any table of ours."""
    asyncio.run(run_sql(f"{postgres_server}/postgres", "CREATE DATABASE test_empty"))
    yield f"{postgres_server}/test_empty"
    asyncio.run(run_sql(f"{postgres_server}/postgres", "DROP DATABASE test_empty WITH (FORCE)"))


async def run_sql(url: str, statement: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [str(row[0]) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
SPATIAL = "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%USING gist%' AND schemaname = 'public'"


def test_the_migrations_make_what_the_code_believes_in(empty_url: str) -> None:
    migrate(empty_url)
    command.check(alembic_config(empty_url))
    migrate(empty_url)
    assert asyncio.run(run_sql(empty_url, SPATIAL)) == ["ix_grids_geom"]


def test_the_migrations_can_be_taken_back_to_nothing(empty_url: str) -> None:
    migrate(empty_url)
    command.downgrade(alembic_config(empty_url), "base")
    assert asyncio.run(run_sql(empty_url, TABLES)) == ["alembic_version"]
    migrate(empty_url)


def test_two_processes_that_start_together_migrate_once(empty_url: str) -> None:
    script = f"from gridward.store.migrate import migrate; migrate({empty_url!r})"
    both = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(asyncio.run(run_sql(empty_url, "SELECT version_num FROM alembic_version"))) == 1
