"""The policy in force, and what open incidents still need of the versions that decided them, kept in memory."""

from collections.abc import Callable, Mapping, Sequence

import asyncpg

from gridward.domain.errors import NotLoaded, Refused, Unavailable
from gridward.domain.rules import Rules
from gridward.policy.former import FormerPolicy
from gridward.policy.policy import Policy
from gridward.store.connect import passing_errors
from gridward.store.policies import former_policies, policy_version


class PolicyBook:
    """Every published version by its number; `refresh` brings in what was published since.

    Only the newest is whole. Each import of units or places is a version, and a compiled policy takes megabytes and a
    tenth of a second; of those before it nobody asks for more than rules and names.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool
        self.versions: dict[int, Policy | FormerPolicy] = {}
        # Newest ones that this program cannot decide by, each with the reason.
        self.unusable: dict[int, Refused] = {}

    async def refresh(self) -> bool:
        """Load versions that are not here yet; True when a newer one is in force now.

        Raises `Unavailable`, and `Refused` when the newest cannot be used, as by a program that is older than the one
        that published it. The one before stays in force then, and the newest is one of those that give rules and names
        alone: another program may have moved incidents to it, and their limits run on.
        """
        with passing_errors():
            async with self.pool.acquire() as connection:
                found = await connection.fetch("SELECT version FROM policy_versions ORDER BY version")
                *earlier, newest = [row["version"] for row in found] or [0]
                if newest in self.unusable:
                    raise self.unusable[newest].with_traceback(None)
                if not newest or newest in self.versions:
                    return False
                # The one in force is among them and stays whole until the newest is there to take its place.
                lacking = [one for one in earlier if not isinstance(self.versions.get(one), FormerPolicy)]
                former = await former_policies(connection, lacking)
                self.versions = {**former, **self.versions}
                try:
                    policy = await policy_version(connection, newest)
                except Refused as reason:
                    known = {**self.versions, **await former_policies(connection, [newest])}
                    if self.in_force is None:
                        known |= await self._stand_in(connection, earlier)
                    # Together, after all that may fail: what failed half way is looked for again.
                    self.versions, self.unusable = known, {**self.unusable, newest: reason}
                    raise
        self.versions = {**self.versions, **former, newest: policy}
        return True

    async def _stand_in(self, connection: asyncpg.Connection, earlier: Sequence[int]) -> dict[int, Policy]:
        """Where nothing can be decided by yet, as after a restart, the newest version that can."""
        for version in reversed(earlier):
            try:
                return {version: await policy_version(connection, version)}
            except Refused:
                continue
        return {}

    @property
    def current(self) -> Policy:
        """The policy in force. Raises `Unavailable` while none is published."""
        if (policy := self.in_force) is None:
            raise Unavailable("no policy is published yet: run `gridward policy apply`")
        return policy

    @property
    def in_force(self) -> Policy | None:
        whole = [policy for policy in self.versions.values() if isinstance(policy, Policy)]
        return max(whole, key=lambda policy: policy.version, default=None)

    def retired(self) -> dict[str, str]:
        """Categories that only earlier versions have: code -> their last name. Raises `Unavailable` as `current`."""
        known = self.current.categories
        return {
            code: name
            for _, policy in sorted(self.versions.items())
            for code, name in _names(policy).items()
            if code not in known
        }

    def as_of(self, current: int) -> Callable[[int], Rules]:
        """`rules`, for a batch that began under the version `current`: it stays in force to the batch's end."""
        return lambda version: self.rules(version or current)

    def rules(self, version: int) -> Rules:
        """The rules of that version, or of the one in force for 0.

        Raises `NotLoaded` when it is not here yet, `PolicyError` when an earlier one can no longer be read.
        """
        if version == 0:
            return self.current.rules
        policy = self.versions.get(version)
        if policy is None:
            raise NotLoaded(f"policy version {version} is not loaded yet")
        return policy.rules


def _names(policy: Policy | FormerPolicy) -> Mapping[str, str]:
    if isinstance(policy, FormerPolicy):
        return policy.names
    return {code: category.name for code, category in policy.categories.items()}
