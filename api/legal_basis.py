"""The legal basis (法律依据) of a matter: shown with the why, and named to whoever would push the matter down.

Both read the policy in force, for that is what the desk acts under, whichever version decided the incident.
"""

from api.names import Names
from api.problems import Problem, wrong_field
from api.views import View
from gridward.policy.matters import basis_of, covering, pushed_down
from gridward.policy.schema import MatterRow
from gridward.policy.units import Unit


def basis_view(category: str | None, names: Names) -> list[View]:
    """LegalBasis, the most specific first; empty where the list says nothing of the category."""
    return [
        {
            "category": row.category,
            "text": row.basis,
            "checked": row.checked,
            "never_led_by": row.never_led_by,
            "text_zh": f"{basis_of(row)}，不得由{'、'.join(row.never_led_by)}主办",
        }
        for row in covering(category or "", _matters(names))
    ]


def refuse_pushed_down(code: str, category: str | None, names: Names) -> None:
    """Raises `Problem` 422, with the law, when the matter may not be led by this unit."""
    unit = names.policy.units.get(code) if names.policy else None
    if unit is not None and (row := _kept_from(unit, category, names)):
        raise _refusal("unit", unit, row, names)


def refuse_handed_down(line: str, category: str | None, names: Names) -> None:
    """A hand-over ends the matter here, so it goes to no unit that may not lead it. Raises `Problem` 422.

    `line` is free text: an emergency line, or whoever took it; a unit counts when its name or code stands in it.
    """
    for unit in names.policy.units.values() if names.policy else ():
        if (unit.name in line or unit.code in line) and (row := _kept_from(unit, category, names)):
            raise _refusal("line", unit, row, names)


def _kept_from(unit: Unit, category: str | None, names: Names) -> MatterRow | None:
    return pushed_down(category, unit.kinds, _matters(names)) if category else None


def _refusal(field: str, unit: Unit, row: MatterRow, names: Names) -> Problem:
    group = names.policy.bundle.categories.groups.get(row.category) if names.policy else None
    matter = names.category(row.category) or group or row.category
    return wrong_field(
        field,
        f"{unit.name}不得主办“{matter}”（{basis_of(row)}），请改派有权单位；{unit.name}可以协办",
        "law keeps this matter from this unit, which may only help: choose another",
    )


def _matters(names: Names) -> list[MatterRow]:
    return names.policy.bundle.responsibility.matters if names.policy else []
