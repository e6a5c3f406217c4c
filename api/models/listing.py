"""The query of a list: filters, a cursor and a limit."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import orjson
from fastapi import Query

from api.models.fields import Text
from api.names import Names
from api.problems import wrong_field
from gridward.domain.incident import Incident
from gridward.domain.transitions import Status
from gridward.store.queries import OPEN_STATUSES, Cursor, Filter

Prefix = Annotated[str, Query(pattern=r"^[0-9]{0,20}$")]


@dataclass(frozen=True, slots=True)
class Listing:
    narrow: Filter
    overdue: bool
    after: Cursor | None
    limit: int

    @classmethod
    def of(
        cls,
        status: Annotated[list[Status], Query(description="One or more of them")] = [],  # noqa: B006
        severity: Annotated[list[Annotated[int, Query(ge=1, le=4)]], Query()] = [],  # noqa: B006
        category: Annotated[Prefix, Query(description="A category's code or the beginning of one")] = "",
        unit: Annotated[Prefix, Query(description="The lead unit's code")] = "",
        grid: Annotated[Prefix, Query(description="A grid's code or the beginning of one")] = "",
        open: Annotated[bool, Query(description="Only those where something is left to do")] = False,
        overdue: Annotated[bool, Query(description="Only those past a limit")] = False,
        doubt: Annotated[bool | None, Query(description="Whether the desk must settle something")] = None,
        q: Annotated[Text, Query(max_length=100, description="Words to look for")] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
        cursor: Annotated[str | None, Query(max_length=200, description="`next` of the page before")] = None,
    ) -> Self:
        statuses = [one.value for one in status]
        if open:
            statuses = [one for one in statuses or OPEN_STATUSES if one in OPEN_STATUSES] or ["none"]
        narrow = Filter(statuses, severity, category, unit, grid, doubt=doubt, words=q.strip())
        return cls(narrow, overdue, parse_cursor(cursor) if cursor else None, limit)

    def filter(self, now: datetime, names: Names) -> Filter:
        """With the time and the names put in."""
        narrow, words = self.narrow, self.narrow.words
        return Filter(
            narrow.statuses,
            narrow.severities,
            narrow.category,
            narrow.unit,
            narrow.grid,
            now if self.overdue else None,
            narrow.doubt,
            words,
            names.units_named(words) if words else (),
            names.categories_named(words) if words else (),
            names.grids_named(words) if words else (),
        )


def cursor_of(last: Incident) -> str:
    """Where the page ended."""
    assert last.card is not None
    return base64.urlsafe_b64encode(orjson.dumps([last.card.received_at, last.id])).decode()


def parse_cursor(text: str) -> Cursor:
    """Raises `Problem` 422 for what `cursor_of` never made."""
    try:
        at, id = orjson.loads(base64.urlsafe_b64decode(text))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
            raise ValueError("no such moment")
        return moment, str(UUID(id))
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise wrong_field("cursor", "不是本接口给出的翻页标记", "is no cursor of ours") from None
