"""What the outside must do next. `decide` asks for it; the outbox carries it out."""

from dataclasses import dataclass
from datetime import datetime

from gridward.domain.rules import DeadlineKind, Level


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell someone at `level` of `unit`; when `not_before` is set, not earlier than that."""

    level: Level
    unit: str
    about: str  # what it means to them: "dispatched", "withdrawn", "raised", "deadline" and the like
    kind: DeadlineKind | None = None
    not_before: datetime | None = None


Effect = Notify
