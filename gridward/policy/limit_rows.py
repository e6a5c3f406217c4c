"""What the file of limits (时限) must look like: classes, ladders, the desk's clocks, and what the door takes in."""

from typing import Annotated

from pydantic import Field, model_validator

from gridward.domain.rules import Level, Light
from gridward.policy.row import FARTHEST_M, LimitText, Moment, Row, Severity, TimeOfDay


class StepRow(Row):
    at: Annotated[float, Field(gt=0)]
    tell: Level
    light: Light | None = None


LadderRows = list[StepRow]


class ClassLadders(Row):
    accept: LadderRows
    contact: LadderRows
    finish: LadderRows


class ClassRow(Row):
    name: str
    accept: LimitText | None = None
    contact: LimitText | None = None
    finish: LimitText
    may_return: bool
    may_extend: bool
    above_unit_at_night: bool
    ladder: str


class DeskRows(Row):
    limits: dict[Severity, LimitText]
    ladder: LadderRows

    @model_validator(mode="after")
    def _every_severity_has_a_limit(self) -> "DeskRows":
        if set(self.limits) != {1, 2, 3, 4}:
            raise ValueError(
                "应为 1、2、3、4 级各写一个时限 the desk needs one limit for each severity 1, 2, 3, 4"
            )
        return self


class VerifyRows(Row):
    within: LimitText
    ladder: LadderRows


class NightRow(Row):
    start: TimeOfDay
    end: TimeOfDay


class ExtensionRow(Row):
    """An extension (延期) is had once; how much it may add is policy."""

    at_most_share: Annotated[float, Field(gt=0)]


class IntakeRow(Row):
    text_max: Annotated[int, Field(gt=0)]
    earliest: Moment
    future_tolerance: LimitText


# The rows below came later than the first policies that counties published. Versions are never rewritten, and the
# incidents that they opened still need them; so each field has a default, the value that held before it was a field.


class UnsureRow(Row):
    """What a report counts as from its arrival until a person has named its category."""

    severity: Severity = 3
    limit_class: str = "C"
    urgent_severity: Severity = (
        2  # at least, of one that seems urgent: it waits at the desk like what is as grave
    )
    sensitive_share: Annotated[float, Field(ge=0, le=1)] = 0.0
    believed: Annotated[float, Field(ge=0, le=1)] = (
        0.0  # surety from which a guess makes it graver than `severity`
    )


class PlaceRow(Row):
    # so grave, it goes out where one unit leads in every grid that it may lie in; 0: the desk chooses first
    wherever: Annotated[int, Field(ge=0, le=4)] = 0
    nowhere: Annotated[int, Field(ge=0, le=4)] = (
        0  # so grave, it goes out without any place to the only unit for it
    )
    nearest_within: Annotated[float, Field(ge=0, le=FARTHEST_M, allow_inf_nan=False)] = 0.0


class ActionsRow(Row):
    clock_tolerance: LimitText = "2 MIN"
    kept_severity: Annotated[int, Field(ge=0, le=4)] = 2


class Limits(Row):
    classes: dict[str, ClassRow]
    ladders: dict[str, ClassLadders]
    desk: DeskRows
    verify: VerifyRows
    night: NightRow
    extension: ExtensionRow
    suspension_at_most: LimitText
    rework_share: Annotated[float, Field(gt=0, le=1)]
    intake: IntakeRow
    unsure: UnsureRow = UnsureRow()
    urgent_class: str = "A"
    place: PlaceRow = PlaceRow()
    actions: ActionsRow = ActionsRow()
