"""Takes people (人名、门牌) out of a text that is asked about outside of the centre. Pure.

Chinese marks no names. A surname and up to two characters behind it are taken for one unless an ordinary word is
there; where the surname is such a word itself (高, 方), only beside what speaks for a person. A harmless word is lost
now and then; a given name alone (小明), a surname that the policy does not list and a name that is a listed word as
well (方圆) are not told from other words.
"""

import re
from collections.abc import Iterable, Iterator

from gridward.domain.personal import mask_text
from gridward.policy.numerals import NUMERAL
from gridward.policy.personal_rows import OutsideRows
from gridward.policy.spelling import LONGEST, spellings

STAND_IN = "某"
GIVEN = 2  # characters of a given name at most
INTRODUCED = 4  # and of a whole name that is said to be one
REACH = LONGEST  # characters before a name that are looked at
_HAN = re.compile(r"[\u4e00-\u9fff]")


class People:
    """Finds them by one policy's rows. `vocabulary`: words that no name is read from, beside those of the rows."""

    def __init__(self, rows: OutsideRows, vocabulary: Iterable[str]) -> None:
        self.rows = rows
        self.surnames = frozenset(rows.surnames + rows.everyday)
        self.compound = _spelt(rows.compound)
        self.never_given = frozenset(rows.never_given)
        words = _spelt([*rows.words, *vocabulary])
        self.words = frozenset(one for one in words if len(one) > 1 and self.surnames & set(one))
        self.lengths = frozenset(map(len, self.words))
        self.person_before = re.compile(rf"(?:^|\s|{_any([*rows.beside, *rows.persons])})\Z", re.MULTILINE)
        self.introduced = re.compile(rf"(?:{_any(rows.introduced)})\Z")
        self.titles = re.compile(_any(rows.titles))
        self.courtesies = re.compile(_any(rows.courtesies))
        self.doors = re.compile(f"{NUMERAL}(?={_any(rows.doors)})")

    def hidden(self, text: str) -> str:
        """The text with `STAND_IN` for every name and number of a door, and without numbers of people."""
        text = mask_text(text).text
        pieces: list[str] = []
        at = 0
        for start, end in self.names(text):
            pieces += (text[at:start], STAND_IN)
            at = end
        return self.doors.sub(STAND_IN, "".join(pieces) + text[at:])

    def names(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each name begins and ends."""
        known = self._known(text)
        at = 0
        while at < len(text):
            end = self._end(text, at, at in known)
            if end is not None:
                yield at, end
            at = end or at + 1

    def _known(self, text: str) -> set[int]:
        """Where the characters of ordinary words stand, also of those that begin inside of others."""
        found = ((at, at + length) for at in range(len(text)) for length in self.lengths)
        return {n for at, end in found if text[at:end] in self.words for n in range(at, end)}

    def _end(self, text: str, at: int, known: bool) -> int | None:
        """Where a name that begins here ends; None where none begins. `known`: an ordinary word is here."""
        if not _HAN.match(text, at):
            return None
        if self.introduced.search(text, max(0, at - REACH), at) and (
            whole := self._length(text, at, INTRODUCED)
        ):
            return at + whole
        if self.courtesies.match(text, at + 1):
            return at + 1
        length = 2 if text[at : at + 2] in self.compound else 1
        if length == 1 and text[at] not in self.surnames:
            return None
        if self.titles.match(text, at + length) or (self._familiar(text, at) and not known):
            return at + length
        given = self._length(text, at + length, GIVEN)
        end = at + length + given
        return end if given and self._is_person(text, at, end, known) else None

    def _length(self, text: str, at: int, most: int) -> int:
        """How many of the characters from here on may be of a name."""
        end = at
        while end < min(at + most, len(text)) and _HAN.match(text, end) and text[end] not in self.never_given:
            end += 1
        return end - at

    def _familiar(self, text: str, at: int) -> bool:
        """老周, and nothing of a name behind it."""
        return at > 0 and text[at - 1] in self.rows.familiar and not self._length(text, at + 1, 1)

    def _is_person(self, text: str, at: int, end: int, known: bool) -> bool:
        behind = text[end : end + 1]
        before = self.person_before.search(text, max(0, at - REACH), at) is not None
        if known:
            return before and behind != "" and behind in self.rows.says
        if text[at] not in self.rows.everyday or text[at : at + 2] in self.compound:
            return True
        return before or behind == "" or behind in self.rows.acts


def _any(words: Iterable[str]) -> str:
    """A pattern of any of these words, the longest first; without words it fits nowhere."""
    return "|".join(map(re.escape, sorted(_spelt(words), key=len, reverse=True))) or "(?!)"


def _spelt(words: Iterable[str]) -> frozenset[str]:
    """Each as policy writes it, and as it is spelt: texts are read with the marks that people wrote."""
    return frozenset(one for word in words for one in (word, *spellings([word])))
