"""What a text tells that no machine may send out as an ordinary matter, however sure it is of the category.

Sexual violence under road lights, thanks for having been beaten: a person looks. Pure; the words are policy.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gridward.policy.normalise import normalise
from gridward.policy.schema import VetoRow
from gridward.policy.spelling import any_of


class Veto(NamedTuple):
    """A row of which a text tells, and the word that does."""

    row: VetoRow
    word: str


class Vetoes:
    """The compiled rows of one policy version. Texts come normalised, without words that their context excuses."""

    def __init__(self, rows: Sequence[VetoRow]) -> None:
        self._rules = [
            (row, any_of(map(normalise, row.words)), any_of(map(normalise, row.innocent))) for row in rows
        ]
        self._any = any_of(word for row in rows for word in row.words)

    def telling(self, text: str) -> tuple[Veto, ...]:
        """The rows of which the text tells, each with its first word."""
        if self._any.search(text) is None:  # nearly every text
            return ()
        return tuple(
            Veto(row, word)
            for row, words, innocent in self._rules
            if (word := _telling(text, words, innocent)) is not None
        )


def forbids(row: VetoRow, category: str) -> bool:
    """Whether a person must look before what tells of this goes out under the category."""
    if row.categories and not category.startswith(tuple(row.categories)):
        return False
    return not category.startswith(tuple(row.sent_as))


def _telling(text: str, words: re.Pattern[str], innocent: re.Pattern[str]) -> str | None:
    """The first of the words that stands where none of the innocent ones does: 摸我 is none in 摸我家."""
    if words.search(text) is None:
        return None
    found = words.search(innocent.sub(";", text))
    return found[0] if found is not None else None
