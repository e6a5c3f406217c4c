"""What could be read of a policy's files when some of them have mistakes of form."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from gridward.policy.problem import PolicyError
from gridward.policy.schema import EVERY_FILE, PolicyBundle


@dataclass(frozen=True, slots=True)
class Parts:
    """`files` by name, those with mistakes of form left out; `mistakes`, one line each, and which files have them."""

    files: Mapping[str, Any]
    mistakes: list[str]
    unreadable: frozenset[str]

    @classmethod
    def of(cls, files: Mapping[str, Any], wrong: Mapping[str, Sequence[str]]) -> Self:
        """`wrong`: the mistakes of each file that has any."""
        return cls(files, [line for lines in wrong.values() for line in lines], frozenset(wrong))

    @property
    def readable(self) -> Collection[str]:
        """Files that may be compared; one that may be absent, and is, has its defaults and is among them."""
        return EVERY_FILE - self.unreadable

    def bundle(self) -> PolicyBundle:
        """The whole. Raises `PolicyError` with every mistake of form."""
        if self.mistakes:
            raise PolicyError(self.mistakes)
        return PolicyBundle(**self.files)

    def fragment(self) -> PolicyBundle:
        """A bundle of which only what is `readable` may be read."""
        return PolicyBundle.model_construct(**self.files)
