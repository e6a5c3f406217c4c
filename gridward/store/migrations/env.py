"""Alembic's entry: one asynchronous connection, one transaction for all of it."""

import asyncio

from alembic import context
from geoalchemy2.alembic_helpers import include_object, render_item, writer
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import async_engine_from_config

from gridward.store import boundary_tables, policy_tables, tables
from gridward.store.metadata import metadata

ALL_TABLES = (tables, boundary_tables, policy_tables)  # importing them fills the metadata
ONE_AT_A_TIME = 7421_0001  # advisory lock: two processes that start together migrate once


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=include_object,
        render_item=render_item,
        process_revision_directives=writer,
    )
    with context.begin_transaction():
        connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        context.run_migrations()


async def connect_and_run() -> None:
    engine = async_engine_from_config(
        context.config.get_section(context.config.config_ini_section, {}), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(connect_and_run())
