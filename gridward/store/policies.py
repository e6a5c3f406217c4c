"""Policy versions in PostgreSQL: published once, never changed, the highest is in force.

Functions take an asyncpg connection; `publish_policy` opens a transaction of its own (a savepoint inside one).
"""

from dataclasses import dataclass
from datetime import datetime

import asyncpg

from gridward.domain.errors import Refused, Unavailable
from gridward.policy.files import bundle_from_json, canonical_json, fingerprint
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle
from gridward.store.connect import passing_errors

# Held until the transaction ends by whoever publishes, so that two at once get two numbers.
PUBLISHING = 7421_0003


async def publish_policy(
    conn: asyncpg.Connection, bundle: PolicyBundle, note: str, now: datetime, by: str = ""
) -> int:
    """Put the bundle in force under the next version, and return that.

    The bundle in force keeps its version; one that was in force earlier gets a new one. Raises `PolicyError`
    when the bundle contradicts itself, `Unavailable` when the database is away.
    """
    compile_policy(bundle, 0)
    digest = fingerprint(bundle)
    with passing_errors():
        async with conn.transaction():
            await conn.execute("SELECT pg_advisory_xact_lock($1)", PUBLISHING)
            newest = await newest_version(conn)
            if newest is not None and newest.sha256 == digest:
                return newest.version
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


async def roll_back(conn: asyncpg.Connection, version: int, note: str, now: datetime, by: str = "") -> int:
    """Put that version's bundle in force again under the next number, and return that; nothing is deleted.

    Raises `Refused` when there is no such version or its bundle is in force already, `PolicyError` when the
    program no longer accepts the bundle, `Unavailable`.
    """
    bundle = (await policy_version(conn, version)).bundle
    newest = await newest_version(conn)
    if newest is not None and newest.sha256 == fingerprint(bundle):
        raise Refused(
            f"版本 {version} 的策略正在生效 (版本 {newest.version}), 无需回退; "
            f"the policy of version {version} is in force already (version {newest.version}): nothing to do"
        )
    return await publish_policy(conn, bundle, note or f"rollback to {version}", now, by)


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
    newest = await newest_version(conn)
    if newest is None:
        raise Unavailable("还没有发布策略, 请先运行 gridward policy apply; no policy is published yet")
    return await policy_version(conn, newest.version)


async def policy_version(conn: asyncpg.Connection, version: int) -> Policy:
    """That version, compiled. Raises `Refused` when there is none such."""
    with passing_errors():
        bundle = await conn.fetchval("SELECT bundle::text FROM policy_versions WHERE version = $1", version)
    if bundle is None:
        raise Refused(f"没有策略版本 {version}, there is no policy version {version}")
    return compile_policy(bundle_from_json(bundle), version)
