"""Where a command finds a policy: in a folder of YAML files, in an Excel workbook, or among the published versions."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gridward.policy.check import problems, slips
from gridward.policy.files import load_bundle
from gridward.policy.load import bundled_policy, compile_policy
from gridward.policy.located import Folder
from gridward.policy.policy import Policy
from gridward.policy.problem import PolicyError
from gridward.policy.schema import PolicyBundle
from gridward.settings import Settings
from gridward.store.connect import passing_errors
from gridward.store.policies import current_policy, newest_version, policy_version
from infra.policy_xlsx.read import Reading


@dataclass(frozen=True, slots=True)
class Source:
    """A policy as it was read. `say` names the line or the cell of a mistake; `notes` are oddities that do no harm."""

    bundle: PolicyBundle
    say: Callable[[str], str]
    notes: list[str]


async def policy_in_force(database_url: str) -> Policy:
    """The published policy in force, or the bundled one while none is. Raises `Unavailable`."""
    async with connection(database_url) as conn:
        newest = await newest_version(conn)
        return await policy_version(conn, newest.version) if newest else bundled_policy()


def read_policy(path: Path) -> PolicyBundle:
    """A policy that passes the check, from a folder or an .xlsx file. Raises `PolicyError`."""
    return read_source(path).bundle


def read_source(path: Path) -> Source:
    """As `read_policy`, with where things stand. Raises `PolicyError`."""
    source = _read(path)
    found = [*problems(source.bundle), *slips(source.bundle)]
    if found:
        raise PolicyError([source.say(one) for one in found])
    compile_policy(source.bundle, 0)
    return source


def _read(path: Path) -> Source:
    if path.suffix.lower() == ".xlsx":
        reading = Reading(path)
        return Source(reading.bundle(), reading.say, reading.notes)
    if path.is_file():
        raise PolicyError(
            [f"{path.name}: 请给出目录，或另存为 .xlsx 文件 give a folder, or save it as .xlsx"]
        )
    return Source(load_bundle(path), Folder(path).say, [])


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
