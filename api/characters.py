"""Which characters may stand in what people write."""

import re
from typing import NamedTuple

# C0 and C1 controls except line feed and tab, and DEL: they break terminals, files and databases.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that turn the direction of text around: 甲a‮b reads differently from how it is stored.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Cleaned(NamedTuple):
    text: str
    bidi_removed: bool


def control_at(text: str) -> int | None:
    """Where the first forbidden control character stands, counted from 0; None when there is none.

    A carriage return is only the end of a line, and no fault.
    """
    found = _CONTROL.search(text.replace("\r\n", "\n ").replace("\r", "\n"))
    return found.start() if found else None


def clean(text: str) -> Cleaned:
    """Trimmed, line ends as one, without direction marks. Emoji and full-width digits stay as they are."""
    straight = _BIDI.sub("", text)
    return Cleaned(straight.replace("\r\n", "\n").replace("\r", "\n").strip(), straight != text)
