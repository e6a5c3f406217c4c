"""The duty roster (值班表): hours ahead in which nobody would answer for a unit. Pure; the moment is an argument."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gridward.domain.rules import CHINA
from gridward.policy.unit_rows import Person, UnitRow, Units
from gridward.policy.units import PLACEHOLDER
from gridward.policy.windows import MIDNIGHT, in_hours

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Gap:
    """From `start` to before `end`, in China's time, nobody is on duty for the unit."""

    unit: str
    name: str
    start: datetime
    end: datetime

    @property
    def text(self) -> str:
        return f"{self.unit} {self.name}：{_clock(self.start)} 至 {_clock(self.end)} 无人值班"


def gaps(units: Units, moment: datetime) -> list[Gap]:
    """The uncovered hours of each unit from `moment` (aware) over the days that the file looks ahead, in order.

    A unit without a roster is always answered for by its duty contact, where that is filled in.
    """
    end = moment.astimezone(CHINA) + timedelta(days=units.look_ahead_days)
    return [gap for unit in units.units for gap in _of_unit(unit, moment.astimezone(CHINA), end)]


def _of_unit(unit: UnitRow, start: datetime, end: datetime) -> Iterator[Gap]:
    """Whether somebody is there changes only at the hours that the roster names."""
    began: datetime | None = None
    for at in _changes(unit, start, end):
        if _is_covered(unit, at):
            if began is not None:
                yield Gap(unit.code, unit.name, began, at)
            began = None
        elif began is None:
            began = at
    if began is not None:
        yield Gap(unit.code, unit.name, began, end)


def _changes(unit: UnitRow, start: datetime, end: datetime) -> Iterable[datetime]:
    clocks = {
        MIDNIGHT,
        *(clock for row in unit.roster for one in row.hours for clock in (one.start, one.end)),
    }
    days = ((start + timedelta(days=n)).date() for n in range((end - start).days + 2))
    later = (datetime.combine(day, clock, CHINA) for day in days for clock in clocks)
    return [start, *sorted(at for at in later if start < at < end)]


def _is_covered(unit: UnitRow, at: datetime) -> bool:
    if not unit.roster:
        return _answers(unit.duty)
    return any(_answers(row.person) and in_hours(row.hours, row.days, at) for row in unit.roster)


def _answers(person: Person) -> bool:
    return PLACEHOLDER not in (person.name, person.phone)


def _clock(at: datetime) -> str:
    return f"周{WEEKDAYS[at.weekday()]} {at:%Y-%m-%d %H:%M}"
