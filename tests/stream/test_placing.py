"""A report without coordinates is placed by its words when they name one place, and by nobody's guess."""

from functools import cache
from pathlib import Path
from typing import Any

from geo.index import GridIndex
from geo.places import places_of
from geo.source import read_grids
from gridward.domain.commands import Command, Facts
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, Doubt, Queued
from gridward.domain.place import GridMatch
from gridward.policy.gazetteer import compile_gazetteer
from gridward.policy.load import compile_policy
from stream.placing import place_by_words
from stream.triage import triage
from tests.stream.little_system import CLEAR, NOW, report, the_policy

TOWNSHIP = Path(__file__).parents[2] / "infra" / "demo" / "township.geojson"
NOWHERE: dict[str, Any] = {"lon": None, "lat": None, "accuracy_m": None}


@cache
def township() -> GridIndex:
    return GridIndex(read_grids(TOWNSHIP, None).records, 3)


def command(text: str, **fields: Any) -> Command:
    policy = the_policy()
    gazetteer = compile_gazetteer(policy.bundle.gazetteer, places_of(read_grids(TOWNSHIP, None).records))
    one = report(text, **(NOWHERE | fields))
    return triage([one], policy, township(), ["n1"], [None], When(NOW, NOW), gazetteer=gazetteer)[0]


def facts(made: Command) -> Facts:
    assert made.opens is not None
    return made.opens


def place(made: Command) -> dict[str, Any]:
    why = facts(made).why
    assert why is not None
    return dict(why["place"])


def test_one_good_place_sends_it_to_its_unit() -> None:
    made = command(f"麦田坝粮站门口{CLEAR}")
    assert isinstance(made.moves[1].event, Dispatched)
    assert facts(made).flags == ("place_by_words",)
    assert facts(made).accuracy_m == 60
    card = facts(made).card
    assert (card.lon, card.lat) == (118.41821, 30.93832)
    why = place(made)
    assert (why["grid"], why["how"], why["by"]) == ("990101101006001", "inside", "gazetteer")
    assert why["words"]["words"] == "麦田坝粮站门口"
    assert why["given"]["lon"] is None


def test_a_grid_named_in_words_is_that_grid() -> None:
    made = command(f"竹坞里村第四网格{CLEAR}")
    assert (place(made)["grid"], place(made)["how"]) == ("990101101005004", "gazetteer")


def test_several_places_go_to_the_desk_with_the_choices_and_their_points() -> None:
    made = command(f"农贸市场{CLEAR}")
    event = made.moves[1].event
    assert isinstance(event, Queued)
    assert event.doubts == (Doubt.NO_PLACE,)
    choices = place(made)["choices"]
    assert [one["name"] for one in choices] == ["杏林农贸市场", "青梧农贸市场"]
    assert all(one["lon"] and one["lat"] and one["reason"] for one in choices)
    assert facts(made).card.lon is None
    assert facts(made).flags == ()
    assert [one["grid"] for one in choices] == ["990101101007007", "990101101001008"]
    # The console numbers an unsure matter's candidate grids on its map.
    assert facts(made).card.grid_candidates == ("990101101007007", "990101101001008")


def test_a_village_alone_offers_its_grids() -> None:
    made = command(f"柳塘村{CLEAR}")
    (choice,) = place(made)["choices"]
    assert choice["grid"] is None
    assert facts(made).card.grid_candidates == tuple(f"99010110100300{n}" for n in range(1, 8))


def test_the_address_tells_them_apart() -> None:
    made = command(f"农贸市场{CLEAR}", address="杏林社区")
    assert place(made)["words"]["name"] == "杏林农贸市场"


def test_no_name_goes_to_the_desk_as_before() -> None:
    made = command(CLEAR)
    assert isinstance(made.moves[1].event, Queued)
    assert "choices" not in place(made)


def test_the_phone_wins_and_a_far_name_is_flagged() -> None:
    # In the south-west, while the school stands in the north-east of the township.
    made = command(f"柳塘小学门口{CLEAR}", lon=118.37407, lat=30.92603, accuracy_m=10.0)
    why = place(made)
    assert why["grid"] == "990101101007002"
    assert facts(made).flags == ("place_contradicts_text",)
    assert 5_000 < why["contradiction"]["away_m"] < 12_000
    assert "以定位为准" in why["contradiction"]["text"]
    assert facts(made).accuracy_m == 10.0


def test_a_near_name_is_no_contradiction() -> None:
    made = command(f"柳塘小学门口{CLEAR}", lon=118.4601, lat=30.9424, accuracy_m=10.0)
    assert facts(made).flags == ()
    assert "contradiction" not in place(made)


