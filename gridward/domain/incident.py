"""An incident (事件, the fact), its tasks (任务, a unit's duty), and their deadlines: values only.

What changes them is in `decide`; what may change them is in `transitions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from gridward.domain.events import Doubt
from gridward.domain.limits import Limit, after
from gridward.domain.rules import DeadlineKind, Light
from gridward.domain.transitions import Status

DESK = "desk"  # the holder of the dispatch desk's own tasks


class TaskRole(StrEnum):
    LEAD = "lead"  # 主办
    JOINT = "joint"  # 协办
    DESK = "desk"  # 派单席


class TaskStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DONE = "done"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


OPEN_TASK = frozenset({TaskStatus.OFFERED, TaskStatus.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock of one task, waiting for the next step of its ladder.

    It is known by task, kind and generation. `due_at` is None when no step is left, when it is met or lifted,
    and while it is paused. `extra` is what an extension or an outer limit adds to `limit`; `rested` is how
    long it has been paused, which moves every step by as much and stretches none.
    """

    task: int
    kind: DeadlineKind
    started_at: datetime
    limit: Limit
    due_at: datetime | None
    generation: int = 1
    step: int = 0
    light: Light | None = None
    extra: timedelta = timedelta(0)
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    rested: timedelta = timedelta(0)

    @property
    def limit_at(self) -> datetime:
        """The limit itself: the last moment that is still in time."""
        return max(after(self.started_at, self.limit) + self.extra, self.started_at) + self.rested

    @property
    def is_running(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Task:
    no: int
    role: TaskRole
    unit: str
    status: TaskStatus
    offered_at: datetime
    designated: bool = False
    accepted_at: datetime | None = None
    done_at: datetime | None = None
    handlers: tuple[str, ...] = ()  # who accepted or finished it; none of them may verify it
    doubts: tuple[Doubt, ...] = ()  # of a desk task: what a person must settle
    asked: str = ""  # of a desk task: what was asked for, in its own notation
    words: str = ""  # of a desk task: those of another report that brought it

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_TASK


@dataclass(frozen=True, slots=True)
class Card:
    """What lists and the map show of an incident beside its state. Written once, when it was reported."""

    report_id: str
    source: str
    received_at: datetime
    occurred_at: datetime
    excerpt: str = ""
    lon: float | None = None
    lat: float | None = None
    grid_candidates: tuple[str, ...] = ()
    likely_repeats: tuple[str, ...] = ()  # open incidents that it may be the same matter as, likeliest first


@dataclass(frozen=True, slots=True)
class Incident:
    """The state that decisions are made on. `version` is the decision version, `journal_no` the last entry's."""

    id: str
    number: str
    status: Status = Status.NEW
    category: str | None = None
    severity: int = 3
    limit_class: str = "C"
    finish_limit: Limit | None = None
    sensitive: bool = False
    grid: str | None = None
    external_due: datetime | None = None
    version: int = 0
    journal_no: int = 0
    rules_version: int = 0
    extended: bool = False
    merged_into: str | None = None
    tasks: tuple[Task, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    card: Card | None = None

    @property
    def lead(self) -> Task | None:
        return lead_of(self.tasks)

    @property
    def graver(self) -> Task | None:
        """The desk's task, waiting or done, of the last report that made it graver (情况加重)."""
        return next((task for task in reversed(self.tasks) if Doubt.GRAVER in task.doubts), None)

    def light(self) -> Light | None:
        """The worst light that is on at a task which somebody still has to do."""
        lights = {d.light for d in self.deadlines if d.is_running}
        return next((light for light in (Light.RED, Light.AMBER) if light in lights), None)

    def next_due_at(self) -> datetime | None:
        """The nearest limit that a unit or the desk is held to (not the steps before and after it)."""
        return min((d.limit_at for d in self.deadlines if d.is_running and not d.paused_at), default=None)

    def open_task_of(self, unit: str) -> Task | None:
        return open_task_of(self.tasks, unit)

    def desk_tasks(self) -> tuple[Task, ...]:
        return desk_tasks(self.tasks)


def lead_of(tasks: Sequence[Task]) -> Task | None:
    """The lead task that counts: the newest one."""
    return next((task for task in reversed(tasks) if task.role is TaskRole.LEAD), None)


def open_task_of(tasks: Sequence[Task], unit: str) -> Task | None:
    """The newest open task that the unit holds."""
    return next((task for task in reversed(tasks) if task.unit == unit and task.is_open), None)


def desk_tasks(tasks: Sequence[Task]) -> tuple[Task, ...]:
    """What waits at the dispatch desk."""
    return tuple(task for task in tasks if task.role is TaskRole.DESK and task.is_open)
