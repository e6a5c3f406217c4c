"""A report (上报) as it is sent to `POST /api/reports`."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from api.models.fields import Body, Degrees, Line, Moment, Text, fault, parse_moment
from gridward.domain.rules import CHINA
from gridward.reports import Source


def _parse_due(value: Any) -> datetime:
    """A day (until its end) or a moment."""
    if isinstance(value, str) and len(value) == 10:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise fault("不是有效的日期", "is no valid date") from None
        return parse_moment(datetime.combine(day, time(23, 59, 59), CHINA).isoformat())
    return parse_moment(value)


_DUE_SCHEMA = {
    "type": "string",
    "description": "A date (until the end of that day in China) or a date and time, ISO 8601",
    "examples": ["2026-12-01", "2026-12-01T18:00:00+08:00"],
}


class Reporter(Body):
    """Who reports. Encrypted before it leaves the door, never on journal, events or logs."""

    name: Annotated[Text | None, Field(max_length=50)] = None
    phone: Annotated[Text | None, Field(max_length=30)] = None
    id_number: Annotated[Text | None, Field(max_length=30)] = None


class External(Body):
    """The ticket that another system holds: its number is kept, its earlier limit counts."""

    system: Line
    number: Line
    due: Annotated[datetime | None, BeforeValidator(_parse_due), WithJsonSchema(_DUE_SCHEMA)] = None


class Report(Body):
    """One report. `id` is made by the client: the same id again is the same report."""

    id: UUID = Field(description="A UUID made by the sender; sending again with it is safe")
    text: Text = Field(description="What happened: 1 to 5,000 characters after trimming, emoji welcome")
    source: Source
    lon: Degrees | None = Field(
        None, ge=-180, le=180, description="Degrees, in `crs`; with lat or not at all"
    )
    lat: Degrees | None = Field(None, ge=-90, le=90)
    accuracy_m: Degrees | None = Field(None, ge=0, le=100_000, description="Radius the phone claims, metres")
    crs: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
    address: Line | None = None
    occurred_at: Moment | None = Field(None, description="When it happened; left out, the time of arrival")
    reporter: Reporter | None = None
    external: External | None = None
    same_as: UUID | None = Field(
        None,
        description="The id of a matter from `/api/suggest` that the reporter says it is: it adds a voice",
    )

    @model_validator(mode="after")
    def _a_place_has_both(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise fault("lon 和 lat 要么都有，要么都没有", "lon and lat: both or neither")
        return self
