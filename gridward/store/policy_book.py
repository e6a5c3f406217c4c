"""The policy in force and the earlier versions that open incidents were decided by, kept in memory."""

from collections.abc import Callable

import asyncpg

from gridward.domain.errors import Unavailable
from gridward.domain.rules import Rules
from gridward.policy.policy import Policy
from gridward.store.connect import passing_errors
from gridward.store.policies import policy_version


class PolicyBook:
    """Every published version by its number; `refresh` brings in what was published since."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.versions: dict[int, Policy] = {}

    async def refresh(self) -> bool:
        """Load versions that are not here yet; True when a newer one is in force now. Raises `Unavailable`."""
        with passing_errors():
            async with self.pool.acquire() as connection:
                found = await connection.fetch("SELECT version FROM policy_versions ORDER BY version")
                new = [row["version"] for row in found if row["version"] not in self.versions]
                for version in new:
                    self.versions[version] = await policy_version(connection, version)
        return bool(new)

    @property
    def current(self) -> Policy:
        """The policy in force. Raises `Unavailable` while none is published."""
        if not self.versions:
            raise Unavailable("no policy is published yet: run `gridward policy apply`")
        return self.versions[max(self.versions)]

    def retired(self) -> dict[str, str]:
        """Categories that only earlier versions have: code -> their last name. Raises `Unavailable` as `current`."""
        known = self.current.categories
        return {
            code: category.name
            for _, policy in sorted(self.versions.items())
            for code, category in policy.categories.items()
            if code not in known
        }

    def as_of(self, current: int) -> Callable[[int], Rules]:
        """`rules`, for a batch that began under the version `current`: it stays in force to the batch's end."""
        return lambda version: self.rules(version or current)

    def rules(self, version: int) -> Rules:
        """The rules of that version, or of the one in force for 0. Raises `Unavailable` when not loaded yet."""
        if version == 0:
            return self.current.rules
        policy = self.versions.get(version)
        if policy is None:
            raise Unavailable(f"policy version {version} is not loaded yet")
        return policy.rules
