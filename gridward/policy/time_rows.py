"""Rows of time in policy files: hours, days, named windows (时段)."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from gridward.policy.row import Row, TimeOfDay

Weekday = Annotated[int, Field(ge=1, le=7)]  # 1 is Monday


class HoursRow(Row):
    """From `start` to before `end`, in China's time. An end that is not later lies on the next day."""

    start: TimeOfDay
    end: TimeOfDay


class DaysRow(Row):
    """Both days are included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _first_comes_first(self) -> "DaysRow":
        if self.first > self.last:
            raise ValueError(
                f"last 早于 first，没有一天适用，请对调 "
                f"first {self.first} is after last {self.last}, so that it holds on no day"
            )
        return self


class WindowRow(Row):
    """A named time: on these weekdays, in these hours, within these dates, but never while one of `except` holds.

    What is left out does not narrow it. `also` are days that count whatever their weekday and whatever `except`
    says: a Sunday that is worked (调休).
    """

    name: str = ""
    days: list[Weekday] = []
    hours: list[HoursRow] = []
    dates: list[DaysRow] = []
    also: list[date] = []
    unless: list[str] = Field(default=[], alias="except")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
