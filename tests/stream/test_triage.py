"""A report becomes one command: dispatched when all is sure, else the desk's with every reason."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from geo.index import GridIndex
from geo.offset import gcj_to_bd, wgs_to_gcj
from gridward.domain.commands import Command, Sealed
from gridward.domain.draft import When
from gridward.domain.events import Dispatched, Doubt, Queued, ReportConflicted, Reported
from gridward.policy.classify import Classification
from gridward.policy.load import bundled_policy, compile_policy
from gridward.policy.policy import Policy, Unsure
from gridward.policy.schema import RuleRow
from gridward.reports import Report
from stream.triage import incident_id_of, sensitive, triage
from tests.geo.helpers import square
from tests.stream.little_system import CLEAR, GRIDS, LAT, LON, NOW, UNCLEAR, report, the_policy

SENSITIVE_DOUBT = "女儿回家一直哭说老师老让她单独留下"


def commands(*reports: Report, grids: GridIndex | None = None, policy: Policy | None = None) -> list[Command]:
    numbers = [f"n{n}" for n in range(len(reports))]
    resealed: list[Sealed | None] = [None] * len(reports)
    return triage(
        reports, policy or the_policy(), grids or GridIndex(GRIDS, 7), numbers, resealed, When(NOW, NOW)
    )


def command(one: Report, grids: GridIndex | None = None, policy: Policy | None = None) -> Command:
    return commands(one, grids=grids, policy=policy)[0]


def second_event(made: Command) -> Any:
    return made.moves[1].event


def doubts(made: Command) -> tuple[Doubt, ...]:
    event = second_event(made)
    assert isinstance(event, Queued)
    return event.doubts


def reported(made: Command) -> Reported:
    event = made.moves[0].event
    assert isinstance(event, Reported)
    return event


def test_a_clear_report_is_dispatched_to_its_unit() -> None:
    made = command(report(CLEAR))
    assert isinstance(second_event(made), Dispatched)
    assert second_event(made).unit == "99010110130001"
    assert reported(made).category == "0506"
    assert reported(made).grid == "990101101001001"
    assert made.opens is not None
    assert (made.opens.boundary_version, made.opens.policy_version) == (7, the_policy().version)


def test_the_incident_follows_from_the_report() -> None:
    one = report()
    made = command(one)
    assert made.key == f"report:{one.id}"
    assert {move.incident_id for move in made.moves} == {incident_id_of(one.id)}
    assert isinstance(made.if_other_body, ReportConflicted)
    assert (made.if_other_body.report_id, made.if_other_body.body_hash) == (one.id, one.body_hash.hex())


def other_body(made: Command) -> ReportConflicted:
    assert isinstance(made.if_other_body, ReportConflicted)
    return made.if_other_body


def test_another_body_under_the_same_id_would_be_put_to_the_desk_as_it_came() -> None:
    one = report(CLEAR, address="菜市场东门", crs="gcj02")
    made = command(one)
    other = other_body(made)
    assert (other.text, other.address, other.source, other.occurred_at) == (
        CLEAR,
        "菜市场东门",
        "grid",
        one.occurred_at,
    )
    assert made.opens is not None
    assert (other.lon, other.lat) == (made.opens.card.lon, made.opens.card.lat) != (one.lon, one.lat)
    nowhere = other_body(command(report(CLEAR, lon=None, lat=None)))
    assert (nowhere.lon, nowhere.lat) == (None, None)


def test_another_body_of_a_sensitive_kind_is_marked_so() -> None:
    assert not other_body(command(report(CLEAR))).sensitive
    assert other_body(command(report("丈夫家暴打老婆，一直在打"))).sensitive


@pytest.mark.parametrize(
    ("one", "reasons"),
    [
        (report(UNCLEAR), (Doubt.NO_CATEGORY,)),
        (report(CLEAR, lon=None, lat=None), (Doubt.NO_PLACE,)),
        (report(CLEAR, lon=116.4, lat=39.9), (Doubt.NO_GRID,)),
        (report(UNCLEAR, lon=None, lat=None), (Doubt.NO_CATEGORY, Doubt.NO_PLACE)),
    ],
)
def test_what_is_unsure_goes_to_the_desk_with_every_reason(one: Report, reasons: tuple[Doubt, ...]) -> None:
    assert doubts(command(one)) == reasons


def test_an_overlap_is_nobodys_guess() -> None:
    grids = GridIndex([*GRIDS, square("990101101001003", LON - 0.005, LAT - 0.005)], 1)
    made = command(report(CLEAR), grids)
    assert doubts(made) == (Doubt.AMBIGUOUS_GRID,)
    assert made.opens is not None
    assert set(made.opens.card.grid_candidates) == {"990101101001001", "990101101001003"}


def test_a_place_that_no_unit_serves_goes_to_the_desk() -> None:
    grids = GridIndex([square("440101101001001", LON - 0.01, LAT - 0.01, 0.02)], 1)
    assert doubts(command(report(CLEAR), grids)) == (Doubt.NO_UNIT,)


def test_an_unsure_category_is_not_written_down_as_if_it_were_known() -> None:
    made = command(report("垃圾没人清运，有人受伤流血"))
    assert doubts(made) == (Doubt.AMBIGUOUS_CATEGORY,)
    assert reported(made).category is None
    assert reported(made).severity == 2  # what it might be still sets how soon the desk must look
    assert made.opens is not None
    assert made.opens.why is not None
    assert len(made.opens.why["category"]["alternatives"]) == 3


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_other_coordinate_systems_are_brought_to_wgs84(crs: str) -> None:
    x, y = wgs_to_gcj(LON, LAT)
    if crs == "bd09":
        x, y = gcj_to_bd(x, y)
    made = command(report(CLEAR, lon=x, lat=y, crs=crs))
    assert made.opens is not None
    card = made.opens.card
    assert card.lon == pytest.approx(LON, abs=2e-6)
    assert card.lat == pytest.approx(LAT, abs=2e-6)
    assert made.opens.why is not None
    assert made.opens.why["place"]["given"]["crs"] == crs
    assert made.opens.why["place"]["given"]["lon"] == x


def test_a_batch_of_mixed_coordinate_systems_keeps_its_order() -> None:
    x, y = wgs_to_gcj(LON, LAT)
    made = commands(
        report(lon=None, lat=None),
        report(lon=x, lat=y, crs="gcj02"),
        report(lon=LON + 0.02),
        report(lon=None, lat=None, crs="bd09"),
    )
    grids = [reported(one).grid for one in made]
    assert grids == [None, "990101101001001", "990101101001002", None]


def test_the_limit_that_others_set_is_kept() -> None:
    due = NOW + timedelta(hours=3)
    external = {"system": "12345", "number": "X-1", "due": due.isoformat()}
    made = command(report(CLEAR, external=external))
    assert reported(made).external_due == due
    assert made.opens is not None
    assert made.opens.external == external


def test_the_text_is_cut_for_lists_only() -> None:
    made = command(report(CLEAR + "。" * 100))
    assert made.opens is not None
    assert len(made.opens.card.excerpt) == 60
    assert len(made.opens.text) > 100


def candidates(*scores: tuple[str, float]) -> Classification:
    alternatives = tuple((code, score, ("词",)) for code, score in scores)
    return Classification(scores[0][0], 0.4, 3, alternatives, ("词",), False, Doubt.AMBIGUOUS_CATEGORY)


@pytest.mark.parametrize(
    ("scores", "kept_inside"),
    [
        ([("0701", 2.0), ("0115", 0.9), ("0101", 0.5)], False),
        ([("0701", 2.0), ("0115", 1.0)], True),
        ([("0701", 2.0), ("0702", 1.9), ("0115", 1.0)], True),
        ([("0115", 2.0), ("0701", 1.9)], True),
        ([("0701", 2.0), ("0702", 1.9)], False),
    ],
)
def test_when_the_kind_is_unsure_a_likely_sensitive_candidate_keeps_the_text_inside(
    scores: list[tuple[str, float]], kept_inside: bool
) -> None:
    assert sensitive(None, candidates(*scores), the_policy()) is kept_inside


def test_how_likely_a_sensitive_candidate_must_be_is_policy() -> None:
    found = candidates(("0701", 2.0), ("0115", 0.9))
    policy = the_policy()
    assert sensitive(None, found, replace(policy, unsure=replace(policy.unsure, sensitive_share=0.45)))
    assert sensitive(None, found, replace(policy, unsure=Unsure(3, "C")))


def test_without_candidates_nothing_is_sensitive() -> None:
    assert not reported(command(report("qwertz"))).sensitive


def test_an_unsure_kind_with_a_leading_sensitive_candidate_is_sensitive() -> None:
    made = command(report(SENSITIVE_DOUBT))
    assert isinstance(second_event(made), Queued)
    assert reported(made).sensitive


def test_the_sealed_fields_travel_with_the_facts() -> None:
    sealed = Sealed("rest", b"cipher", b"hash")
    one = replace(report(), sealed=Sealed("reports-2026-11-22", b"x"))
    made = triage([one], the_policy(), GridIndex(GRIDS, 1), ["n"], [sealed], When(NOW, NOW))[0]
    assert made.opens is not None
    assert made.opens.sealed == sealed


def test_an_early_time_is_kept_beside_the_time_of_arrival() -> None:
    early = datetime.fromisoformat("2026-11-21T08:00:00+08:00")
    made = command(report(occurred_at=early, flags=("future",)))
    assert made.opens is not None
    assert made.opens.card.occurred_at == early
    assert made.opens.flags == ("future",)


NORTH_OF_ALL = {"lon": LON, "lat": 28.11 + 30 / 110_800}  # 30 m beyond the first grid's edge


def test_a_point_in_no_grid_is_the_desks_unless_policy_takes_the_nearest() -> None:
    assert doubts(command(report(CLEAR, **NORTH_OF_ALL))) == (Doubt.NO_GRID,)
    assert doubts(command(report(CLEAR, **NORTH_OF_ALL), policy=within(29))) == (Doubt.NO_GRID,)
    made = command(report(CLEAR, **NORTH_OF_ALL), policy=within(31))
    assert isinstance(second_event(made), Dispatched)
    assert reported(made).grid == "990101101001001"


def test_a_grid_that_is_only_the_nearest_says_so() -> None:
    made = command(report(CLEAR, **NORTH_OF_ALL), policy=within(31))
    assert made.opens is not None
    assert made.opens.why is not None
    place = made.opens.why["place"]
    assert (place["how"], place["flags"], place["nearest_within_m"]) == ("nearest", ["nearest_grid"], 31)
    assert place["distance_m"] == pytest.approx(30, abs=0.1)
    assert place["text"] == "不在任何网格内，距最近的网格 30 米，在策略允许的 31 米以内"


def test_a_grid_that_holds_the_point_has_no_such_flag() -> None:
    made = command(report(CLEAR), policy=within(31))
    assert made.opens is not None
    assert made.opens.why is not None
    assert made.opens.why["place"].keys() == {"grid", "how", "candidates", "distance_m", "given"}


def within(metres: float) -> Policy:
    return replace(the_policy(), nearest_within_m=metres)


def test_what_an_unsure_report_counts_as_is_policy() -> None:
    plain = reported(command(report("qwertz")))
    assert (plain.severity, plain.limit_class) == (3, "C")
    made = command(report("qwertz"), policy=replace(the_policy(), unsure=Unsure(2, "B")))
    assert (reported(made).severity, reported(made).limit_class) == (2, "B")


def test_an_unsure_report_with_words_of_danger_has_the_urgent_limits() -> None:
    made = command(report("快来人"))
    assert doubts(made) == (Doubt.NO_CATEGORY,)
    assert (reported(made).severity, reported(made).limit_class) == (2, "A")
    other = command(report("快来人"), policy=replace(the_policy(), urgent_class="B"))
    assert reported(other).limit_class == "B"


def test_an_accused_unit_neither_leads_nor_joins_and_the_text_is_sensitive() -> None:
    plain, accusing = command(report(CLEAR)), command(report(CLEAR + "。城管收钱不管"))
    assert second_event(plain).unit == "99010110130001"
    assert not reported(plain).sensitive
    event = second_event(accusing)
    assert "99010110130001" not in (getattr(event, "unit", None), *getattr(event, "joint", ()))
    assert reported(accusing).sensitive
    assert accusing.opens is not None
    [excluded] = accusing.opens.why["unit"]["excluded"]
    assert (excluded["unit"], excluded["name"], excluded["deed"]) == ("99010110130001", "城管", "收钱")


@pytest.mark.parametrize(
    ("told", "unit"),
    [
        ("派出所的张所长是棋牌室的股东", "99010110120002"),
        ("开棋牌室的跟派出所关系硬", "99010110120002"),
        ("所长收了老板两万块，去过派出所三次", "99010110120002"),
        ("城管队员把卖瓜的老汉推进沟里", "99010110130001"),
        ("摊主是村支书的亲弟弟", "99010110160001"),
    ],
)
def test_no_unit_whose_people_a_text_accuses_acts_in_it_or_reads_it(told: str, unit: str) -> None:
    for where in (CLEAR, "棋牌室天天夜里赌钱", "楼道里堆满杂物"):
        made = command(report(f"{where}。{told}"))
        event = second_event(made)
        assert unit not in (getattr(event, "unit", None), *getattr(event, "joint", ()))
        assert reported(made).sensitive
        assert made.opens is not None
        assert unit in [one["unit"] for one in made.opens.why["unit"]["excluded"]]


def test_a_wish_to_keep_an_office_out_of_it_waits_for_a_person() -> None:
    made = command(report(CLEAR + "。别跟城管说是我打的电话"))
    assert Doubt.AMBIGUOUS_CATEGORY in doubts(made)
    assert reported(made).sensitive


def test_people_raise_a_report_and_a_knife_among_them_brings_a_person() -> None:
    quarrel = command(report("六个人在村委会为彩礼的事吵架，女方要男方还钱"))
    assert (reported(quarrel).severity, reported(quarrel).limit_class) == (2, "B")
    assert second_event(quarrel).unit
    made = command(report("两个邻居为宅基地边界吵架，十几个人围着，有人拿刀"))
    assert (reported(made).severity, reported(made).limit_class) == (1, "A")
    assert doubts(made) == (Doubt.AMBIGUOUS_CATEGORY,)  # a quarrel about land does not explain a knife
    assert made.opens is not None
    read = made.opens.why["attributes"]
    assert (read["people"]["least"], read["people"]["most"]) == (11, 19)
    assert read["flags"]["weapons"] == ("拿刀",)
    assert command(report(CLEAR)).opens is not None
    assert command(report(CLEAR)).opens.why["attributes"]["raised"] is None  # type: ignore[union-attr]


def test_a_rule_for_the_hour_of_the_report_gives_unit_and_limits() -> None:
    table = the_policy().bundle.responsibility
    at_night = RuleRow(category="0506", when="night", lead="派出所", limit_class="A")
    rules = table.model_copy(update={"rules": [*table.rules, at_night]})
    policy = compile_policy(the_policy().bundle.model_copy(update={"responsibility": rules}), 2)
    by_day = command(report(CLEAR, NOW), policy=policy)
    by_night = command(report(CLEAR, NOW + timedelta(hours=13)), policy=policy)  # 23:00 in China
    assert (second_event(by_day).unit, reported(by_day).limit_class) == ("99010110130001", "T")
    assert (second_event(by_night).unit, reported(by_night).limit_class) == ("99010110120002", "A")
    assert by_night.opens is not None
    assert by_night.opens.why["unit"]["window"] == "night"


def test_what_its_words_hide_is_sensitive_under_an_open_category() -> None:
    found = replace(candidates(("0509", 0.9)), hidden=("猥亵",))
    assert sensitive(bundled_policy().categories["0509"], found, bundled_policy())
