"""A report that repeats an open matter beyond doubt joins it; everything else stays on its own."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from gridward.domain.transitions import Status
from gridward.handle import handle
from gridward.policy.load import compile_policy, load_bundle
from gridward.reports import Report
from gridward.store import queries
from gridward.store.postgres import PostgresWork
from gridward.testing import ManualClock
from gridward.wire import summary
from stream.desk import within
from stream.joining import join_repeats
from stream.triage import incident_id_of
from tests.policy.test_history import with_changes
from tests.stream.little_system import LAT, LON, NOW, LittleSystem, apart, report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
AGAIN = "菜市场北门外垃圾桶已经满了三天没人来清运，垃圾污水流了一地，臭得住户开不了窗户了"


def repeat(text: str = AGAIN, **fields: Any) -> Report:
    return report(text, NOW, **fields)


async def incident(system: LittleSystem, one: Report) -> Any:
    return await system.pool.fetchrow("SELECT * FROM incidents WHERE report_id = $1", one.id)


async def journal(system: LittleSystem, one: Report) -> list[str]:
    rows = await system.pool.fetch(
        "SELECT type FROM journal WHERE incident_id = $1 ORDER BY no", incident_id_of(one.id)
    )
    return [row["type"] for row in rows]


async def both(system: LittleSystem, first: Report, second: Report) -> tuple[Any, Any]:
    """Triaged one after the other."""
    for one in (first, second):
        await system.publish(one)
        await system.triage()
    return await incident(system, first), await incident(system, second)


async def test_a_clear_repeat_joins_and_keeps_its_own_number(system: LittleSystem) -> None:
    first, second = repeat(RUBBISH), repeat(lat=LAT + 0.0002)
    parent, child = await both(system, first, second)
    assert parent["status"] == Status.DISPATCHED
    assert (child["status"], str(child["merged_into"])) == (Status.MERGED, str(parent["id"]))
    assert child["number"] != parent["number"]
    assert await journal(system, second) == ["reported", "merged"]
    assert await journal(system, first) == ["reported", "dispatched", "child_joined"]
    joined = child["why"]["joined"]
    assert joined["number"] == parent["number"]
    assert joined["away_m"] == pytest.approx(22, abs=2)
    assert joined["text"] > 0.8
    assert await system.pool.fetchval("SELECT count(*) FROM tasks WHERE incident_id = $1", child["id"]) == 0


async def test_two_of_one_batch_become_one_matter(system: LittleSystem) -> None:
    first, second, third = repeat(RUBBISH), repeat(), repeat(RUBBISH)
    await system.publish(first, second, third)
    await system.triage()
    statuses = [(await incident(system, one))["status"] for one in (first, second, third)]
    assert sorted(statuses) == [Status.DISPATCHED, Status.MERGED, Status.MERGED]


async def test_a_repeat_is_found_however_many_others_came_between(system: LittleSystem) -> None:
    """As in the backlog after an outage, which is read in batches of hundreds."""
    first, again = repeat(RUBBISH), repeat()
    others = [report(**apart(n)) for n in range(1, 30)]
    await system.publish(first, *others, again)
    await system.triage()
    merged = await system.pool.fetchval(
        "SELECT count(*) FROM incidents WHERE merged_into IN (SELECT id FROM incidents)"
    )
    assert merged == 1


async def test_delivered_again_it_changes_nothing(system: LittleSystem) -> None:
    first, second = repeat(RUBBISH), repeat()
    await both(system, first, second)
    await system.publish(first, second)
    await system.triage()
    assert await journal(system, first) == ["reported", "dispatched", "child_joined"]
    assert await journal(system, second) == ["reported", "merged"]


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": LAT + 0.005},
        {"text": AGAIN + "，刚才有人动刀了"},
        {"text": AGAIN + "，有小孩中暑了"},
        {"external": {"system": "12345", "number": "S1", "due": "2026-12-01T00:00:00+08:00"}},
    ],
)
async def test_what_must_not_join_stays_on_its_own(system: LittleSystem, changes: dict[str, Any]) -> None:
    text = changes.pop("text", AGAIN)
    parent, other = await both(system, repeat(RUBBISH), repeat(text, **changes))
    assert other["status"] != Status.MERGED
    assert parent["status"] == Status.DISPATCHED


async def test_a_graver_one_alarms_instead_of_joining(system: LittleSystem) -> None:
    first = repeat(RUBBISH)
    await system.publish(first)
    await system.triage()
    before = (await incident(system, first))["severity"]
    second = repeat(AGAIN + "，刚才有人动刀了，快来人")
    await system.publish(second)
    await system.triage()
    other = await incident(system, second)
    assert other["severity"] < before
    assert other["status"] in (Status.DISPATCHED, Status.QUEUED)
    assert (await incident(system, first))["severity"] == other["severity"], "the known one is as grave now"


async def test_another_wording_is_put_to_the_desk_with_scores(system: LittleSystem) -> None:
    first, second = repeat(RUBBISH), repeat("菜市场北门垃圾桶三天没人清运，臭")
    parent, other = await both(system, first, second)
    assert other["status"] != Status.MERGED
    (similar,) = other["why"]["similar"]
    assert (similar["id"], similar["number"]) == (str(parent["id"]), parent["number"])
    assert 0.5 <= similar["score"] < 1
    assert "菜市场" not in str(similar)
    assert await told_as_likely(system, str(other["id"])) == [str(parent["id"])]
    assert await told_as_likely(system, str(parent["id"])) == []


VAGUE = "村口那个东西倒了，挡在路上好几天没有人来看一下"  # of a kind that nobody is sure of


async def test_the_very_words_of_another_caller_join_what_waits_at_the_desk(system: LittleSystem) -> None:
    first, second = repeat(VAGUE), repeat(VAGUE.replace("，", ","), lat=LAT + 0.0002)
    parent, child = await both(system, first, second)
    assert (parent["status"], parent["category"]) == (Status.QUEUED, None)
    assert (child["status"], str(child["merged_into"])) == (Status.MERGED, str(parent["id"]))
    assert await journal(system, second) == ["reported", "merged"]
    assert child["why"]["joined"]["number"] == parent["number"]


async def test_of_one_batch_too(system: LittleSystem) -> None:
    first, second = repeat(VAGUE), repeat(VAGUE)
    await system.publish(first, second)
    await system.triage()
    statuses = [(await incident(system, one))["status"] for one in (first, second)]
    assert sorted(statuses) == [Status.MERGED, Status.QUEUED]


@pytest.mark.parametrize(
    ("text", "away"),
    [
        (VAGUE, 0.001),
        ("老张家和老李家又吵起来了不知道为什么事", 0.0),  # maybe a quarrel, which no machine joins
    ],
)
async def test_very_words_that_no_machine_joins_are_put_to_the_desk(
    system: LittleSystem, text: str, away: float
) -> None:
    parent, other = await both(system, repeat(text), repeat(text, lat=LAT + away))
    assert (parent["status"], other["status"]) == (Status.QUEUED, Status.QUEUED)
    (similar,) = other["why"]["similar"]
    assert similar["number"] == parent["number"]
    assert await told_as_likely(system, str(other["id"])) == [str(parent["id"])]


async def test_a_policy_from_before_joins_nothing_in_doubt(system: LittleSystem) -> None:
    policy = system.policies.current
    same = policy.bundle.same
    in_doubt = same.join.in_doubt.model_copy(update={"letters": 0})
    before = same.model_copy(update={"join": same.join.model_copy(update={"in_doubt": in_doubt})})
    bundle = policy.bundle.model_copy(update={"same": before})
    system.policies.versions = {1: replace(policy, bundle=bundle)}
    _, other = await both(system, repeat(VAGUE), repeat(VAGUE))
    assert other["status"] == Status.QUEUED
    assert "similar" not in other["why"]


async def told_as_likely(system: LittleSystem, id: str) -> list[str]:
    """What lists and the bus say that the incident may repeat: from its row, and as it was published."""
    (stored,) = (await queries.incidents_by_id(system.pool, [id])).values()
    payload = await system.pool.fetchval(
        "SELECT payload FROM outbox WHERE incident_id = $1 ORDER BY id LIMIT 1", id
    )
    published = orjson.loads(payload)["incident"]["likely_repeats"]
    assert list(summary(stored)["likely_repeats"]) == published
    return list(published)


@pytest.mark.parametrize("place", [{}, {"lon": None, "lat": None, "accuracy_m": None}])
@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("rename", "0581", "{}"), Status.MERGED),
        (("rename", "0791", "{}"), Status.MERGED),  # out of another group
        (("split", "0581", "{} 0502"), None),
        (("split", "0791", "{} 0502"), None),
    ],
)
async def test_what_was_recorded_under_a_code_of_before_is_found(
    system: LittleSystem, place: dict[str, Any], change: tuple[str, str, str], status: str | None
) -> None:
    """The old code of a split may be each of its parts: a person sees it, no machine joins it."""
    kind, old, targets = change
    first, second = repeat(RUBBISH, **place), repeat(RUBBISH, **place)
    await system.publish(first)
    await system.triage()
    category = (await incident(system, first))["category"]
    await system.pool.execute("UPDATE incidents SET category = $1", old)
    changed = with_changes(load_bundle(), (kind, old, targets.format(category)))
    system.policies.versions = {1: compile_policy(changed, 1)}
    await system.publish(second)
    await system.triage()
    parent, child = await incident(system, first), await incident(system, second)
    assert child["category"] == category
    if status is None:
        assert child["status"] != Status.MERGED
        (found,) = child["why"]["similar"]
    else:
        assert child["status"] == status
        found = child["why"]["joined"]
    assert (found["id"], found["category"]) == (str(parent["id"]), old)


async def test_nothing_joins_what_has_ended(system: LittleSystem) -> None:
    first, second = repeat(RUBBISH), repeat()
    await system.publish(first)
    await system.triage()
    await system.pool.execute("UPDATE incidents SET status = 'closed' WHERE report_id = $1", first.id)
    await system.publish(second)
    await system.triage()
    assert (await incident(system, second))["status"] == Status.DISPATCHED


async def test_sensitive_matters_are_neither_joined_nor_shown(system: LittleSystem) -> None:
    text = "留守儿童独自在家没有人照看，已经好几天了，孩子说没有饭吃，请民政部门尽快上门来看一看"
    parent, other = await both(system, repeat(text), repeat(text))
    assert parent["sensitive"]
    assert other["status"] != Status.MERGED
    assert "similar" not in other["why"]


async def test_an_old_repeat_is_new(system: LittleSystem, clock: ManualClock) -> None:
    first = repeat(RUBBISH)
    later = report(AGAIN, NOW + timedelta(days=20))
    _, other = await both(system, first, later)
    assert other["status"] == Status.DISPATCHED


async def test_two_workers_cannot_open_one_matter_at_once(system: LittleSystem) -> None:
    """The second waits for the first one's transaction, and then sees what it opened."""
    first, second = repeat(RUBBISH), repeat()
    policy = system.policies.current
    (command,) = await system.desk.commands([first], policy)
    (other,) = await system.desk.commands([second], policy)

    async def second_worker() -> bool:
        async with system.store.begin() as work:
            (made,) = await join_repeats([other], work.connection, policy)
            return len(made.moves) == 3

    async with system.store.begin() as work:
        assert isinstance(work, PostgresWork)
        await join_repeats([command], work.connection, policy)
        waiting = asyncio.create_task(second_worker())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await handle([command], within(work), system.policies.rules)
    assert await asyncio.wait_for(waiting, 5)


