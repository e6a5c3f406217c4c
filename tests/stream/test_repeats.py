"""Repeat matters: linked, raised one step, once; the same person with nothing new only adds a voice."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from gridward.bus import EVENTS
from gridward.domain import events as e
from gridward.domain.commands import Applied, Command, Move
from gridward.domain.draft import Actor, When
from gridward.domain.rules import DeadlineKind
from gridward.domain.transitions import Status
from gridward.handle import handle
from gridward.policy.load import compile_policy, load_bundle
from gridward.reports import Report
from gridward.store.postgres import PostgresWork
from gridward.testing import ManualClock
from stream.desk import within
from stream.joining import join_repeats
from stream.triage import incident_id_of
from tests.policy.test_diff import with_class
from tests.policy.test_history import with_changes
from tests.store.test_policy_book import put
from tests.stream.little_system import LAT, NOW, LittleSystem, apart, report

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
OTHER_WORDS = "菜市场北门垃圾桶三天没人清运，臭"
STILL_OTHER = "北门垃圾桶满了三天，还没有人来清运垃圾"
NOISE = "楼上半夜装修电钻噪音很大，吵得睡不着觉"
NOISE_TOO = "楼上又半夜装修，电钻噪音吵得睡不着觉"
NOISE_AGAIN = "半夜楼上装修还在用电钻，噪音大得睡不着"
ALONE = "留守儿童独自在家没人照看，已经好几天没饭吃"
ANN, BEN, CAT, DAN = "13800000001", "13800000002", "13800000003", "13800000004"
POLICE = "99010110120002"
DESK = Actor("desk-1", "desk")


async def told(system: LittleSystem, text: str, phone: str | None = None, **fields: Any) -> Report:
    """Reported, triaged; by the person with that phone."""
    one = report(text, system.clock.now(), **fields)
    if phone is not None:
        one = replace(one, sealed=system.keys.seal({"phone": phone}, phone))
    await system.publish(one)
    await system.triage()
    return one


async def incident(system: LittleSystem, one: Report) -> Any:
    return await system.pool.fetchrow("SELECT * FROM incidents WHERE report_id = $1", one.id)


async def entries(system: LittleSystem, one: Report, kind: str) -> list[Any]:
    rows = await system.pool.fetch(
        "SELECT event, data FROM journal WHERE incident_id = $1 AND type = $2 ORDER BY no",
        incident_id_of(one.id),
        kind,
    )
    return [row["event"] for row in rows]


async def does(system: LittleSystem, one: Report, *events: e.Event) -> None:
    """By the desk and the unit that has it."""
    id, now = incident_id_of(one.id), system.clock.now()
    for event in events:
        unit = (await incident(system, one))["unit"]
        actor = Actor("worker-1", "worker", unit) if isinstance(event, e.Accepted | e.Resolved) else DESK
        command = Command(f"test:{id}:{event}", (Move(id, event),), actor, When(now, now))
        (outcome,) = await handle([command], system.store.begin, system.policies.rules)
        assert isinstance(outcome, Applied), outcome


async def finish(system: LittleSystem, one: Report) -> None:
    await does(
        system,
        one,
        e.Accepted(),
        e.Resolved("清运了", e.Outcome.SOLVED),
        e.VerificationPassed("去看过"),
        e.Closed("结了"),
    )


async def three(system: LittleSystem) -> list[Report]:
    """Of three people in their own words, none alike enough to join."""
    return [
        await told(system, text, phone)
        for text, phone in ((NOISE, ANN), (NOISE_TOO, BEN), (NOISE_AGAIN, CAT))
    ]


async def test_the_third_report_of_other_people_is_linked_and_raised_one_step(system: LittleSystem) -> None:
    first, second, third = await three(system)
    rows = [await incident(system, one) for one in (first, second, third)]
    assert all(row["status"] != Status.MERGED for row in rows)
    assert [row["severity"] for row in rows] == [4, 4, 3]
    assert [row["limit_class"] for row in rows] == ["C", "C", "B"]
    (link,) = await entries(system, third, "linked")
    assert set(link["earlier"]) == {incident_id_of(first.id), incident_id_of(second.id)}
    assert (link["nth"], link["returning"], link["told"]) == (3, False, "centre")
    for one in (first, second):
        (back,) = await entries(system, one, "linked_by")
        assert (back["later"], back["nth"]) == (incident_id_of(third.id), 3)
    why = rows[2]["why"]
    assert why["repeat"]["text"] == "重复事项：30 天内第 3 次反映"
    assert {one["number"] for one in why["repeat"]["earlier"]} == {rows[0]["number"], rows[1]["number"]}
    assert any("第 3 次反映" in line for line in why["attributes"]["raised"]["text"])


@pytest.mark.parametrize("change", [("rename", "0581"), ("rename", "0791"), ("split", "0791")])
async def test_reports_under_a_code_of_before_count_as_well(
    system: LittleSystem, change: tuple[str, str]
) -> None:
    kind, old = change
    first, second = await told(system, NOISE, ANN), await told(system, NOISE_TOO, BEN)
    category = (await incident(system, first))["category"]
    await system.pool.execute("UPDATE incidents SET category = $1", old)
    targets = f"{category} 0502" if kind == "split" else category
    changed = with_changes(load_bundle(), (kind, old, targets))
    system.policies.versions = {1: compile_policy(changed, 1)}
    third = await told(system, NOISE_AGAIN, CAT)
    (link,) = await entries(system, third, "linked")
    assert set(link["earlier"]) == {incident_id_of(first.id), incident_id_of(second.id)}
    assert link["nth"] == 3


async def test_the_level_that_policy_names_is_told(system: LittleSystem) -> None:
    third = (await three(system))[2]
    await system.carry()
    sent = [record.value for record in system.records(EVENTS, {})]
    ours = [value for value in sent if value and incident_id_of(third.id).encode() in value]
    assert any(b'"repeat"' in value and b'"centre"' in value for value in ours)


async def test_within_one_batch_it_is_the_same(system: LittleSystem) -> None:
    texts = ((NOISE, ANN), (NOISE_TOO, BEN), (NOISE_AGAIN, CAT))
    made = [replace(report(text, NOW), sealed=system.keys.seal({"phone": p}, p)) for text, p in texts]
    await system.publish(*made)
    await system.triage()
    linked = [len(await entries(system, one, "linked")) for one in made]
    assert sorted(linked) == [0, 0, 1]


async def test_delivered_again_nothing_is_raised_or_linked_again(system: LittleSystem) -> None:
    reports = await three(system)
    before = await system.pool.fetchval("SELECT count(*) FROM journal")
    await system.publish(*reports)
    await system.triage()
    assert await system.pool.fetchval("SELECT count(*) FROM journal") == before
    assert (await incident(system, reports[2]))["severity"] == 3


async def test_in_a_storm_of_reports_each_names_the_newest_and_counts_all(system: LittleSystem) -> None:
    reports = [report(NOISE[:11], NOW) for _ in range(12)]
    await system.publish(*reports)
    await system.triage()
    links = [link for one in reports for link in await entries(system, one, "linked")]
    assert sorted(link["nth"] for link in links) == list(range(3, 13))
    assert max(len(link["earlier"]) for link in links) == 5


async def test_a_busy_grid_hides_no_earlier_report_of_the_same_place(system: LittleSystem) -> None:
    first = await told(system, NOISE, ANN)
    elsewhere = [report(NOISE, NOW, lat=LAT + 0.004 + n * 0.0002) for n in range(25)]
    await system.publish(*elsewhere)
    await system.triage()
    await told(system, NOISE_TOO, BEN)
    third = await told(system, NOISE_AGAIN, CAT)
    (link,) = await entries(system, third, "linked")
    assert incident_id_of(first.id) in link["earlier"]
    assert link["nth"] == 3


async def test_after_thirty_days_it_is_new(system: LittleSystem, clock: ManualClock) -> None:
    await told(system, NOISE, ANN)
    await told(system, NOISE_TOO, BEN)
    clock.advance(timedelta(days=31))
    third = await told(system, NOISE_AGAIN, CAT)
    assert await entries(system, third, "linked") == []
    assert (await incident(system, third))["severity"] == 4


async def test_what_was_finished_and_is_back_is_linked_and_raised(
    system: LittleSystem, clock: ManualClock
) -> None:
    first = await told(system, RUBBISH, ANN)
    clock.advance(timedelta(days=3))
    await finish(system, first)
    clock.advance(timedelta(days=20))
    second = await told(system, RUBBISH, ANN)
    row = await incident(system, second)
    assert row["status"] != Status.MERGED
    assert row["severity"] == 3
    (link,) = await entries(system, second, "linked")
    assert (link["earlier"], link["nth"], link["returning"]) == ([incident_id_of(first.id)], 2, True)
    (back,) = await entries(system, first, "linked_by")
    assert back["later"] == incident_id_of(second.id)
    assert (await incident(system, first))["status"] == Status.CLOSED


CLAIMED: dict[str, tuple[e.Event, ...]] = {
    Status.RESOLVED: (e.Accepted(), e.Resolved("清运了", e.Outcome.SOLVED)),
    Status.VERIFIED: (
        e.Accepted(),
        e.Resolved("清运了", e.Outcome.SOLVED),
        e.VerificationPassed("去看过"),
    ),
}


@pytest.mark.parametrize("status", CLAIMED)
@pytest.mark.parametrize("who", [ANN, BEN])
async def test_what_is_claimed_to_be_done_and_is_not_is_a_matter_of_its_own(
    system: LittleSystem, clock: ManualClock, status: str, who: str
) -> None:
    first = await told(system, RUBBISH, ANN)
    clock.advance(timedelta(hours=3))
    await does(system, first, *CLAIMED[status])
    clock.advance(timedelta(hours=3))
    second = await told(system, RUBBISH, who)
    row = await incident(system, second)
    assert (row["status"], row["severity"]) == (Status.DISPATCHED, 3)
    (link,) = await entries(system, second, "linked")
    assert (link["earlier"], link["nth"], link["returning"]) == ([incident_id_of(first.id)], 2, True)
    assert row["why"]["repeat"]["text"] == "重复事项：30 天内办结后再次发生"
    (back,) = await entries(system, first, "linked_by")
    assert (back["later"], back["returning"]) == (incident_id_of(second.id), True)
    assert (await incident(system, first))["status"] == status
    assert await entries(system, first, "child_joined") == []
    third = await told(system, RUBBISH, CAT)
    assert str((await incident(system, third))["merged_into"]) == incident_id_of(second.id)


async def test_two_of_one_batch_that_it_is_not_done_are_one_matter(system: LittleSystem) -> None:
    first = await told(system, RUBBISH, ANN)
    await does(system, first, *CLAIMED[Status.RESOLVED])
    more = [replace(report(RUBBISH, NOW), sealed=system.keys.seal({"phone": p}, p)) for p in (BEN, CAT)]
    await system.publish(*more)
    await system.triage()
    rows = [await incident(system, one) for one in more]
    assert sorted(row["status"] for row in rows) == [Status.DISPATCHED, Status.MERGED]
    assert len(await entries(system, first, "linked_by")) == 1


async def test_what_its_reporter_says_it_is_is_back_in_other_words_too(system: LittleSystem) -> None:
    first = await told(system, RUBBISH, ANN)
    await does(system, first, *CLAIMED[Status.RESOLVED])
    place = {"lat": LAT + 0.002}  # further off than a link by likeness alone reaches
    second = await told(system, OTHER_WORDS, BEN, same_as=incident_id_of(first.id), **place)
    assert (await incident(system, second))["status"] == Status.DISPATCHED
    (link,) = await entries(system, second, "linked")
    assert (link["earlier"], link["returning"]) == ([incident_id_of(first.id)], True)


async def test_what_is_claimed_while_a_report_is_about_to_join_is_joined_no_more(
    system: LittleSystem,
) -> None:
    first = await told(system, RUBBISH, ANN)
    id, now = incident_id_of(first.id), system.clock.now()
    unit = Actor("worker-1", "worker", (await incident(system, first))["unit"])
    done = tuple(Move(id, event) for event in CLAIMED[Status.RESOLVED])
    policy = system.policies.current
    (other,) = await system.desk.commands([report(RUBBISH, NOW)], policy)

    async def join() -> tuple[Move, ...]:
        async with system.store.begin() as work:
            assert isinstance(work, PostgresWork)
            (made,) = await join_repeats([other], work.connection, policy)
            return made.moves

    async with system.store.begin() as work:
        assert isinstance(work, PostgresWork)
        await handle([Command("test:done", done, unit, When(now, now))], within(work), system.policies.rules)
        joining = asyncio.create_task(join())
        await asyncio.sleep(0.3)
        assert not joining.done(), "it waits for what the unit does"
    moves = await asyncio.wait_for(joining, 5)
    assert not any(isinstance(move.event, e.Merged | e.ChildJoined) for move in moves)


async def test_what_was_finished_long_ago_is_not_back(system: LittleSystem, clock: ManualClock) -> None:
    first = await told(system, RUBBISH, ANN)
    await finish(system, first)
    clock.advance(timedelta(days=31))
    second = await told(system, RUBBISH, ANN)
    assert await entries(system, second, "linked") == []


async def test_voices_that_joined_count_and_raise_the_open_matter_once(system: LittleSystem) -> None:
    first = await told(system, RUBBISH, ANN)
    for phone in (BEN, CAT, "13800000004"):
        joined = await told(system, RUBBISH, phone)
        assert (await incident(system, joined))["status"] == Status.MERGED
    (raised,) = await entries(system, first, "raised")
    assert (raised["cause"], raised["nth"], raised["severity"]) == ("repeat", 3, 3)
    row = await incident(system, first)
    assert (row["severity"], row["limit_class"]) == (3, raised["limit_class"])


async def test_what_is_timed_by_a_class_that_is_gone_still_escalates_is_raised_and_ends(
    system: LittleSystem, clock: ManualClock
) -> None:
    """Its own version times it to the end. How short the new policy's limits are beside its own nobody can say."""
    bundle, own = load_bundle(), "K"
    system.policies.versions = {}
    await put(system.pool, with_class(bundle, "0501", own))
    assert await system.policies.refresh()
    first = await told(system, RUBBISH, ANN)
    assert (await incident(system, first))["limit_class"] == own
    await put(system.pool, bundle)
    assert await system.policies.refresh()
    assert own not in system.policies.current.rules.classes

    clock.advance(timedelta(days=1))
    while await system.sweep():
        pass
    assert (await incident(system, first))["light"] == "red"
    for phone in (BEN, CAT):
        assert (await incident(system, await told(system, RUBBISH, phone)))["status"] == Status.MERGED
    row = await incident(system, first)
    assert (row["severity"], row["limit_class"], row["rules_version"]) == (3, own, 1)
    await finish(system, first)
    assert (await incident(system, first))["status"] == Status.CLOSED


