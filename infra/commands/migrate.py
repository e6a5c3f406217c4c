"""`gridward migrate`: brings the database to the newest shape of its tables."""

from typing import Annotated

import typer

from gridward.settings import Settings
from gridward.store.migrate import migrate as migrate_database


def migrate(
    database_url: Annotated[
        str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")
    ] = None,
) -> None:
    """升级数据库结构 Bring the database to the newest shape of its tables. Safe to run again."""
    migrate_database(database_url or Settings().database_url)
    typer.echo("数据库结构已是最新 The database is up to date.")
