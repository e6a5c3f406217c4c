"""What names end in (小区, 路) and what numbers count (栋, 组), compiled once for a version of policy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gridward.policy.numerals import NUMERAL

NAME_LETTERS = 2  # of a name before what it ends in: without a dictionary nobody knows where it begins


@dataclass(frozen=True, slots=True, eq=False)
class Endings:
    """Compared and hashed as the object it is: texts are remembered by it, and a pattern's own hash is costly."""

    names: re.Pattern[str] | None
    numbers: re.Pattern[str] | None


def compile_endings(named_by: Sequence[str], counted_by: Sequence[str]) -> Endings:
    name = rf"(?<=([一-鿿]{{{NAME_LETTERS}}}))({_any_of(named_by)})"
    number = rf"([a-z]?)({NUMERAL})({_any_of(counted_by)})"
    return Endings(re.compile(name) if named_by else None, re.compile(number) if counted_by else None)


def _any_of(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