async def test_the_same_person_with_nothing_new_adds_a_voice_that_counts_for_nothing(
    system: LittleSystem,
) -> None:
    first = await told(system, RUBBISH, ANN)
    for _ in range(4):
        again = await told(system, RUBBISH, ANN)
        assert (await incident(system, again))["merged_into"] is not None
    assert await entries(system, first, "raised") == []
    joined = await entries(system, first, "child_joined")
    assert [(one["same_caller"], one["new"]) for one in joined] == [(True, [])] * 4
    assert (await incident(system, first))["severity"] == 4


async def test_also_while_nobody_knows_of_what_kind_it_is(system: LittleSystem) -> None:
    text = "河边那一堆东西到现在还没拉走，天天有味道飘过来，也不知道该谁管"
    first, other, again = [await told(system, text, who) for who in (ANN, BEN, ANN)]
    assert (await incident(system, first))["category"] is None
    for one in (other, again):
        row = await incident(system, one)
        assert (row["status"], str(row["merged_into"])) == (Status.MERGED, incident_id_of(first.id))
    joined = await entries(system, first, "child_joined")
    assert [one["same_caller"] for one in joined] == [False, True], "another person's voice counts"


async def test_also_where_another_person_would_not_have_joined(system: LittleSystem) -> None:
    """A quarrel is never joined by a machine; the same words of the same person are."""
    text = "物业乱收停车费，业主和保安起了矛盾一直没人来调解这件事情"
    first = await told(system, text, ANN)
    other, again = await told(system, text, BEN), await told(system, text, ANN)
    assert (await incident(system, other))["status"] != Status.MERGED
    row = await incident(system, again)
    assert row["status"] == Status.MERGED
    assert str(row["merged_into"]) == incident_id_of(first.id)


