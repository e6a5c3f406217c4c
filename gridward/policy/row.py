"""A row (行) of a policy file, and the kinds of value that rows of several files hold."""

from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from gridward.domain.errors import Refused
from gridward.domain.limits import Limit
from gridward.policy import spelling

FARTHEST_M = 2_000  # no grid is looked for beyond this (`geo.index.REACH_M`)


def mistake_at(spot: tuple[str | int, ...], what: str) -> PydanticCustomError:
    """A mistake that a whole shows, at the field in it where it stands."""
    return PydanticCustomError("mistake_at", "{what}", {"what": what, "spot": spot})


def _is_limit(text: str) -> str:
    try:
        Limit.parse(text)
    except Refused as error:
        raise ValueError(
            "时限写法：10 MIN 分钟，2 EH 小时（昼夜），4 WH 工作小时，1 WD 工作日，3 CD 自然日，中间空一格 "
            f"{error}"
        ) from None
    return text


def _no_number(value: Any) -> Any:
    """A bare number would be taken for seconds, from midnight or from 1970."""
    if isinstance(value, int | float):
        raise ValueError(
            '应为时刻，如 "22:00" 或 2010-01-01T00:00:00+08:00 is no time of day, such as "22:00"'
        )
    return value


LimitText = Annotated[str, AfterValidator(_is_limit)]
Code = Annotated[str, Field(pattern=r"^\d{4}$")]
GroupCode = Annotated[str, Field(pattern=r"^\d{2}$")]
Severity = Annotated[int, Field(ge=1, le=4)]
Prefix = Annotated[str, Field(pattern=r"^\d{2,20}$")]
UnitCode = Annotated[str, Field(pattern=r"^\d{14}$")]
SequenceNumber = Annotated[int, Field(ge=1, le=999)]
TimeOfDay = Annotated[time, BeforeValidator(_no_number)]
Moment = Annotated[AwareDatetime, BeforeValidator(_no_number)]
# Plain, with choices or with a gap (`gridward.policy.spelling`).
Words = list[Annotated[str, Field(min_length=1, max_length=400), AfterValidator(spelling.checked)]]


class Row(BaseModel):
    """Unknown fields are typing slips, and are refused; so are numbers without end, which no database keeps."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
