"""What the file of units (责任单位) must look like: who they are, what they serve, who is on duty when."""

from typing import Annotated

from pydantic import Field

from gridward.policy.row import Prefix, Row, UnitCode
from gridward.policy.time_rows import HoursRow, Weekday


class Person(Row):
    name: str
    phone: str


class RosterRow(Row):
    """Who is on duty on these weekdays in these hours; what is left out means every day, all day."""

    days: list[Weekday] = []
    hours: list[HoursRow] = []
    person: Person


class UnitRow(Row):
    """A unit without a `roster` is answered for by `duty` at all times."""

    code: UnitCode
    name: str
    kinds: Annotated[list[str], Field(min_length=1)]
    areas: Annotated[list[Prefix], Field(min_length=1)]
    parent: UnitCode | None = None
    backup: UnitCode | None = None
    duty: Person
    leader: Person
    roster: list[RosterRow] = []


class Units(Row):
    units: list[UnitRow]
    look_ahead_days: Annotated[int, Field(ge=1, le=31)] = 7  # so far uncovered duty hours are looked for