async def test_the_same_person_with_new_facts_is_read_on_the_open_matter_and_counts(
    system: LittleSystem,
) -> None:
    first = await told(system, NOISE, ANN)
    await told(system, NOISE_TOO, BEN)
    third = await told(system, "楼上又半夜装修，电钻噪音吵得睡不着觉，上去说理被威胁了", ANN)
    assert (await incident(system, third))["status"] != Status.MERGED
    (back,) = await entries(system, first, "linked_by")
    assert (back["same_caller"], back["new"], back["nth"]) == (True, ["威胁"], 3)
    assert len(await entries(system, third, "linked")) == 1


async def test_new_facts_are_read_there_before_it_is_a_repeat_matter(system: LittleSystem) -> None:
    first = await told(system, NOISE, ANN)
    second = await told(system, "楼上又半夜装修，电钻噪音吵得睡不着觉，上去说理被威胁了", ANN)
    (back,) = await entries(system, first, "linked_by")
    assert (back["later"], back["new"], back["nth"]) == (incident_id_of(second.id), ["威胁"], 0)
    assert await entries(system, second, "linked") == []


async def test_sensitive_matters_are_linked_among_themselves_without_a_word_of_their_texts(
    system: LittleSystem,
) -> None:
    reports = [await told(system, ALONE, phone) for phone in (ANN, BEN, CAT)]
    rows = [await incident(system, one) for one in reports]
    assert all(row["sensitive"] and row["status"] != Status.MERGED for row in rows)
    (link,) = await entries(system, reports[2], "linked")
    assert len(link["earlier"]) == 2
    assert rows[2]["severity"] == 2
    for one in reports[:2]:
        (back,) = await entries(system, one, "linked_by")
        assert back["new"] == []
    assert "留守" not in str(rows[2]["why"]["repeat"])