async def test_elsewhere_nobody_waits(system: LittleSystem) -> None:
    policy = system.policies.current
    here, there = repeat(RUBBISH), repeat(RUBBISH, lon=LON + 0.02)
    (one,) = await system.desk.commands([here], policy)
    (other,) = await system.desk.commands([there], policy)
    async with system.store.begin() as first, system.store.begin() as second:
        await join_repeats([one], first.connection, policy)
        await asyncio.wait_for(join_repeats([other], second.connection, policy), 2)


async def test_what_its_reporter_says_it_is_joins_when_it_is_likely(system: LittleSystem) -> None:
    first = repeat(RUBBISH)
    short = "菜市场北门垃圾桶三天没人清运，臭"
    parent, child = await both(system, first, repeat(short, same_as=incident_id_of(first.id)))
    assert (child["status"], str(child["merged_into"])) == (Status.MERGED, str(parent["id"]))
    assert child["why"]["joined"]["said"] is True


@pytest.mark.parametrize(
    "text",
    ["隔壁工地半夜施工，吵得睡不着", "菜市场北门垃圾桶旁有人持刀打人", "菜市场5栋北门垃圾桶三天没人清运，臭"],
)
async def test_what_its_reporter_says_is_not_enough_against_all_else(system: LittleSystem, text: str) -> None:
    first = repeat(RUBBISH.replace("菜市场", "菜市场3栋"))
    _, other = await both(system, first, repeat(text, same_as=incident_id_of(first.id)))
    assert other["status"] != Status.MERGED


async def test_a_matter_that_does_not_exist_is_no_obstacle(system: LittleSystem) -> None:
    one = repeat(RUBBISH, same_as=incident_id_of("none"))
    await system.publish(one)
    await system.triage()
    assert (await incident(system, one))["status"] == Status.DISPATCHED
