"""What a policy version that is no longer in force is still asked for: the rules of what it decided, and names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from gridward.domain.rules import Rules
from gridward.policy.files import limits_from_json
from gridward.policy.load import rules_of
from gridward.policy.problem import PolicyError


@dataclass(frozen=True)
class FormerPolicy:
    """One version as far as it is still needed: nothing new is decided by it, so the rest of it is not compiled.

    `limits` is the JSON text of its limits, `names` code -> name of its categories.
    """

    version: int
    limits: str
    names: Mapping[str, str]

    @cached_property
    def rules(self) -> Rules:
        """Made when first asked for. Raises `PolicyError` when the limits can no longer be read."""
        try:
            return rules_of(limits_from_json(self.limits), self.version)
        except PolicyError as error:
            raise self._unreadable(error.problems) from error
        except KeyError as error:  # a name that leads nowhere, which the check of the whole would have told
            raise self._unreadable([f"limits: {error}"]) from error

    def _unreadable(self, problems: list[str]) -> PolicyError:
        return PolicyError(
            [
                f"策略第 {self.version} 版的时限无法读取，由它决定的事件暂不能推进，请联系维护人员 "
                f"the limits of policy version {self.version} cannot be read",
                *problems,
            ]
        )