async def test_an_ordinary_report_is_never_linked_to_a_sensitive_one(system: LittleSystem) -> None:
    first, second = await told(system, NOISE, ANN), await told(system, NOISE_TOO, BEN)
    await system.pool.execute("UPDATE incidents SET sensitive = true WHERE report_id = $1", first.id)
    third = await told(system, NOISE_AGAIN, CAT)
    assert await entries(system, first, "linked_by") == []
    assert await entries(system, third, "linked") == []
    assert await entries(system, second, "linked_by") == []


async def test_nor_by_way_of_a_report_that_was_merged_into_a_sensitive_one(system: LittleSystem) -> None:
    hidden = await told(system, ALONE, ANN, **apart(0))
    first = await told(system, NOISE, ANN)
    await does(system, first, e.Merged(incident_id_of(hidden.id)))
    second = await told(system, NOISE_TOO, BEN)
    third = await told(system, NOISE_AGAIN, CAT)
    (link,) = await entries(system, third, "linked")
    assert set(link["earlier"]) == {incident_id_of(first.id), incident_id_of(second.id)}
    assert await entries(system, hidden, "linked_by") == []
    number = (await incident(system, hidden))["number"]
    assert number not in str((await incident(system, third))["why"])


async def test_a_unit_hears_of_no_earlier_matter_that_accuses_it(system: LittleSystem) -> None:
    reports = [await told(system, ALONE, phone) for phone in (ANN, BEN)]
    unit = (await incident(system, reports[0]))["unit"]
    accusing = [{"unit": unit, "name": "单位", "deed": "不管", "text": ""}]
    await system.pool.execute(
        "UPDATE incidents SET why = jsonb_set(why, '{unit,excluded}', $2::jsonb) WHERE report_id = $1",
        reports[0].id,
        accusing,
    )
    third, fourth = [await told(system, ALONE, phone) for phone in (CAT, DAN)]
    assert (await incident(system, third))["unit"] == unit
    assert await entries(system, third, "linked") == []
    (link,) = await entries(system, fourth, "linked")
    assert set(link["earlier"]) == {incident_id_of(one.id) for one in (reports[1], third)}


