"""Units that an incident's text accuses are not given it: refused at the desk, unless somebody above it says why."""

from collections.abc import Collection

from api.models import action as a
from api.names import Names
from api.problems import wrong_field
from gridward.domain.incident import Incident

OVERRIDING = frozenset({"chief", "leader"})  # 值班长, 带班领导


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
                f"{names.unit(unit)}在正文中被投诉，应当回避；请改派其他单位，或由值班长、带班领导在派单备注中写明理由后派单",
                "this unit stands accused in the text: choose another, or let the chief or leader dispatch with a note",
            )


def refuse_told_by_merging(
    child: Incident, target: Incident, excluded: Collection[str], names: Names
) -> None:
    """Raises `Problem` 422 where who handles `target` may not know of `child`: accused in it, or outside its chain."""
    for task in target.tasks:
        if task.unit in excluded and task.is_open:
            raise wrong_field(
                "into",
                f"{names.unit(task.unit)}正在办理那件事件，却在本件正文中被投诉，应当回避：请分开派给其他单位",
                "who handles that incident stands accused in this one: dispatch it to another unit instead",
            )
    if child.sensitive and not target.sensitive:
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
                f"{name}在正文中被投诉，应当回避：请转交其他单位",
                "this unit stands accused in the text: hand over to another",
            )