def test_two_villages_named_in_a_quarrel_are_both_kept() -> None:
    policy = the_policy()
    gazetteer = compile_gazetteer(policy.bundle.gazetteer, places_of(read_grids(TOWNSHIP, None).records))
    text = "竹坞里村的村民和麦田坝村的村民为争水渠放水吵起来，两家互不相让，要求调解"

    def areas(said: str, address: str | None = None) -> list[str]:
        one = report(said, **(NOWHERE | {"address": address}))
        located = [(None, GridMatch(None, "no_place"))]
        (placed,) = place_by_words([one], located, policy, township(), gazetteer)
        return [area.code for area in placed.areas]

    assert areas(text) == ["990101101005", "990101101006"]
    assert areas("竹坞里村跟麦田坝村争水渠") == ["990101101005", "990101101006"]
    assert areas("竹坞里村村民和麦田坝村村民争水渠") == ["990101101005", "990101101006"]
    assert areas("竹坞里同麦田坝的人争水渠") == ["990101101005", "990101101006"]
    assert areas("竹坞里村路灯不亮") == []
    assert areas("竹坞里村第四网格和竹坞里村第二网格的人吵架") == []
    assert (
        areas("竹坞里村的水渠没水", "麦田坝村3号") == []
    )  # the address is where it is, not whom it is about


def test_a_quarrel_between_two_villages_goes_to_who_stands_over_both_without_any_coordinates() -> None:
    text = "竹坞里村村民和麦田坝村村民争山林地界吵起来，两家互不相让，要求调解林地权属纠纷"
    made = command(text)
    sent = made.moves[1].event
    assert isinstance(sent, Dispatched), sent
    why = facts(made).why
    assert why is not None
    assert [code[:12] for code in why["unit"]["across"]] == ["990101101005", "990101101006"]
    assert place(made)["grid"] is None
    # The same of one village is a village too large to be sent anywhere.
    queued = command(text.replace("和麦田坝村村民", "")).moves[1].event
    assert isinstance(queued, Queued)
    assert queued.doubts == (Doubt.NO_PLACE,)


def test_a_fire_somewhere_in_a_village_goes_out_at_once_and_its_grid_stays_open() -> None:
    made = command("竹坞里村着火了，火很大")
    sent = made.moves[1].event
    assert isinstance(sent, Dispatched)
    assert sent.unit == "99010110130004"
    assert facts(made).card.grid_candidates
    assert len(facts(made).card.grid_candidates) > 1
    why = facts(made).why
    assert why is not None
    assert (why["place"]["grid"], why["place"]["how"]) == (None, "no_place")
    assert why["place"]["choices"]
    assert f"可能的 {len(facts(made).card.grid_candidates)} 个网格都由它主办" in why["unit"]["text"]


def test_what_can_wait_waits_for_its_grid_and_so_does_what_has_none() -> None:
    for text in (f"竹坞里村{CLEAR}", CLEAR):
        assert isinstance(command(text).moves[1].event, Queued)


def test_how_grave_it_must_be_to_go_out_without_a_grid_is_policy() -> None:
    policy = the_policy()
    limits = policy.bundle.limits
    strict = limits.model_copy(update={"place": limits.place.model_copy(update={"wherever": 0})})
    policy = compile_policy(policy.bundle.model_copy(update={"limits": strict}), 1)
    gazetteer = compile_gazetteer(policy.bundle.gazetteer, places_of(read_grids(TOWNSHIP, None).records))
    fire = report("竹坞里村着火了，火很大", **NOWHERE)
    (made,) = triage([fire], policy, township(), ["n1"], [None], When(NOW, NOW), gazetteer=gazetteer)
    assert isinstance(made.moves[1].event, Queued)


def test_a_question_needs_no_place_where_a_single_unit_answers() -> None:
    made = command("请问办理高龄补贴需要什么材料，想了解一下流程")
    sent = made.moves[1].event
    assert isinstance(sent, Dispatched), sent
    assert sent.unit == next(
        code for code, unit in the_policy().units.items() if "便民服务中心" in unit.kinds
    )
    why = facts(made).why
    assert why is not None
    assert "没有地点，而这类单位只有" in why["unit"]["text"]


def test_lives_in_danger_go_to_the_only_unit_for_them_though_nobody_says_where() -> None:
    made = command("活着没意思了，我要自杀")
    sent = made.moves[1].event
    assert isinstance(sent, Dispatched), sent
    assert "派出所" in the_policy().units[sent.unit].kinds
    assert isinstance(command("井盖没了，差点掉下去").moves[1].event, Queued)