async def test_nor_a_joint_unit_of_a_later_one_that_accuses_it(system: LittleSystem) -> None:
    reports = [await told(system, ALONE, phone) for phone in (ANN, BEN)]
    await does(system, reports[0], e.JointAdded(POLICE))
    third = await told(system, ALONE + "，派出所民警打人", CAT)
    assert POLICE in str((await incident(system, third))["why"]["unit"]["excluded"])
    (link,) = await entries(system, third, "linked")
    assert len(link["earlier"]) == 2
    assert [len(await entries(system, one, "linked_by")) for one in reports] == [0, 1]


async def test_two_workers_at_once_raise_once(system: LittleSystem) -> None:
    """The second waits for the first, and then counts what that one opened."""
    await told(system, NOISE, ANN)
    policy = system.policies.current
    made = [
        replace(report(text, NOW), sealed=system.keys.seal({"phone": p}, p))
        for text, p in ((NOISE_TOO, BEN), (NOISE_AGAIN, CAT))
    ]
    ((second,), (third,)) = [await system.desk.commands([one], policy) for one in made]

    async def work(command: Command) -> None:
        async with system.store.begin() as work:
            assert isinstance(work, PostgresWork)
            commands = await join_repeats([command], work.connection, policy)
            await asyncio.sleep(0.2)
            await handle(commands, within(work), system.policies.rules)

    await asyncio.gather(work(second), work(third))
    linked = [one for report_ in made for one in await entries(system, report_, "linked")]
    assert [one["nth"] for one in linked] == [3]


