"""The next state while it is being worked out. Lives inside one call of `decide` and nowhere else."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from gridward.domain import clocks
from gridward.domain.effects import Effect, Notify
from gridward.domain.errors import Refused
from gridward.domain.events import Doubt
from gridward.domain.incident import (
    DESK,
    Deadline,
    Incident,
    Task,
    TaskRole,
    TaskStatus,
    desk_tasks,
    lead_of,
    open_task_of,
)
from gridward.domain.limits import Limit, after
from gridward.domain.rules import ClassRule, DeadlineKind, Ladder, Level, Rules


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `role` is machine, desk, chief, leader, unit, worker or reporter; `unit` whom they act for."""

    id: str
    role: str
    unit: str | None = None
    name: str | None = None


MACHINE = Actor("gridward", "machine")
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class When:
    """`received_at` is the server's time; `done_at` when the person did it, earlier if they were offline."""

    received_at: datetime
    done_at: datetime


class Draft:
    """A copy to work on: tasks and deadlines apart, since they change most, the rest in `incident`.

    `frozen` puts them together again. Until then the tasks and deadlines of `incident` are the old ones.
    """

    def __init__(self, incident: Incident, actor: Actor, when: When, rules: Rules) -> None:
        self.incident = incident
        self.tasks = list(incident.tasks)
        self.clocks = {(d.task, d.kind): d for d in incident.deadlines}
        self.actor = actor
        self.when = when
        self.rules = rules
        self.effects: list[Effect] = []
        self.data: dict[str, Any] = {}  # what the journal says beyond the event itself

    @property
    def class_rule(self) -> ClassRule:
        rule = self.rules.classes.get(self.incident.limit_class)
        if rule is None:
            raise Refused(f"policy {self.rules.version} knows no limit class {self.incident.limit_class}")
        return rule

    @property
    def finish_limit(self) -> Limit:
        """Its category's own, or else its class's."""
        return self.incident.finish_limit or self.class_rule.finish

    def change(self, **fields: Any) -> None:
        """Set fields other than tasks and deadlines."""
        self.incident = replace(self.incident, **fields)

    def frozen(self, **fields: Any) -> Incident:
        """The incident as it has become, with these last fields. Clocks keep one order, whatever happened."""
        deadlines = tuple(self.clocks[key] for key in sorted(self.clocks))
        return replace(self.incident, tasks=tuple(self.tasks), deadlines=deadlines, **fields)

    # Tasks

    def lead(self) -> Task:
        task = lead_of(self.tasks)
        if task is None:
            raise Refused("there is no lead task to act on")
        return task

    def own_task(self, role: TaskRole) -> Task:
        """The open task that the actor's unit holds. Raises `NotYours`."""
        task = self.held()
        if task is None or task.role is not role:
            raise NotYours(self.actor, role)
        return task

    def held(self) -> Task | None:
        """The open task that the actor's unit holds, whatever its role."""
        return open_task_of(self.tasks, self.actor.unit) if self.actor.unit else None

    def add_task(self, role: TaskRole, unit: str, **fields: Any) -> Task:
        no = len(self.tasks) + 1
        task = Task(no, role, unit, TaskStatus.OFFERED, self.when.received_at, **fields)
        self.tasks.append(task)
        return task

    def set_task(self, no: int, **fields: Any) -> None:
        self.tasks = [replace(task, **fields) if task.no == no else task for task in self.tasks]

    def withdraw(self, *roles: TaskRole, but: Collection[str] = ()) -> None:
        """Take open tasks of these roles away, lift their clocks and tell their units.

        Units in `but` are not told: they hear of the new task that they get at once.
        """
        for task in self.tasks:
            if task.is_open and task.role in roles:
                self.set_task(task.no, status=TaskStatus.WITHDRAWN, done_at=self.when.received_at)
                self.lift(task.no)
                if task.unit not in but:
                    self.tell(Level.UNIT_DESK, task.unit, "withdrawn")

    # The dispatch desk

    def ask_desk(self, *doubts: Doubt, asked: str = "", words: str = "", within: Limit | None = None) -> Task:
        """Put it before a person at the desk, with a clock of its own (值班长, 带班领导 follow).

        How long they have goes by severity, unless `within` says otherwise.
        """
        task = self.add_task(TaskRole.DESK, DESK, doubts=doubts, asked=asked, words=words)
        limit = within or self.rules.desk[self.incident.severity]
        self.start_clock(task.no, DeadlineKind.DESK, limit, self.when.received_at)
        self.tell(Level.DISPATCH_DESK, DESK, "queued")
        return task

    def desk_task(self, doubt: Doubt) -> Task:
        for task in desk_tasks(self.tasks):
            if doubt in task.doubts:
                return task
        raise Refused(f"nothing of the kind waits at the desk: {doubt}")

    def has_asked(self, doubt: Doubt) -> bool:
        """Whether a matter of this kind waits at the desk."""
        return any(doubt in task.doubts for task in desk_tasks(self.tasks))

    def settle_desk(self, *doubts: Doubt) -> None:
        """The desk has answered these matters, or all of them when none is named.

        All but a conflict: what came under the same number is read by a person, whatever becomes of the rest.
        """
        answered = set(doubts) or set(Doubt) - {Doubt.CONFLICT}
        for task in desk_tasks(self.tasks):
            if answered & set(task.doubts):
                self.set_task(task.no, status=TaskStatus.DONE, done_at=self.when.received_at)
                self.lift(task.no)

    # Clocks

    def done_at(self, offered_at: datetime) -> datetime:
        """When the actor did it, as far as that can be: not before it was theirs, not after we heard of it."""
        return min(max(self.when.done_at, offered_at), self.when.received_at)

    def start_clock(
        self, task: int, kind: DeadlineKind, limit: Limit, at: datetime, outer: datetime | None = None
    ) -> None:
        """Arm a clock; an `outer` limit that others set counts when it is the earlier one."""
        whole = after(at, limit)
        extra = outer - whole if outer is not None and outer < whole else NO_TIME
        previous = self.clocks.get((task, kind))
        generation = previous.generation if previous else 0
        self.put_clock(clocks.started(task, kind, at, limit, extra, generation, self.ladder(kind)))

    def put_clock(self, clock: Deadline) -> None:
        self.clocks[clock.task, clock.kind] = clock

    def clock(self, task: int, kind: DeadlineKind) -> Deadline | None:
        """The clock of that kind which is running on the task."""
        clock = self.clocks.get((task, kind))
        return clock if clock is not None and clock.is_running else None

    def meet(self, task: int, *kinds: DeadlineKind) -> None:
        """What the clock waited for was done, at `done_at`: a light that came on meanwhile is corrected openly."""
        offered_at = next(t.offered_at for t in self.tasks if t.no == task)
        for kind in kinds:
            clock = self.clock(task, kind)
            if clock is None:
                continue
            clock = clocks.resumed(clock, self.when.received_at, self.ladder(kind))
            done = self.done_at(max(offered_at, clock.started_at))
            in_time = done <= clock.limit_at
            if in_time and clock.light is not None:
                self.data.setdefault("corrected", []).append(
                    {"task": task, "kind": kind.value, "light": clock.light.value}
                )
                clock = replace(clock, light=None)
            self.data.setdefault("met", []).append({"task": task, "kind": kind.value, "in_time": in_time})
            self.put_clock(clocks.ended(clock, done))

    def lift(self, task: int, *kinds: DeadlineKind) -> None:
        """Nobody waits for it any more."""
        for deadline in list(self.clocks.values()):
            if deadline.task == task and deadline.is_running and (not kinds or deadline.kind in kinds):
                self.put_clock(clocks.ended(deadline, self.when.received_at))

    def each_clock_of_units(self) -> list[Deadline]:
        units = {task.no for task in self.tasks if task.role is not TaskRole.DESK and task.is_open}
        return [d for d in self.clocks.values() if d.task in units and d.is_running]

    def ladder(self, kind: DeadlineKind) -> Ladder:
        return clocks.ladder_of(kind, self.class_rule, self.rules)

    def tell(self, level: Level, unit: str, about: str, kind: DeadlineKind | None = None) -> None:
        self.effects.append(Notify(level, unit, about, kind))


class NotYours(Refused):
    """The actor's unit holds no such open task, or the actor's role may not do this."""

    def __init__(self, actor: Actor, needed: str) -> None:
        super().__init__(f"{actor.role} {actor.unit or actor.id} may not do this: it takes the {needed}")
