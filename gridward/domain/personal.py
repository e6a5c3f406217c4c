"""Finds phone and identity numbers in what people write, and hides them. Pure."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_DIGIT = "[0-9０-９]"
# What people put between groups of digits: up to two spaces, hyphens or dashes of any width.
_GAP = r"[ \u00a0\u3000\-\u2010-\u2015\u2212－]{0,2}"

TICKETS_LAST = 8  # years: a date further back is no ticket's


@dataclass(frozen=True, slots=True)
class Found:
    """A number as it was written, and what stands in its place."""

    kind: str  # "id_number" | "mobile" | "landline"
    original: str
    masked: str


@dataclass(frozen=True, slots=True)
class Masked:
    text: str
    found: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    is_real: Callable[[str], bool]
    hide: Callable[[str], str]


def mask_text(text: str) -> Masked:
    """Hide mainland mobile and landline numbers (with area code) and 18- or 15-digit identity numbers.

    Digits may be full-width, and in groups. A number that only looks alike (a grid's code, an amount) is
    left as it stands.
    """
    taken: dict[int, tuple[int, Found]] = {}
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other < end for other, (other_end, _) in taken.items()):
                continue
            digits = plain(match.group())
            if rule.is_real(digits):
                taken[start] = (end, Found(rule.kind, match.group(), rule.hide(digits)))
    pieces: list[str] = []
    at = 0
    for start in sorted(taken):
        end, found = taken[start]
        pieces += (text[at:start], found.masked)
        at = end
    return Masked("".join(pieces) + text[at:], tuple(taken[start][1] for start in sorted(taken)))


def mask_ticket(text: str, today: date) -> Masked:
    """Hide mobile and identity numbers in the number of somebody's ticket, which is needed as it is.

    Where it could be either, the ticket's number stays: without it nobody can answer the system that sent it.
    Those are often area, date and serial, as identity numbers are, in 18 digits (331125 20261122 0012) or, with
    a short year, in 15 (331125 261122 001). The date tells the two apart: a ticket's is of late, and who holds
    an identity card was born long ago. Of 15 digits it does not tell; such cards ended in 2013. Landlines too
    look like serial numbers that begin with a zero.
    """
    found = [one for one in mask_text(text).found if _names_a_person(one, today)]
    for one in found:
        text = re.sub(rf"{_ALONE[0]}{re.escape(one.original)}{_ALONE[1]}", one.masked, text)
    return Masked(text, tuple(found))


def _names_a_person(found: Found, today: date) -> bool:
    digits = plain(found.original)
    born_long_ago = len(digits) == 18 and int(digits[6:10]) <= today.year - TICKETS_LAST
    return found.kind == "mobile" or (found.kind == "id_number" and born_long_ago)


def plain(number: str) -> str:
    """The digits (and a closing X) of a number however it is written: ASCII, without gaps or +86."""
    kept = "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isascii() and c.isalnum())
    return re.sub(r"^(0086|86)(?=1[3-9]\d{9}$|0\d{9,11}$)", "", kept)


def mask_phone(phone: str) -> str:
    """`13812345678` -> `138****5678`; a number of any other kind keeps its last two digits."""
    digits = plain(phone)
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]}****{digits[-4:]}"
    return (
        _hide_landline(digits)
        if _is_landline(digits)
        else f"****{digits[-2:]}"
        if len(digits) > 4
        else "****"
    )


def mask_name(name: str) -> str:
    """`张三丰` -> `张*`: the first character alone, so that the length says nothing."""
    name = name.strip()
    return f"{name[0]}*" if len(name) > 1 else "*"


def mask_id_number(number: str) -> str:
    """The first three and the last two digits: not the birthday."""
    digits = plain(number)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}" if len(digits) > 8 else "****"


def _is_day(year: int, month: str, day: str) -> bool:
    try:
        return date(year, int(month), int(day)) > date(1900, 1, 1)
    except ValueError:
        return False


def _is_id_number(digits: str) -> bool:
    """A province and a real birthday in it; the check digit is not asked for, since people mistype."""
    if not "11" <= digits[:2] <= "82":
        return False
    if len(digits) == 15:
        # Issued until 1999; births before 1920 are left to grid codes, which begin alike (331125 001 ...).
        return digits[6:8] >= "20" and _is_day(1900 + int(digits[6:8]), digits[8:10], digits[10:12])
    return digits[6:8] in ("19", "20") and _is_day(int(digits[6:10]), digits[10:12], digits[12:14])


def _is_landline(digits: str) -> bool:
    """Two-digit area codes begin with 010 or 02, all others have three digits after the 0."""
    area = 3 if digits[:2] in ("01", "02") else 4
    return digits[:1] == "0" and digits[1:2] != "0" and len(digits) - area in (7, 8)


def _hide_landline(digits: str) -> str:
    area = 3 if digits[:2] in ("01", "02") else 4
    return f"{digits[:area]}****{digits[-4:]}"


def _digits(count: int) -> str:
    return rf"(?:{_DIGIT}{_GAP}){{{count - 1}}}{_DIGIT}"


_ALONE = (rf"(?<!{_DIGIT})", rf"(?!{_DIGIT})")
_COUNTRY = rf"(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_GAP})?"
_RULES = (
    _Rule(
        "id_number",
        re.compile(rf"{_ALONE[0]}{_digits(17)}{_GAP}(?:{_DIGIT}|[XxＸｘ×]){_ALONE[1]}"),
        _is_id_number,
        mask_id_number,
    ),
    _Rule("id_number", re.compile(rf"{_ALONE[0]}{_digits(15)}{_ALONE[1]}"), _is_id_number, mask_id_number),
    _Rule(
        "mobile",
        re.compile(rf"{_ALONE[0]}{_COUNTRY}[1１]{_GAP}[3-9３-９]{_GAP}{_digits(9)}{_ALONE[1]}"),
        lambda digits: len(digits) == 11,
        mask_phone,
    ),
    _Rule(
        "landline",
        re.compile(
            rf"{_ALONE[0]}[（(]?[0０]{_GAP}{_DIGIT}{_GAP}{_DIGIT}{_GAP}{_DIGIT}?[）)]?{_GAP}{_digits(7)}"
            rf"(?:{_GAP}{_DIGIT})?{_ALONE[1]}"
        ),
        _is_landline,
        _hide_landline,
    ),
)
