"""A row (行) of a policy file, and the kinds of value that rows of several files hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gridward.domain.errors import Refused
from gridward.domain.limits import Limit

FARTHEST_M = 2_000  # no grid is looked for beyond this (`geo.index.REACH_M`)


def _is_limit(text: str) -> str:
    try:
        Limit.parse(text)
    except Refused as error:
        raise ValueError(str(error)) from None
    return text


LimitText = Annotated[str, AfterValidator(_is_limit)]
Code = Annotated[str, Field(pattern=r"^\d{4}$")]
GroupCode = Annotated[str, Field(pattern=r"^\d{2}$")]
Severity = Annotated[int, Field(ge=1, le=4)]
Prefix = Annotated[str, Field(pattern=r"^\d{2,20}$")]
UnitCode = Annotated[str, Field(pattern=r"^\d{14}$")]
SequenceNumber = Annotated[int, Field(ge=1, le=999)]
Words = list[Annotated[str, Field(min_length=1, max_length=30)]]


class Row(BaseModel):
    """Unknown fields are typing slips, and are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