async def test_a_graver_report_raises_the_open_matter_and_alarms(system: LittleSystem) -> None:
    text = "两家因为宅基地的边界吵架，互相推搡"
    first = await told(system, text, ANN)
    before = await incident(system, first)
    second = await told(system, "那两家因为宅基地的边界吵架，现在动刀了，快来人", BEN)
    row, later = await incident(system, first), await incident(system, second)
    assert later["status"] != Status.MERGED, "violence goes its own way, and its own unit hears of it at once"
    assert row["severity"] == later["severity"] < before["severity"]
    (raised,) = await entries(system, first, "raised")
    assert (raised["cause"], raised["by"], raised["words"]) == (
        "graver",
        incident_id_of(second.id),
        "动刀",
    )
    assert raised["told"] == "centre"
    asked = "SELECT asked, words FROM tasks WHERE incident_id = $1 AND 'graver' = ANY(doubts)"
    assert [tuple(one) for one in await system.pool.fetch(asked, row["id"])] == [(raised["by"], "动刀")]
    assert later["why"]["raises"]["number"] == row["number"]


async def joint_units(system: LittleSystem, one: Report) -> list[str]:
    """Who has an open joint task of it."""
    rows = await system.pool.fetch(
        "SELECT unit FROM tasks WHERE incident_id = $1 AND role = 'joint' AND status = 'offered' ORDER BY no",
        incident_id_of(one.id),
    )
    return [row["unit"] for row in rows]


