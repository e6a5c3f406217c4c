"""Where a command finds a policy: in a folder of YAML files, in an Excel workbook, or among the published versions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from gridward.policy.files import load_bundle
from gridward.policy.load import compile_policy
from gridward.policy.schema import PolicyBundle
from gridward.settings import Settings
from gridward.store.connect import passing_errors
from gridward.store.policies import current_policy, policy_version
from infra.policy_xlsx.read import read_workbook


def read_policy(path: Path) -> PolicyBundle:
    """A policy that passes the check, from a folder or an .xlsx file. Raises `PolicyError`."""
    bundle = read_workbook(path) if path.suffix.lower() == ".xlsx" else load_bundle(path)
    compile_policy(bundle, 0)
    return bundle


async def bundle_of(source: str, database_url: str | None) -> PolicyBundle:
    """The bundle of a folder, an .xlsx file, a version number or `current`.

    Raises `PolicyError`, `Refused`, `Unavailable`.
    """
    if source != "current" and not source.isdecimal():
        return read_policy(Path(source))
    async with connection(database_url or Settings().database_url) as conn:
        policy = (
            await current_policy(conn) if source == "current" else await policy_version(conn, int(source))
        )
    return policy.bundle


@asynccontextmanager
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection for a short command. Raises `Unavailable`."""
    with passing_errors():
        conn = await asyncpg.connect(database_url)
    try:
        yield conn
    finally:
        await conn.close()
