"""Who may read what a sensitive matter says: the desk and who handles it, and no unit that it accuses."""

from datetime import UTC, datetime
from typing import Any

import pytest

from api.viewers import Kept, Viewer, kept_from
from gridward.domain.incident import Incident, Task, TaskRole, TaskStatus

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LEAD, OTHER = "99010110130001", "99010110130002"


def handled(status: TaskStatus = TaskStatus.ACCEPTED, *, sensitive: bool = True) -> Incident:
    task = Task(1, TaskRole.LEAD, LEAD, status, NOW)
    return Incident("i", "n", severity=3, sensitive=sensitive, tasks=(task,))


@pytest.mark.parametrize("role", ["desk", "chief", "leader"])
def test_the_desk_reads_everything(role: Any) -> None:
    assert kept_from(Viewer(role), handled(), (LEAD, OTHER)) is None


@pytest.mark.parametrize(
    ("viewer", "status", "expected"),
    [
        (Viewer("unit", LEAD), TaskStatus.ACCEPTED, None),
        (Viewer("worker", LEAD), TaskStatus.DONE, None),
        (Viewer("unit", LEAD), TaskStatus.WITHDRAWN, Kept.OUTSIDE),
        (Viewer("unit", LEAD), TaskStatus.RETURNED, Kept.OUTSIDE),
        (Viewer("unit", OTHER), TaskStatus.ACCEPTED, Kept.OUTSIDE),
        (Viewer("worker"), TaskStatus.ACCEPTED, Kept.OUTSIDE),
        (Viewer("reporter"), TaskStatus.ACCEPTED, Kept.OUTSIDE),
        (Viewer(), TaskStatus.ACCEPTED, Kept.OUTSIDE),
    ],
)
def test_a_sensitive_matter_is_read_by_who_works_on_it(
    viewer: Viewer, status: TaskStatus, expected: Kept | None
) -> None:
    assert kept_from(viewer, handled(status), ()) is expected
    assert kept_from(viewer, handled(status, sensitive=False), ()) is None


def test_the_desks_own_task_makes_nobody_a_reader() -> None:
    waiting = Incident(
        "i", "n", severity=3, sensitive=True, tasks=(Task(1, TaskRole.DESK, "desk", TaskStatus.OFFERED, NOW),)
    )
    assert kept_from(Viewer("unit", "desk"), waiting, ()) is Kept.OUTSIDE


@pytest.mark.parametrize("sensitive", [True, False])
def test_nobody_reads_in_what_they_stand_accused_unless_it_was_given_to_them(sensitive: bool) -> None:
    accused = (LEAD, OTHER)
    assert kept_from(Viewer("unit", OTHER), handled(sensitive=sensitive), accused) is Kept.ACCUSED
    given = handled(sensitive=sensitive)
    assert kept_from(Viewer("unit", LEAD), given, accused) is None
    done = handled(TaskStatus.DONE, sensitive=sensitive)
    assert kept_from(Viewer("unit", LEAD), done, accused) is Kept.ACCUSED