BOUNDARY = "两家宅基地地界有纠纷，吵架推搡"  # of a kind that triage is sure of
KNIVES = ("宅基地地界有纠纷的两家动刀了，快来人", "宅基地地界有纠纷的两家拿刀砍人了，有人被捅")


async def test_the_police_join_what_turns_violent_at_once_and_once(system: LittleSystem) -> None:
    first = await told(system, BOUNDARY, ANN)
    assert (await incident(system, first))["status"] == Status.DISPATCHED
    assert POLICE not in await joint_units(system, first)
    for text, phone in zip(KNIVES, (BEN, CAT), strict=True):
        await told(system, text, phone)
        assert (await joint_units(system, first)).count(POLICE) == 1


async def test_they_join_what_the_same_batch_opened(system: LittleSystem) -> None:
    now, policy = system.clock.now(), system.policies.current
    first, *later = [report(text, now) for text in (BOUNDARY, *KNIVES)]
    commands = await system.desk.commands([first, *later], policy)
    async with system.store.begin() as work:
        assert isinstance(work, PostgresWork)
        made = await join_repeats(commands, work.connection, policy)
        outcomes = await handle(made, within(work), system.policies.rules)
    assert all(isinstance(one, Applied) for one in outcomes), outcomes
    assert await entries(system, first, "raised")
    assert (await joint_units(system, first)).count(POLICE) == 1


async def test_what_waits_at_the_desk_is_given_by_the_desk(system: LittleSystem) -> None:
    first = await told(system, BOUNDARY, ANN)
    await system.pool.execute("UPDATE incidents SET status = 'queued' WHERE report_id = $1", first.id)
    await told(system, KNIVES[0], BEN)
    assert await entries(system, first, "raised")
    assert await entries(system, first, "joint_added") == []


async def test_a_policy_from_before_lets_nobody_join(system: LittleSystem) -> None:
    policy = system.policies.current
    same = policy.bundle.same
    graver = same.graver.model_copy(update={"joins": [], "told": None})
    bundle = policy.bundle.model_copy(update={"same": same.model_copy(update={"graver": graver})})
    system.policies.versions = {1: replace(policy, bundle=bundle)}
    first = await told(system, BOUNDARY, ANN)
    await told(system, KNIVES[0], BEN)
    (raised,) = await entries(system, first, "raised")
    assert raised["told"] is None
    assert await entries(system, first, "joint_added") == []


async def test_smoke_over_a_village_is_no_graver_power_cut(system: LittleSystem) -> None:
    first = await told(system, "竹坞里村八组停电两天了，冰箱里的菜都坏了", ANN)
    smoke = await told(system, "竹坞里村八组后山冒浓烟了", BEN)
    assert await entries(system, first, "raised") == []
    why = (await incident(system, smoke))["why"]
    assert "raises" not in why
    assert [one["id"] for one in why["similar"]] == [incident_id_of(first.id)], "a person may see it"


async def test_what_such_a_matter_never_turns_into_is_not_even_shown(system: LittleSystem) -> None:
    await told(system, BOUNDARY, ANN)
    smoke = await told(system, "后山冒浓烟了", BEN)
    why = (await incident(system, smoke))["why"]
    assert not {"raises", "similar"} & why.keys()


