"""Named windows of time, in China's time whatever zone the moment is given in."""

from datetime import UTC, date, datetime

import pytest

from gridward.domain.rules import CHINA
from gridward.policy.policy import Policy
from gridward.policy.time_rows import DaysRow, HoursRow, WindowRow
from gridward.policy.windows import holds, meet

EVENING = [HoursRow.model_validate({"start": "22:00", "end": "06:00"})]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("window", "moment", "expected"),
    [
        ("school_hours", "2026-11-25T07:00", True),
        ("school_hours", "2026-11-25T06:59", False),
        ("school_hours", "2026-11-25T18:00", False),
        ("school_hours", "2026-11-28T10:00", False),  # Saturday
        ("school_hours", "2026-10-05T10:00", False),  # a Monday of the holiday
        ("school_hours", "2027-02-01T10:00", False),  # a Monday of the winter break
        ("night", "2026-11-25T23:00", True),
        ("night", "2026-11-25T05:59", True),
        ("night", "2026-11-25T06:00", False),
        ("holiday", "2027-02-06T12:00", True),
        ("holiday", "2027-02-12T00:00", False),
    ],
)
def test_a_window_holds_in_its_hours_on_its_days(
    policy: Policy, window: str, moment: str, expected: bool
) -> None:
    assert holds(window, at(moment), policy.responsibility.windows) is expected


def test_the_moment_counts_in_chinas_time(policy: Policy) -> None:
    windows = policy.responsibility.windows
    assert holds("school_hours", datetime(2026, 11, 24, 23, 30, tzinfo=UTC), windows)  # Wednesday 07:30 there
    assert not holds("school_hours", datetime(2026, 11, 25, 12, 0, tzinfo=UTC), windows)


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin() -> None:
    windows = {"friday": WindowRow(days=[5], hours=EVENING)}
    assert holds("friday", at("2026-11-28T05:00"), windows)
    assert not holds("friday", at("2026-11-27T05:00"), windows)


def test_a_sunday_that_is_worked_counts() -> None:
    windows = {
        "work": WindowRow(days=[1, 2, 3, 4, 5], also=[date(2026, 11, 29)], unless=["off"]),
        "off": WindowRow(dates=[DaysRow(first=date(2026, 11, 29), last=date(2026, 11, 30))]),
    }
    assert holds("work", at("2026-11-29T10:00"), windows)
    assert not holds("work", at("2026-11-30T10:00"), windows)


def test_windows_meet_only_where_some_moment_is_in_both(policy: Policy) -> None:
    windows = policy.responsibility.windows
    assert not meet(["school_hours", "night"], None, None, windows)
    assert not meet(["school_hours", "holiday"], None, None, windows)
    assert meet(["night", "holiday"], None, None, windows)
    assert not meet(["night", "holiday"], date(2026, 11, 1), date(2026, 12, 30), windows)
    assert meet(["night", "holiday"], date(2026, 11, 1), date(2027, 1, 1), windows)
    assert not meet(["school_hours"], date(2027, 2, 1), date(2027, 2, 20), windows)
    assert meet(["school_hours"], date(2040, 1, 1), None, windows)
