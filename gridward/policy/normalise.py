"""Text as the word lists see it: one width, one case, nothing invisible, no spaces to hide between."""

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate

# Printable by Python's reckoning, yet drawn as nothing: joiners, fillers, variation selectors.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f]+")


# The full-width marks of ordinary Chinese text, replaced one by one because NFKC is ten times slower.
_MARKS = tuple(zip("，！？：；（）", ",!?:;()", strict=True))

# NFKC sorts accents that pile up on one letter, in the square of their number: hence in pieces of so many
# characters. Only an accent that falls on a seam is composed differently, and no listed word has accents.
_PIECE = 256


# Each part of triage asks for the same text; so many outlast the largest batch.
@lru_cache(maxsize=1_024)
def normalise(text: str) -> str:
    """NFKC (full-width digits and letters become plain), lower case, without spaces and invisible marks."""
    for wide, plain in _MARKS:
        text = text.replace(wide, plain)
    if not unicodedata.is_normalized("NFKC", text):
        pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
        text = "".join(unicodedata.normalize("NFKC", piece) for piece in pieces)
    text = "".join(text.split())
    if not text.isprintable():  # controls, zero-width and direction marks, soft hyphens
        text = "".join(filter(str.isprintable, text))
    return _UNSEEN.sub("", text).lower()


def letters(text: str) -> str:
    """The UTF-8 bytes as characters below 256.

    An automaton looks through the branches of a node one after another: with bytes they are few, with Chinese
    characters thousands. UTF-8 is such that a word is found only where the word stands.
    """
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def in_lines(text: str) -> tuple[str, tuple[int, ...]]:
    """The normalised text, and where in its `letters` a line ends.

    People who list what happened end a line without a full stop: what a line denies, the next may still tell.
    """
    if "\n" not in text.strip():
        return normalise(text), ()
    lines = [line for line in map(normalise, text.splitlines()) if line]
    ends = tuple(accumulate(len(letters(line)) for line in lines))
    return "".join(lines), ends[:-1]


def in_sentences(text: str) -> str:
    """The normalised text, each line a sentence: people who list what happened end a line without a full stop."""
    return ";".join(map(normalise, text.splitlines()))


def written(letters_: str) -> str:
    """The text whose `letters` these are."""
    return letters_.encode("latin-1").decode("utf-8", "surrogatepass")
