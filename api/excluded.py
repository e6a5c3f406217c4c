"""Units that an incident's text accuses are not given it: refused at the desk, unless somebody above it says why.

The reports merged into it are told in it too: whom one of them accuses is kept out as long as it is merged there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from api.models import action as a
from api.names import Names
from api.problems import wrong_field
from gridward.domain.incident import Incident, TaskRole, TaskStatus
from gridward.policy.accused import accused_units
from gridward.policy.classify import is_hidden
from gridward.policy.policy import Policy
from gridward.store.held import Told

OVERRIDING = frozenset({"chief", "leader"})  # 值班长, 带班领导


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two incidents of a merge, with whom its reports accuse; see `Asked`."""

    incident: Incident
    excluded: Collection[str]
    holds_hidden: bool = False

    @property
    def is_hidden(self) -> bool:
        """Whether only its own chain may know of it."""
        return self.incident.sensitive or self.holds_hidden or bool(self.excluded)


class Bar(Enum):
    """Why who handles one of two incidents may not be told of the other by merging them."""

    HANDLES_TARGET = auto()  # and stands accused in what would be merged into it
    HANDLES_CHILD = auto()  # and stands accused in what it would be merged into
    OUTSIDE = auto()  # of the chain that alone may know of what would be merged


def excluded_by(
    reports: Sequence[Told], policy: Policy, category: str | None = None, grid: str | None = None
) -> tuple[str, ...]:
    """The units that an incident's own report, the first, or one that it holds accuses.

    Those that triage found, and those that stand accused by the kind and place that the desk names: in a complaint
    about conduct to be named is enough, which triage could not know while the kind was in doubt.
    """
    own, *held = reports
    category = category or own.category
    found = [*own.accused, *_accused(own.text, category, grid or own.grid, policy)]
    for one in held:
        found += one.accused
        for kind in dict.fromkeys((one.category, category)):
            found += _accused(one.text, kind, one.grid, policy)
    return tuple(dict.fromkeys(found))


def _accused(text: str, category: str | None, grid: str | None, policy: Policy) -> list[str]:
    return [one.unit for one in accused_units(text, category, grid, policy)]


def holds_hidden(reports: Sequence[Told], policy: Policy) -> bool:
    """Whether one that was merged in is of a sensitive kind, and not only hidden because nobody knew its kind, or any
    tells of what policy hides under every kind.
    """
    if any(is_hidden(one.text, policy) for one in reports):
        return True
    return any(one.sensitive and one.category is not None for one in reports[1:])


def units_on(incident: Incident) -> set[str]:
    """The units that work on it or have done their part, and the lead even after it returned its task."""
    of_units = [task for task in incident.tasks if task.role is not TaskRole.DESK]
    units = {task.unit for task in of_units if task.is_open or task.status is TaskStatus.DONE}
    lead = incident.lead
    return units | {lead.unit} if lead and lead.status is not TaskStatus.WITHDRAWN else units


def refuse_excluded(body: a.Dispatch | a.AddJoint, excluded: Collection[str], names: Names) -> None:
    """Raises `Problem` 422 when an accused unit would get the incident and nobody with the right to it says why."""
    asked = [("unit", body.unit)]
    if isinstance(body, a.Dispatch):
        asked += [("joint", unit) for unit in body.joint]
        if body.actor.role in OVERRIDING and body.note.strip():
            return
    for field, unit in asked:
        if unit in excluded:
            raise wrong_field(
                field,
                f"{names.unit(unit)}在正文或并入的上报中被投诉，应当回避；请改派其他单位，"
                "或由值班长、带班领导在派单备注中写明理由后派单",
                "this unit stands accused in the text or in a report merged in: choose another,"
                " or let the chief or leader dispatch with a note",
            )


def bar_to_merging(child: Side, target: Side) -> tuple[Bar, str | None] | None:
    """What keeps a report from being merged into the other, whoever does it, and the unit that it is about."""
    for bar, side, excluded in (
        (Bar.HANDLES_TARGET, target, child.excluded),
        (Bar.HANDLES_CHILD, child, target.excluded),
    ):
        if accused := sorted(units_on(side.incident) & set(excluded)):
            return bar, accused[0]
    return (Bar.OUTSIDE, None) if child.is_hidden and not target.incident.sensitive else None


def refuse_told_by_merging(child: Side, target: Side, names: Names) -> None:
    """Raises `Problem` 422 where who handles one may not know of the other: accused in it, or outside its chain."""
    match bar_to_merging(child, target):
        case Bar.HANDLES_TARGET, unit:
            raise wrong_field(
                "into",
                f"{names.unit(unit)}在办理那件事件，却在本件正文或并入本件的上报中被投诉，应当回避：请分开派给其他单位",
                "who handles that incident stands accused in this one: dispatch it to another unit instead",
            )
        case Bar.HANDLES_CHILD, unit:
            raise wrong_field(
                "into",
                f"{names.unit(unit)}在办理本件，却在那件事件的正文或并入的上报中被投诉，应当回避："
                "请先将本件改派其他单位再并案",
                "who handles this incident stands accused in that one: dispatch this one to another unit first",
            )
        case Bar.OUTSIDE, _:
            raise wrong_field(
                "into",
                "本件只限办理链条知悉，并入普通事件会让其承办单位知道：请单独派单",
                "only its own chain may know of this incident: dispatch it by itself",
            )


def refuse_excluded_line(line: str, excluded: Collection[str], names: Names) -> None:
    """Raises `Problem` 422 when the line that takes it over is a unit that stands accused."""
    for unit in excluded:
        if (name := names.unit(unit)) and name in line:
            raise wrong_field(
                "line",
                f"{name}在正文或并入的上报中被投诉，应当回避：请转交其他单位",
                "this unit stands accused in the text or in a report merged in: hand over to another",
            )
