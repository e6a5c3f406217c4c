"""Stories of a township, told by the clock: who hears of what nobody does, and when."""

from datetime import datetime, timedelta

from gridward.domain import events as e
from gridward.domain.commands import Applied
from gridward.domain.draft import Actor, NotYours
from gridward.domain.rules import CHINA, DeadlineKind, Level, Light
from gridward.domain.transitions import Status
from tests.domain.story import ALICE, BOB, DAY, DESK_CLERK, HOUR, MINUTE, REVIEWER, UNIT_A, UNIT_B
from tests.scenarios.world import World
from tests.store.asked import id_of

TEN_PAST_TWO = datetime(2026, 3, 3, 2, 10, tzinfo=CHINA)
MONDAY_NINE = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)


async def test_a_call_for_help_at_ten_past_two_reaches_a_person_though_nobody_is_at_the_desk() -> None:
    world = World(TEN_PAST_TWO)
    await world.reports(1, e.Queued((e.Doubt.NO_UNIT,)), limit_class="A", severity=1)
    await world.passes(HOUR)
    assert world.escalations() == [
        (TEN_PAST_TWO + 5 * MINUTE, Level.DISPATCH_DESK),
        (TEN_PAST_TWO + 10 * MINUTE, Level.DUTY_CHIEF),
        (TEN_PAST_TWO + 15 * MINUTE, Level.LEADER_ON_DUTY),
    ]
    assert all(told.effect.not_before is None for told in world.told)


async def test_an_emergency_that_its_unit_sleeps_through_reaches_the_leader_in_charge() -> None:
    world = World(TEN_PAST_TWO)
    await world.reports(1, e.Dispatched(UNIT_A), limit_class="A", severity=1)
    await world.passes(30 * MINUTE)
    assert world.escalations()[:3] == [
        (TEN_PAST_TWO + 5 * MINUTE, Level.UNIT_DESK),
        (TEN_PAST_TWO + 10 * MINUTE, Level.UNIT_LEADER),
        (TEN_PAST_TWO + 15 * MINUTE, Level.UNIT_DESK),  # the contact clock's reminder
    ]
    assert (TEN_PAST_TWO + 30 * MINUTE, Level.LEADER_IN_CHARGE) in world.escalations()


async def test_an_ordinary_matter_that_nobody_accepts_is_reminded_then_amber_then_red() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    lights = []
    for _ in range(3):
        await world.passes(3 * HOUR)
        lights.append(world.incident(1).light())
    assert lights == [None, Light.AMBER, Light.RED]
    assert world.escalations() == [
        (MONDAY_NINE + 2 * HOUR, Level.UNIT_DESK),
        (MONDAY_NINE + 4 * HOUR, Level.UNIT_LEADER),
        (MONDAY_NINE + 8 * HOUR, Level.CENTRE),
    ]


async def test_an_ordinary_matter_of_the_evening_lets_the_centre_sleep_till_seven() -> None:
    evening = datetime(2026, 3, 2, 18, 0, tzinfo=CHINA)
    world = World(evening)
    await world.reports(1, e.Dispatched(UNIT_A))
    await world.passes(9 * HOUR)
    centre = [told for told in world.told if told.effect.level is Level.CENTRE]
    assert [told.at for told in centre] == [evening + 8 * HOUR]
    assert centre[0].effect.not_before == datetime(2026, 3, 3, 7, 0, tzinfo=CHINA)


async def test_returned_to_and_fro_each_unit_gets_its_time_and_the_reporter_keeps_the_promise() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    promise = MONDAY_NINE + 5 * DAY
    for unit, person in [(UNIT_B, ALICE), (UNIT_A, BOB), (UNIT_B, ALICE)]:
        await world.passes(3 * HOUR)
        assert world.incident(1).light() is None
        await world.does(1, e.Returned("not ours"), person)
        await world.passes(HOUR)
        await world.does(1, e.Dispatched(unit))
    running = {d.kind: d.limit_at for d in world.incident(1).deadlines if d.is_running}
    assert running == {
        DeadlineKind.ACCEPT: world.clock.now() + 4 * HOUR,
        DeadlineKind.FINISH: promise,
    }
    await world.does(1, e.Dispatched(UNIT_A, designated=True))
    assert isinstance(await world.does(1, e.Returned("still not ours"), ALICE), Exception)
    await world.passes(5 * DAY, every=HOUR)
    assert world.incident(1).light() is Light.RED  # accept; finish is amber since the promised day


