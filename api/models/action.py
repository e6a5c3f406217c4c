"""What a person can do with an incident: one model for each action, told apart by `action`."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from api.models.actor import ActorBody
from api.models.fields import (
    Body,
    CategoryCode,
    GridCode,
    Line,
    Moment,
    OptionalWords,
    Text,
    UnitCode,
    Words,
)
from gridward.domain.events import Outcome


class _Action(Body):
    id: UUID = Field(description="Made by the client; sending the same action again with it changes nothing")
    version: int = Field(
        ge=0, le=2**31 - 1, strict=True, description="The incident's `version` that was seen"
    )
    done_at: Moment | None = Field(None, description="When it was done, if earlier than now (offline)")
    actor: ActorBody


class Dispatch(_Action):
    """派单 or 改派. Naming a category, grid or severity corrects what the machine found."""

    action: Literal["dispatch"]
    unit: UnitCode
    joint: list[UnitCode] = Field([], max_length=10)
    category: CategoryCode | None = None
    grid: GridCode | None = None
    severity: Annotated[int, Field(ge=1, le=4, strict=True)] | None = None
    designated: Annotated[bool, Field(strict=True)] = Field(False, description="指定: may not be returned")
    note: OptionalWords = ""


class Accept(_Action):
    """签收, of the lead task or of the joint task that the actor's unit holds."""

    action: Literal["accept"]
    task: Annotated[int, Field(ge=1, le=32767, strict=True)] | None = Field(
        None, description="The task's no; left out, the one that the actor's unit holds"
    )


class Return(_Action):
    """退单 with a reason, not for class A."""

    action: Literal["return"]
    reason: Words
    suggested_unit: UnitCode | None = None


class AddJoint(_Action):
    """会办: one more unit."""

    action: Literal["add_joint"]
    unit: UnitCode


class Progress(_Action):
    """阶段反馈."""

    action: Literal["progress"]
    text: Words


class AskExtension(_Action):
    """申请延期, in calendar days."""

    action: Literal["ask_extension"]
    reason: Words
    days: Annotated[float, Field(gt=0, le=365, strict=True, allow_inf_nan=False)]


class DecideExtension(_Action):
    """审批延期."""

    action: Literal["decide_extension"]
    granted: Annotated[bool, Field(strict=True)]
    reason: OptionalWords = ""


class AskSuspension(_Action):
    """申请挂账 until a stated moment."""

    action: Literal["ask_suspension"]
    reason: Words
    until: Moment


class DecideSuspension(_Action):
    """审批挂账."""

    action: Literal["decide_suspension"]
    granted: Annotated[bool, Field(strict=True)]
    reason: OptionalWords = ""


class Resume(_Action):
    """恢复办理 after a suspension."""

    action: Literal["resume"]


class Resolve(_Action):
    """办结 with its result."""

    action: Literal["resolve"]
    result: Words
    outcome: Outcome


class Verify(_Action):
    """核查, never by who handled it."""

    action: Literal["verify"]
    passed: Annotated[bool, Field(strict=True)]
    note: OptionalWords = ""


class Close(_Action):
    """结案."""

    action: Literal["close"]
    note: OptionalWords = ""


class Reopen(_Action):
    """重新办理."""

    action: Literal["reopen"]
    reason: Words


class Decline(_Action):
    """不予受理 with a reason."""

    action: Literal["decline"]
    reason: Words


class HandOver(_Action):
    """转紧急专线: who answered, and when (left out: at `done_at`)."""

    action: Literal["hand_over"]
    line: Annotated[Text, Field(min_length=2, max_length=20, examples=["119"])]
    answered_by: Line
    answered_at: Moment | None = None


class Merge(_Action):
    """并案 into another incident, by its id or number; refused where a unit would learn of a report that accuses it."""

    action: Literal["merge"]
    into: Annotated[Text, Field(min_length=1, max_length=40)]


class Unmerge(_Action):
    """取消并案: it is a matter of its own after all, and waits at the desk again."""

    action: Literal["unmerge"]
    reason: Words


class Cancel(_Action):
    """撤销. Reports that joined it live on: one of them waits at the desk again, the others join that one."""

    action: Literal["cancel"]
    reason: Words


Action = (
    Dispatch
    | Accept
    | Return
    | AddJoint
    | Progress
    | AskExtension
    | DecideExtension
    | AskSuspension
    | DecideSuspension
    | Resume
    | Resolve
    | Verify
    | Close
    | Reopen
    | Decline
    | HandOver
    | Merge
    | Unmerge
    | Cancel
)
