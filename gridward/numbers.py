"""Incident numbers (一案一码): date, county, sequence and a check digit, such as 261122-331125-000731-4."""

from datetime import datetime

from gridward.domain.errors import Refused
from gridward.domain.rules import CHINA


def number_of(day: datetime, county: str, sequence: int) -> str:
    """The number of the `sequence`-th incident of a county's day. Raises `Refused` beyond 999,999 a day."""
    if not 0 < sequence <= 999_999:
        raise Refused(f"a day has room for 999999 incidents, not for number {sequence}")
    digits = f"{day.astimezone(CHINA):%y%m%d}{county}{sequence:06d}"
    return f"{digits[:6]}-{digits[6:12]}-{digits[12:]}-{check_digit(digits)}"


def check_digit(digits: str) -> int:
    """ISO/IEC 7064 MOD 11,10 (GB/T 17710): catches each wrong digit and nearly every swap of neighbours."""
    remainder = 10
    for digit in digits:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return (11 - remainder) % 10


def is_number(text: str) -> bool:
    """Whether `text`, with or without its hyphens, is a number whose check digit is right."""
    digits = text.replace("-", "")
    return (
        len(digits) == 19
        and digits.isascii()
        and digits.isdigit()
        and check_digit(digits[:-1]) == int(digits[-1])
    )