async def test_a_return_that_the_desk_leaves_lying_climbs_the_desks_own_ladder() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    await world.does(1, e.Returned("not ours"), ALICE)
    await world.passes(6 * HOUR)
    assert [level for _, level in world.escalations()] == [
        Level.DISPATCH_DESK,
        Level.DUTY_CHIEF,
        Level.LEADER_ON_DUTY,
    ]


async def test_what_was_accepted_offline_in_time_puts_the_light_out_and_says_so() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    await world.passes(6 * HOUR)
    assert world.incident(1).light() is Light.AMBER
    outcome = await world.does(1, e.Accepted(), ALICE, done_at=MONDAY_NINE + 3 * HOUR)
    assert isinstance(outcome, Applied)
    assert outcome.incident.light() is None
    entry = world.store.journal[-1]
    assert (entry.at, entry.received_at) == (MONDAY_NINE + 3 * HOUR, MONDAY_NINE + 6 * HOUR)
    assert entry.data["corrected"] == [{"task": 1, "kind": "accept", "light": "amber"}]


async def test_an_offline_acceptance_of_what_went_to_another_unit_is_shown_not_swallowed() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    await world.passes(HOUR)
    await world.does(1, e.Dispatched(UNIT_B))
    before = world.incident(1)
    assert isinstance(await world.does(1, e.Accepted(), ALICE, done_at=MONDAY_NINE + 10 * MINUTE), NotYours)
    assert world.incident(1) == before


async def test_a_whole_life_from_report_to_close_leaves_a_journal_without_holes() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    life: list[tuple[e.Event, Actor]] = [
        (e.Accepted(), ALICE),
        (e.Progressed("called them"), ALICE),
        (e.Resolved("the lamp is new", e.Outcome.SOLVED), ALICE),
        (e.VerificationFailed("it flickers"), REVIEWER),
        (e.Resolved("the cable is new too", e.Outcome.SOLVED), ALICE),
        (e.VerificationPassed(), REVIEWER),
        (e.Closed(), DESK_CLERK),
    ]
    for event, person in life:
        await world.passes(HOUR)
        assert isinstance(await world.does(1, event, person), Applied)
    assert world.incident(1).status is Status.CLOSED
    told = len(world.told)
    await world.passes(60 * DAY, every=DAY)
    assert len(world.told) == told
    numbers = [entry.no for entry in world.store.journal if entry.incident_id == id_of(1)]
    assert numbers == list(range(1, 10))


async def test_what_nobody_verifies_is_called_back_and_what_nobody_closes_is_noticed() -> None:
    world = World(MONDAY_NINE)
    await world.reports(1, e.Dispatched(UNIT_A))
    await world.does(1, e.Resolved("done on the spot", e.Outcome.SOLVED), ALICE)
    await world.passes(3 * DAY, every=HOUR)
    assert [task.doubts for task in world.incident(1).desk_tasks()] == [(e.Doubt.CALL_BACK,)]
    await world.does(1, e.VerificationPassed("the caller is content"))
    told = len(world.escalations())
    await world.passes(7 * DAY, every=HOUR)
    assert [level for _, level in world.escalations()[told:]] == [Level.DISPATCH_DESK, Level.DUTY_CHIEF]


async def test_after_an_hour_without_a_sweep_every_missed_step_is_taken_once_and_in_order() -> None:
    world = World(TEN_PAST_TWO)
    await world.reports(1, e.Queued((e.Doubt.NO_UNIT,)), severity=1)
    await world.reports(2, e.Queued((e.Doubt.NO_UNIT,)), severity=1)
    world.clock.advance(HOUR)
    await world.passes(timedelta(seconds=1))
    levels = [level for _, level in world.escalations()]
    assert levels == [Level.DISPATCH_DESK] * 2 + [Level.DUTY_CHIEF] * 2 + [Level.LEADER_ON_DUTY] * 2
