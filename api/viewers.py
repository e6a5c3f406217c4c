"""Who reads an incident, as they say themselves until there are accounts, and from whom its words are kept.

What a sensitive matter says is read by the desk and by the units that work on it or have done their part; what accuses
a unit is not read by that unit. Lists, the search and the live stream show such words to nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal, Self

from fastapi import Query

from api.excluded import excluded_by
from api.problems import Problem
from api.services import Services
from gridward.domain.incident import Incident, Task, TaskRole, TaskStatus
from gridward.store.held import reports_in

Role = Literal["desk", "chief", "leader", "unit", "worker", "reporter"]
SEE_ALL: frozenset[Role] = frozenset({"desk", "chief", "leader"})


class Kept(StrEnum):
    """Why somebody may not read what an incident says."""

    ACCUSED = "accused"  # it accuses their unit
    OUTSIDE = "outside"  # only the desk and who handles it may read it


@dataclass(frozen=True, slots=True)
class Viewer:
    """`role` is None for who does not say it: such a one reads what everybody may. `unit`: that they act for."""

    role: Role | None = None
    unit: str | None = None

    @classmethod
    def of(
        cls,
        role: Annotated[
            Role | None, Query(description="Who reads; without it nothing sensitive is shown")
        ] = None,
        unit: Annotated[
            str | None, Query(pattern=r"^[0-9]{2,20}$", description="The unit that a unit or worker acts for")
        ] = None,
    ) -> Self:
        return cls(role, unit)

    @property
    def sees_all(self) -> bool:
        return self.role in SEE_ALL


def kept_from(viewer: Viewer, incident: Incident, accused: Collection[str]) -> Kept | None:
    """What keeps its words from them; `accused` are the units that these accuse.

    Whoever was given it in spite of that, which takes somebody above the desk, has to know what to do.
    """
    if viewer.sees_all:
        return None
    own = [task for task in incident.tasks if _is_for(task, viewer.unit)]
    if viewer.unit in accused:
        return None if any(task.is_open for task in own) else Kept.ACCUSED
    is_outside = not any(task.is_open or task.status is TaskStatus.DONE for task in own)
    return Kept.OUTSIDE if incident.sensitive and is_outside else None


def _is_for(task: Task, unit: str | None) -> bool:
    return task.role is not TaskRole.DESK and task.unit == unit


async def kept(viewer: Viewer, incident: Incident, services: Services) -> Kept | None:
    """What keeps the words of a stored incident from them. Raises `Unavailable`."""
    if viewer.sees_all:
        return None
    accused: Collection[str] = ()
    if viewer.unit:
        told = await reports_in(services.pool, [incident.id])
        accused = excluded_by(told[incident.id], services.versions.at_the_door)
    return kept_from(viewer, incident, accused)


def refuse_kept(reason: Kept | None) -> None:
    """Raises `Problem` 403 for whom the words are kept from."""
    match reason:
        case Kept.ACCUSED:
            raise Problem(
                403,
                "本单位在这件事件中被投诉，应当回避，不能查看反映人信息：请由派单席或其他单位查看",
                "your unit stands accused in it: the desk or another unit has to look",
            )
        case Kept.OUTSIDE:
            raise Problem(
                403,
                "这件事件只限办理链条知悉，不能查看反映人信息：请由派单席或承办单位查看",
                "only the desk and the units that handle it may know: one of them has to look",
            )
