"""What names end in (小区, 路) and what numbers count (栋, 组), compiled once for a version of policy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gridward.policy.numerals import NUMERAL

LONGEST_NAME = 4
NAME_LETTERS = 2  # of a name before what it ends in: without a dictionary nobody knows where it begins


@dataclass(frozen=True, slots=True, eq=False)
class Endings:
    """Compared and hashed as the object it is: texts are remembered by it, and a pattern's own hash is costly."""

    names: re.Pattern[str] | None
    numbers: re.Pattern[str] | None
    whole: re.Pattern[
        str
    ]  # names with as many letters as they may have, and numbers with what stands before them


def compile_endings(named_by: Sequence[str], counted_by: Sequence[str]) -> Endings:
    name = rf"(?<=([一-鿿]{{{NAME_LETTERS}}}))({_any_of(named_by)})"
    number = rf"([a-z]?)({NUMERAL})({_any_of(counted_by)})"
    letters = f"[一-鿿]{{{NAME_LETTERS},{LONGEST_NAME}}}"
    whole = [f"{letters}(?:{_any_of(named_by)})"] * bool(named_by)
    whole += [f"[一-鿿]{{0,{LONGEST_NAME}}}{number}"] * bool(counted_by)  # 李家坳三组
    return Endings(
        re.compile(name) if named_by else None,
        re.compile(number) if counted_by else None,
        re.compile("|".join(whole) or r"(?!)"),
    )


def _any_of(words: Sequence[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
