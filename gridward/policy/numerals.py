"""Chinese numerals (中文数字) and plain ones: 三组 and 3组 are one place."""

import re
from functools import lru_cache

DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = "[0-9零〇一二两三四五六七八九十百千]+"
_WRITTEN = "零一二三四五六七八九"
_RUN = re.compile("[零〇一二两三四五六七八九十百千]+")


def value_of(text: str) -> int | None:
    """三十二 or 32 as 32, 一二三 as 123; None for what is no number (十百)."""
    if text.isascii() and text.isdigit():
        return int(text)
    if not any(sign in UNITS for sign in text):
        return (
            int("".join(str(DIGITS[sign]) for sign in text)) if text and set(text) <= DIGITS.keys() else None
        )
    total, digit, last = 0, None, 10_000
    for sign in text:
        if sign in UNITS:
            if UNITS[sign] >= last:
                return None
            last = UNITS[sign]
            total += (1 if digit is None else digit) * last
            digit = None
        elif digit in (None, 0) and sign in DIGITS:
            digit = DIGITS[sign]
        else:
            return None
    return total + (digit or 0)


@lru_cache(maxsize=4096)
def written(number: int) -> str:
    """32 as 三十二; from a hundred on digit by digit."""
    if number >= 100:
        return "".join(_WRITTEN[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, _WRITTEN[tens] + "十")
    return head + (_WRITTEN[ones] if ones or not tens else "")


def in_digits(text: str) -> str:
    """The same with every Chinese numeral in plain digits; what is no number stays."""
    return _RUN.sub(lambda run: str(_number(run[0])), text)


def _number(run: str) -> int | str:
    number = value_of(run)
    return run if number is None else number


def spellings(name: str) -> frozenset[str]:
    """A name with its numbers as it stands, and in the other writing."""
    chinese = re.sub("[0-9]{1,3}", lambda found: written(int(found[0])), name)
    plain = re.sub(
        f"(?<![0-9]){NUMERAL}(?=组|队|号|栋|幢|期|区|网格|单元|社)", lambda run: str(_number(run[0])), name
    )
    return frozenset({name, chinese, plain})
