"""Units that an incident's text accuses are not given it: refused at the desk, unless somebody above it says why."""

from collections.abc import Collection

from api.models import action as a
from api.names import Names
from api.problems import wrong_field

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