async def test_a_caller_who_only_says_that_knives_are_out_raises_what_they_reported(
    system: LittleSystem,
) -> None:
    first = await told(system, "两家因为宅基地的边界吵架，互相推搡", ANN)
    await told(system, "现在动刀了", BEN, lat=LAT + 0.0005)
    assert await entries(system, first, "raised") == []
    second = await told(system, "现在动刀了", ANN, lat=LAT + 0.0005)
    (raised,) = await entries(system, first, "raised")
    assert raised["by"] == incident_id_of(second.id)


async def test_that_a_danger_is_over_raises_nothing(system: LittleSystem) -> None:
    first = await told(system, "楼下烧烤摊的油烟很大，熏得开不了窗", ANN)
    over = await told(system, "刚才看到的火已经灭了，没事了", ANN, lat=LAT + 0.0005)
    row = await incident(system, over)
    assert (row["severity"], row["why"]["category"]["over"]) == (2, True)
    assert await entries(system, first, "raised") == []
    other = await told(system, "楼下烧烤摊的油烟很大，熏得开不了窗", BEN, lat=LAT + 0.01)
    await told(system, "烧烤摊着火了", BEN, lat=LAT + 0.0105)
    assert len(await entries(system, other, "raised")) == 1


async def test_another_matter_of_the_same_person_raises_nothing(system: LittleSystem) -> None:
    first = await told(system, "邻居宅基地多占了我家一尺地，为此吵架", ANN)
    fire = await told(system, "后山着火了，火很大", ANN)
    assert (await incident(system, fire))["severity"] == 1
    assert await entries(system, first, "raised") == []


async def test_what_the_reporter_says_it_is_is_raised_wherever_they_stand(system: LittleSystem) -> None:
    first = await told(system, "两家因为宅基地的边界吵架，互相推搡", ANN)
    await told(system, "现在动刀了", BEN, lat=LAT + 0.005, same_as=incident_id_of(first.id))
    assert len(await entries(system, first, "raised")) == 1


async def test_a_report_of_a_sensitive_kind_raises_no_ordinary_matter(system: LittleSystem) -> None:
    first = await told(system, "两家因为宅基地的边界吵架，互相推搡", ANN)
    second = await told(system, "孩子被同学欺凌，现在有人动刀了", ANN, same_as=incident_id_of(first.id))
    row = await incident(system, second)
    assert row["sensitive"]
    assert row["category"] is not None
    assert row["severity"] <= 2
    assert await entries(system, first, "raised") == []


async def test_delivered_again_it_alarms_once(system: LittleSystem) -> None:
    first = await told(system, "两家因为宅基地的边界吵架，互相推搡", ANN)
    second = await told(system, "现在动刀了", ANN)
    await system.publish(second)
    await system.triage()
    assert len(await entries(system, first, "raised")) == 1


async def test_limits_of_a_raised_matter_are_never_later(system: LittleSystem, clock: ManualClock) -> None:
    first = await told(system, "两家宅基地地界有纠纷，吵架推搡", ANN)

    async def ends() -> dict[DeadlineKind, datetime]:
        async with system.store.begin() as work:
            (found,) = (await work.lock([incident_id_of(first.id)])).values()
        return {one.kind: one.limit_at for one in found.deadlines if one.task == found.lead.no}

    before = await ends()
    clock.advance(timedelta(minutes=5))
    await told(system, "现在动刀了", ANN)
    after = await ends()
    assert before
    assert after.keys() == before.keys()
    assert all(after[kind] <= before[kind] for kind in before)
    assert any(after[kind] < before[kind] for kind in before)


async def test_a_policy_without_repeats_links_and_raises_nothing(system: LittleSystem) -> None:
    policy = system.policies.current
    same = policy.bundle.same
    off = same.model_copy(update={"repeat": same.repeat.model_copy(update={"count": 0})})
    system.policies.versions = {1: replace(policy, bundle=policy.bundle.model_copy(update={"same": off}))}
    third = (await three(system))[2]
    assert await entries(system, third, "linked") == []
    assert (await incident(system, third))["severity"] == 4
