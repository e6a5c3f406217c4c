"""The worker tells of units with nobody on duty and of grids without a unit: once when it begins, and measured."""

from datetime import datetime

from structlog.testing import capture_logs

from geo.index import GridIndex
from gridward.domain.rules import CHINA
from gridward.metrics import grids_unserved, units_unattended, units_with_gaps
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.unit_rows import Person, RosterRow
from stream.roster import RosterWatch, UnservedWatch
from tests.policy.test_check import with_unit
from tests.stream.little_system import GRIDS, the_policy

ON_WEEKDAYS = RosterRow(days=[1, 2, 3, 4, 5], person=Person(name="甲", phone="0000-1"))


class At:
    """A clock that stands where it is put."""

    def __init__(self, day: int) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime(2026, 11, self.day, 10, tzinfo=CHINA)


def measured() -> tuple[float, float]:
    return units_with_gaps._value.get(), units_unattended._value.get()


async def test_it_is_told_once_and_measured_each_time() -> None:
    bundle = with_unit(the_policy().bundle, 0, roster=[ON_WEEKDAYS])
    in_force: list[Policy] = [compile_policy(bundle, 2)]
    clock = At(day=25)
    watch = RosterWatch(lambda: in_force[-1], clock)
    with capture_logs() as lines:
        assert await watch.once() == 0
        assert measured() == (1, 0)
        clock.day = 28  # Saturday
        await watch.once()
        assert measured() == (1, 1)
    assert [line["event"] for line in lines] == ["nobody_on_duty"]
    assert "周六 2026-11-28 00:00 至 周一 2026-11-30 00:00" in lines[0]["gaps"][0]
    in_force.append(the_policy())
    with capture_logs() as lines:
        await watch.once()
    assert measured() == (0, 0)
    assert [line["event"] for line in lines] == ["duty_covered"]


async def test_grids_without_a_unit_are_told_once_for_each_pair_of_versions() -> None:
    bundle = the_policy().bundle
    police = next(n for n, unit in enumerate(bundle.units.units) if "派出所" in unit.kinds)
    poor = with_unit(bundle, police, areas=["990102"])
    in_force: list[Policy] = [compile_policy(poor, 2)]
    grids = [GridIndex(GRIDS, 7)]
    watch = UnservedWatch(lambda: in_force[-1], lambda: grids[-1])
    with capture_logs() as lines:
        await watch.once()
        await watch.once()
        assert grids_unserved._value.get() == len(GRIDS)
    assert [line["event"] for line in lines] == ["grids_unserved"]
    assert "没有派出所" in lines[0]["missing"][0]
    grids.append(GridIndex(GRIDS[:1], 8))
    with capture_logs() as lines:
        await watch.once()
    assert (grids_unserved._value.get(), lines[0]["boundary"]) == (1, 8)
    in_force.append(compile_policy(bundle, 3))
    with capture_logs() as lines:
        await watch.once()
    assert grids_unserved._value.get() == 0
    assert [line["event"] for line in lines] == ["grids_served"]
