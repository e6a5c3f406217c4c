"""Policy versions in PostgreSQL: published once, never changed, the highest is in force.

Functions take an asyncpg connection; `publish_policy` opens a transaction of its own (a savepoint inside one).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import orjson

from gridward.domain.errors import Refused, Unavailable
from gridward.domain.rules import Rules
from gridward.policy.files import bundle_from_json, canonical_json, fingerprint
from gridward.policy.former import FormerPolicy
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.salvage import Salvaged, salvage
from gridward.policy.schema import PolicyBundle
from gridward.store.connect import passing_errors

# Held until the transaction ends by whoever publishes, so that two at once get two numbers.
PUBLISHING = 7421_0003


async def publish_policy(
    conn: asyncpg.Connection,
    bundle: PolicyBundle,
    note: str,
    now: datetime,
    by: str = "",
    *,
    instead_of: int | None = None,
) -> int:
    """Put the bundle in force under the next version, and return that.

    The bundle in force keeps its version; one that was in force earlier gets a new one. `instead_of` is the version
    that the bundle was made from and is to replace, 0 when there was none. Raises `PolicyError` when the bundle
    contradicts itself, `Refused` when another version than `instead_of` is in force, `Unavailable` when the database
    is away.
    """
    compile_policy(bundle, 0)
    digest = fingerprint(bundle)
    with passing_errors():
        async with conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock($1)", PUBLISHING)
            newest = await newest_version(conn)
            if newest is not None and newest.sha256 == digest:
                return newest.version
            if instead_of is not None:
                _refuse_overtaken(newest, instead_of)
            version = newest.version + 1 if newest else 1
            await conn.execute(
                "INSERT INTO policy_versions (version, created_at, sha256, note, bundle, published_by) "
                "VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)",
                version,
                now,
                digest,
                note,
                canonical_json(bundle),
                by,
            )
    return version


def _refuse_overtaken(newest: "PublishedVersion | None", seen: int) -> None:
    """What somebody else put in force meanwhile is not undone by somebody who never saw it (乐观锁)."""
    if newest is None or newest.version == seen:
        return
    who = f"{newest.published_by}，" if newest.published_by else ""
    raise Refused(
        f"其间已有人发布了版本 {newest.version}（{who}{newest.note}），没有发布；请重新执行，看过与它的差别再发布 "
        f"version {newest.version} was published meanwhile, nothing was done: run it again and look at the differences"
    )


async def roll_back(
    conn: asyncpg.Connection,
    version: int,
    note: str,
    now: datetime,
    by: str = "",
    *,
    instead_of: int | None = None,
) -> int:
    """Put that version's bundle in force again under the next number, and return that; nothing is deleted.

    `instead_of` as in `publish_policy`. Raises `Refused` when there is no such version, its bundle is in force already
    or another version than `instead_of` is, `PolicyError` when the program no longer accepts the bundle, `Unavailable`.
    """
    bundle = (await policy_version(conn, version)).bundle
    newest = await newest_version(conn)
    if newest is not None and newest.sha256 == fingerprint(bundle):
        raise already_in_force(version, newest.version)
    return await publish_policy(
        conn, bundle, note or f"rollback to {version}", now, by, instead_of=instead_of
    )


def already_in_force(version: int, newest: int) -> Refused:
    return Refused(
        f"版本 {version} 的策略正在生效 (版本 {newest}), 无需回退; "
        f"the policy of version {version} is in force already (version {newest}): nothing to do"
    )


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    version: int
    created_at: datetime
    sha256: str
    note: str
    published_by: str


async def newest_version(conn: asyncpg.Connection) -> PublishedVersion | None:
    """What is known about the version in force, None while there is none. Raises `Unavailable`."""
    with passing_errors():
        row = await conn.fetchrow(
            "SELECT version, created_at, sha256, note, published_by FROM policy_versions "
            "ORDER BY version DESC LIMIT 1"
        )
    return PublishedVersion(*row) if row else None


async def current_policy(conn: asyncpg.Connection) -> Policy:
    """The policy in force. Raises `Unavailable` while none is published."""
    return await policy_version(conn, await current_number(conn))


async def current_number(conn: asyncpg.Connection) -> int:
    """The version in force. Raises `Unavailable` while none is published."""
    newest = await newest_version(conn)
    if newest is None:
        raise Unavailable("还没有发布策略, 请先运行 gridward policy apply; no policy is published yet")
    return newest.version


async def policy_version(conn: asyncpg.Connection, version: int) -> Policy:
    """That version, compiled. Raises `Refused` when there is none such."""
    return compile_policy(bundle_from_json(await _text_of(conn, version)), version)


async def salvaged_version(conn: asyncpg.Connection, version: int) -> Salvaged:
    """That version as far as it can still be read. Raises `Refused` when there is none such, `Unavailable`."""
    return salvage(await _text_of(conn, version))


async def _text_of(conn: asyncpg.Connection, version: int) -> str:
    with passing_errors():
        text = await conn.fetchval("SELECT bundle::text FROM policy_versions WHERE version = $1", version)
    if text is None:
        raise _no_such(version)
    return str(text)


# Of a bundle that is broken otherwise as much is found as there is. Most versions change neither limits nor names, so
# that few texts come for many versions.
_FORMER = """
    SELECT array_agg(version) AS versions, limits, names
    FROM (
        SELECT version, coalesce((bundle->'limits')::text, 'null') AS limits, (
            SELECT coalesce(jsonb_object_agg(row->>'code', row->>'name'), '{}')::text
            FROM jsonb_path_query(bundle, '$.categories.categories[*]') AS row
            WHERE row->>'code' IS NOT NULL AND row->>'name' IS NOT NULL
        ) AS names
        FROM policy_versions WHERE version = ANY($1)
    ) AS found
    GROUP BY limits, names
"""


async def former_policies(conn: asyncpg.Connection, versions: Sequence[int]) -> dict[int, FormerPolicy]:
    """What is still asked of versions that are not in force, by number, without the check of the whole.

    Versions that do not exist are left out. Raises `Unavailable`.
    """
    with passing_errors():
        rows = await conn.fetch(_FORMER, list(versions)) if versions else []
    shared = [(row["versions"], row["limits"], orjson.loads(row["names"])) for row in rows]
    return {
        version: FormerPolicy(version, limits, names) for some, limits, names in shared for version in some
    }


async def rules_of_version(conn: asyncpg.Connection, version: int) -> Rules:
    """The rules of that version alone, whatever became of the rest of it.

    Raises `Refused` when there is none such or its limits can no longer be read, `Unavailable`.
    """
    found = await former_policies(conn, [version])
    if version not in found:
        raise _no_such(version)
    return found[version].rules


def _no_such(version: int) -> Refused:
    return Refused(f"没有策略版本 {version}, there is no policy version {version}")
