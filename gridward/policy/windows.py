"""Whether a named window (时段: school hours, night, holiday) holds at a moment. Pure; the moment is an argument."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from gridward.domain.rules import CHINA
from gridward.policy.time_rows import HoursRow, Weekday, WindowRow

Windows = Mapping[str, WindowRow]
DAY = timedelta(days=1)
MIDNIGHT = time(0)


def holds(name: str, moment: datetime, windows: Windows) -> bool:
    """Whether window `name` holds at `moment` (aware). Raises `KeyError` for a name that is not in the policy."""
    local = moment.astimezone(CHINA)
    row = windows[name]
    day = _day_of(row, local)
    if day is None:
        return False
    return day in row.also or not any(holds(other, moment, windows) for other in row.unless)


def in_hours(hours: Iterable[HoursRow], days: Iterable[Weekday], local: datetime) -> bool:
    """Whether hours on these weekdays hold at this local time; no hours and no days mean always."""
    return _day_of(WindowRow(hours=list(hours), days=list(days)), local) is not None


def _day_of(row: WindowRow, local: datetime) -> date | None:
    """The day whose hours hold at the local time, which past midnight is the day before; None: they do not hold."""
    day, clock = local.date(), local.time()
    for start, end in [(one.start, one.end) for one in row.hours] or [(MIDNIGHT, MIDNIGHT)]:
        if start < end:
            began = day if start <= clock < end else None
        else:
            began = day if clock >= start else day - DAY if clock < end else None
        if began is not None and _has_day(row, began):
            return began
    return None


def _has_day(row: WindowRow, day: date) -> bool:
    if day in row.also:
        return True
    is_dated = not row.dates or any(one.first <= day <= one.last for one in row.dates)
    return is_dated and (not row.days or day.isoweekday() in row.days)


def meet(names: Iterable[str], first: date | None, last: date | None, windows: Windows) -> bool:
    """Whether there is a moment from `first` to `last` at which all these windows hold.

    Windows change only at the hours that they name, and repeat weekly outside the days that they name, so that
    those hours on the days up to a week beyond are all that must be tried.
    """
    wanted = list(names)
    rows = [windows[name] for name in _reached(wanted, windows)]
    clocks = sorted(
        {MIDNIGHT, *(clock for row in rows for one in row.hours for clock in (one.start, one.end))}
    )
    return any(
        all(holds(name, datetime.combine(day, clock, CHINA), windows) for name in wanted)
        for day in _days(rows, first, last)
        for clock in clocks
    )


def _reached(names: Iterable[str], windows: Windows) -> set[str]:
    named = set(names)
    return named | {other for name in named for other in windows[name].unless}


def _days(rows: Iterable[WindowRow], first: date | None, last: date | None) -> Iterator[date]:
    """The days that must be tried."""
    named = [
        day
        for row in rows
        for day in (*row.also, *(edge for one in row.dates for edge in (one.first, one.last)))
    ]
    ordinary = last or first or date(2000, 1, 1)
    start = first or min([*named, ordinary]) - 8 * DAY
    end = max([*named, start]) + 8 * DAY
    day = start
    while day <= (min(end, last) if last else end):
        yield day
        day += DAY
