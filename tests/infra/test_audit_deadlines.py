"""The audit and the clocks of a long life: dispatch anew, more time, a pause, rework. No false alarm, nothing hides."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio

from gridward.clock import SystemClock
from gridward.domain import events as e
from gridward.domain.commands import Applied, Command, Move
from gridward.domain.draft import Actor, When
from gridward.domain.limits import Limit
from gridward.handle import handle
from gridward.policy.load import load_bundle
from gridward.store.policies import publish_policy
from gridward.testing import ManualClock
from infra.audit.run import audit
from tests.store.test_policy_book import spoil
from tests.stream.little_system import LittleSystem, little_system, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

DESK_CLERK, REVIEWER = Actor("zhou", "desk"), Actor("lin", "worker", "reviewers")
FIRST, SECOND, THIRD, JOINT = "unit-1", "unit-2", "unit-3", "unit-4"
LATE_BY_THE_DATABASES_CLOCK = "未处置"  # the story's clock stands in the past


class Life:
    """One incident of class C (finish in 5 days, told at 4, 5 and 10) that began 60 days ago."""

    def __init__(self, system: LittleSystem, clock: ManualClock) -> None:
        self.system, self.clock = system, clock
        self.id = ""

    async def begins(self) -> None:
        async with self.system.pool.acquire() as connection:
            await publish_policy(connection, load_bundle(), "bundled", self.clock.now())
        await self.system.publish(report(at=self.clock.now()))
        await self.system.triage()
        self.id = str(await self.system.pool.fetchval("SELECT id FROM incidents"))
        await self.is_dispatched(FIRST, joint=(JOINT,), limit_class="C", finish_limit=Limit.parse("5 CD"))

    async def is_dispatched(self, unit: str, **found: object) -> None:
        category = await self.system.pool.fetchval("SELECT category FROM incidents")
        await self.sees(e.Dispatched(unit, category=category, **found), DESK_CLERK)  # type: ignore[arg-type]

    async def sees(self, event: e.Event, by: Actor) -> None:
        now = self.clock.now()
        command = Command(str(uuid4()), (Move(self.id, event),), by, When(now, now), b"click")
        (outcome,) = await handle([command], self.system.store.begin, self.system.policies.rules)
        assert isinstance(outcome, Applied), outcome

    async def passes(self, days: float) -> None:
        for _ in range(round(days * 4)):
            self.clock.advance(timedelta(hours=6))
            while await self.system.sweep():
                pass

    async def step(self, kind: str, task: int) -> int:
        row = await self.system.pool.fetchrow(
            "SELECT step FROM deadlines WHERE kind = $1 AND task = $2", kind, task
        )
        return int(row["step"])

    async def accused(self) -> list[str]:
        """What the audit says of its deadlines, and of the rest of it."""
        await self.system.carry()
        verdict = await audit(self.system.settings, timedelta(seconds=60))
        found = [(f.check, b.what) for f in verdict.findings for b in f.broken]
        return [f"{check}: {what}" for check, what in found if LATE_BY_THE_DATABASES_CLOCK not in what]


@pytest_asyncio.fixture
async def life(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[Life]:
    clock = ManualClock(SystemClock().now() - timedelta(days=60))
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path, clock) as system:
        life = Life(system, clock)
        await life.begins()
        yield life


def of_unit(unit: str) -> Actor:
    return Actor("alice", "unit", unit)


async def lead(life: Life) -> int:
    return int(await life.system.pool.fetchval("SELECT max(no) FROM tasks WHERE role = 'lead'"))


async def test_a_long_life_is_no_alarm_at_any_of_its_turns(life: Life) -> None:
    await life.passes(4.5)
    assert await life.step("accept", await lead(life)) == 3  # the ladder's end: nothing waits any more
    assert await life.accused() == []

    await life.is_dispatched(SECOND)
    assert await life.step("finish", await lead(life)) == 1  # handed on, told with the former unit
    assert await life.accused() == []

    await life.sees(e.Accepted(), of_unit(SECOND))
    await life.sees(e.ExtensionAsked("rain", 3), of_unit(SECOND))
    await life.sees(e.ExtensionGranted(), DESK_CLERK)
    assert await life.step("finish", await lead(life)) == 0  # its moment lies ahead again
    assert await life.accused() == []
    await life.passes(2.5)
    assert await life.step("finish", await lead(life)) == 1
    assert await life.accused() == []

    until = life.clock.now() + timedelta(days=5)
    await life.sees(e.SuspensionAsked("budget", until), of_unit(SECOND))
    await life.sees(e.SuspensionGranted(), DESK_CLERK)
    await life.passes(4)
    assert await life.accused() == []
    await life.sees(e.Resumed(), DESK_CLERK)
    await life.passes(3)
    assert await life.step("finish", await lead(life)) == 2
    assert await life.accused() == []

    await life.is_dispatched(THIRD, finish_limit=Limit.parse("20 CD"))  # corrected, from the same start
    assert await life.step("finish", await lead(life)) < 2
    await life.passes(8)
    assert await life.accused() == []

    await life.sees(e.Accepted(), of_unit(THIRD))
    await life.sees(e.Resolved("done", e.Outcome.SOLVED), of_unit(THIRD))
    await life.passes(2.5)
    await life.sees(e.VerificationFailed("not clean"), REVIEWER)
    assert await life.step("finish", await lead(life)) == 0  # anew, for rework
    assert await life.accused() == []
    await life.passes(12)
    await life.sees(e.Resolved("done again", e.Outcome.SOLVED), of_unit(THIRD))
    await life.passes(4)
    assert await life.accused() == []


@pytest.mark.parametrize("kind", ["accept", "finish"])
async def test_a_skipped_step_does_not_hide_behind_the_entries_of_another_task(life: Life, kind: str) -> None:
    await life.passes(4.5)
    await life.is_dispatched(SECOND, joint=(JOINT,))
    skipping = await life.system.pool.fetchval("SELECT max(no) FROM tasks WHERE role = 'joint'")
    await life.system.pool.execute(
        "UPDATE deadlines SET step = 1 WHERE kind = $1 AND task = $2", kind, skipping
    )
    assert await life.accused() == [
        f"deadlines: {skipping}/{kind} 已走 1 级，记录仅 0 级 / steps without their entries"
    ]


async def test_a_skipped_step_does_not_hide_behind_those_that_were_handed_on(life: Life) -> None:
    await life.passes(4.5)
    await life.is_dispatched(SECOND)
    await life.system.pool.execute(
        "UPDATE deadlines SET step = 2 WHERE kind = 'finish' AND task = $1", await lead(life)
    )
    assert await life.accused() == [
        f"deadlines: {await lead(life)}/finish 已走 2 级，记录仅 1 级 / steps without their entries"
    ]


async def test_a_skipped_step_does_not_hide_behind_those_before_the_rework(life: Life) -> None:
    await life.passes(4.5)
    await life.sees(e.Resolved("done", e.Outcome.SOLVED), of_unit(FIRST))
    await life.sees(e.VerificationFailed("not clean"), REVIEWER)
    await life.system.pool.execute(
        "UPDATE deadlines SET step = 1 WHERE kind = 'finish' AND task = $1", await lead(life)
    )
    assert len(await life.accused()) == 1


async def test_a_clock_that_lost_its_next_step_when_it_was_handed_on_is_named(life: Life) -> None:
    await life.passes(4.5)
    await life.is_dispatched(SECOND)
    task = await lead(life)
    await life.system.pool.execute(
        "UPDATE deadlines SET due_at = NULL WHERE kind = 'finish' AND task = $1", task
    )
    assert await life.accused() == [
        f"deadlines: {task}/finish 在计时而未设下一级（1/3） / running, its next step never comes"
    ]


async def test_a_version_of_which_only_the_limits_can_still_be_read_is_no_alarm(life: Life) -> None:
    await life.passes(4.5)  # the ladder's end: nothing waits any more, which only the ladder can tell
    await spoil(life.system.pool, 1, "responsibility.rules", [])
    assert await life.accused() == []
