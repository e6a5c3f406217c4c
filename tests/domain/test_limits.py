"""Limits as people write them, and incident numbers whose wrong digit is noticed."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.domain.errors import Refused
from gridward.domain.limits import Limit, LimitUnit, after
from gridward.domain.rules import CHINA
from gridward.numbers import is_number, number_of
from tests.domain.story import DAY, HOUR, MINUTE, NOON

DAYS = st.integers(0, 20_000).map(lambda days: NOON + days * DAY)
COUNTIES = st.integers(0, 999_999).map(lambda code: f"{code:06d}")
NUMBERS = st.builds(number_of, DAYS, COUNTIES, st.integers(1, 999_999))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("10 MIN", 10 * MINUTE),
        ("2 EH", 2 * HOUR),
        ("4 WH", 4 * HOUR),
        ("5 WD", 5 * DAY),
        ("0.5 CD", 12 * HOUR),
    ],
)
def test_a_limit_is_read_as_it_is_written(text: str, length: object) -> None:
    assert str(Limit.parse(f" {text} ")) == text
    assert after(NOON, Limit.parse(text)) - NOON == length


@pytest.mark.parametrize(
    "text", ["", "4", "WH", "4 XX", "4WH", "four WH", "0 WH", "-1 WD", "nan WH", "inf WH", "4 WH 2", "4 wh"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is no limit"):
        Limit.parse(text)


@given(st.floats(min_value=1e-9, max_value=1e15), st.sampled_from(LimitUnit))
def test_a_limit_that_is_written_down_reads_back_the_same(amount: float, unit: LimitUnit) -> None:
    assert Limit.parse(str(Limit(amount, unit))) == Limit(amount, unit)


def test_a_share_of_a_limit_is_that_share_of_its_time() -> None:
    assert after(NOON, Limit.parse("4 WH"), 0.5) == NOON + 2 * HOUR


@given(NUMBERS, st.data())
def test_any_wrong_digit_of_an_incident_number_is_caught(number: str, data: st.DataObject) -> None:
    assert is_number(number)
    at = data.draw(st.sampled_from([i for i, c in enumerate(number) if c != "-"]))
    wrong = data.draw(st.sampled_from([c for c in "0123456789" if c != number[at]]))
    assert not is_number(number[:at] + wrong + number[at + 1 :])


@pytest.mark.parametrize("text", ["", "abc", "261122-331125-000731", "２６1122-331125-000731-4", "1" * 20])
def test_what_is_no_number_is_none(text: str) -> None:
    assert not is_number(text)


def test_a_number_carries_the_chinese_date_the_county_and_the_sequence() -> None:
    late = datetime(2026, 11, 22, 0, 30, tzinfo=CHINA)
    assert number_of(late, "331125", 731).startswith("261122-331125-000731-")


@pytest.mark.parametrize("sequence", [0, -1, 1_000_000])
def test_a_day_has_room_for_999999(sequence: int) -> None:
    with pytest.raises(Refused):
        number_of(NOON, "331125", sequence)
