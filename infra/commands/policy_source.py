"""Where a command finds a policy: in a folder of YAML files, in an Excel workbook, or among the published versions."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from gridward.policy.check import problems, slips
from gridward.policy.files import FILES, read_parts
from gridward.policy.load import bundled_policy, compile_policy
from gridward.policy.located import Folder
from gridward.policy.parts import Parts
from gridward.policy.policy import Policy
from gridward.policy.problem import PolicyError
from gridward.policy.salvage import Salvaged
from gridward.policy.schema import PolicyBundle
from gridward.settings import Settings
from gridward.store.connect import passing_errors
from gridward.store.policies import current_number, newest_version, policy_version, salvaged_version
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
    """As `read_policy`, with where things stand. Raises `PolicyError`, which says what could not be compared too."""
    parts, reader = _read(path)
    fragment = parts.fragment()
    found = [*problems(fragment, parts.readable), *slips(fragment, parts.readable)]
    if parts.mistakes or found:
        raise PolicyError([*parts.mistakes, *map(reader.say, found), *_not_compared(parts, reader)])
    bundle = parts.bundle()
    compile_policy(bundle, 0)
    return Source(bundle, reader.say, reader.notes)


def _read(path: Path) -> tuple[Parts, Folder | Reading]:
    if path.suffix.lower() == ".xlsx":
        reading = Reading(path)
        return reading.parts(), reading
    if path.is_file():
        raise PolicyError(
            [f"{path.name}: 请给出目录，或另存为 .xlsx 文件 give a folder, or save it as .xlsx"]
        )
    return read_parts(path), Folder(path)


def _not_compared(parts: Parts, reader: Folder | Reading) -> list[str]:
    """That mistakes between tables may still be hidden: whoever corrects these should not think it is all."""
    if not parts.unreadable:
        return []
    names = "、".join(reader.called(file) for file in FILES if file in parts.unreadable)
    return [
        f"因有上述写法错误，尚未与其他表互相核对：{names}；改正后请再检查一次，可能还有别的错误 "
        "not compared with the other tables yet, because of these mistakes of form: "
        "correct them and check again, there may be more"
    ]


def is_published(source: str) -> bool:
    """Whether it is a version number or `current`, and no folder or file."""
    return source == "current" or source.isdecimal()


async def policy_of(source: str, database_url: str | None) -> Salvaged:
    """A folder or an .xlsx file that passes the check; of a version number or `current` whatever can still be read.

    Raises `PolicyError`, `Refused`, `Unavailable`.
    """
    if not is_published(source):
        return Salvaged.of(read_policy(Path(source)))
    async with connection(database_url or Settings().database_url) as conn:
        version = await current_number(conn) if source == "current" else int(source)
        return await salvaged_version(conn, version)


@asynccontextmanager
async def connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection for a short command. Raises `Unavailable`."""
    with passing_errors():
        conn = await asyncpg.connect(database_url)
    try:
        yield conn
    finally:
        await conn.close()
