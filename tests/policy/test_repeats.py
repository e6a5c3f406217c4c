"""Which reports count as one matter, who only says the same again, and how far repetition raises."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from gridward.domain.limits import Limit
from gridward.policy.check import problems
from gridward.policy.policy import Policy
from gridward.policy.raises import Standing
from gridward.policy.repeats import (
    adds_nothing,
    is_repeat,
    may_have_become,
    may_raise,
    may_repeat,
    new_facts,
    nth,
    one_step,
    reason_of,
)
from gridward.policy.same import Likeness, Matter, likeness
from gridward.policy.same_rows import GraverRows, SameRows
from gridward.policy.schema import PolicyBundle

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RUBBISH = "菜市场北门外的垃圾桶已经满了三天没有人来清运，垃圾污水流了一地，臭得住户开不了窗户"
ANN, BEN, CAT = b"ann", b"ben", b"cat"
HERE = Matter(RUBBISH, AT, "0501", 119.5, 28.1, ANN)
QUARREL = Matter("隔壁两家因为停车吵起来了", AT, "0102", 119.5, 28.1, ANN)
KNIVES = Matter("停车的那两家现在动刀了，有人受伤", AT, None, 119.5, 28.1, BEN)


def like(one: Matter, other: Matter, policy: Policy) -> Likeness:
    return likeness(one, other, policy.bundle.same)


def repeats(one: Matter, other: Matter, policy: Policy) -> bool:
    return is_repeat(like(one, other, policy), policy.bundle.same)


def test_another_wording_at_the_same_place_is_a_repeat(policy: Policy) -> None:
    other = replace(HERE, text="菜市场北门垃圾桶三天没人清运，臭", at=AT + timedelta(days=6), caller=BEN)
    assert repeats(HERE, other, policy)


@pytest.mark.parametrize(
    "changes",
    [
        {"lat": 28.103},  # 330 m away
        {"category": "0601"},
        {"text": "东边下水道堵住了，请派人来疏通"},
        {"text": RUBBISH.replace("北门", "5栋北门")},
        {"lon": None, "lat": None, "text": "菜市场北门垃圾桶三天没人清运，臭"},
    ],
)
def test_what_is_elsewhere_or_about_something_else_is_none(changes: dict[str, Any], policy: Policy) -> None:
    one = replace(HERE, text=RUBBISH.replace("北门", "3栋北门"))
    assert repeats(one, replace(one, caller=BEN), policy)
    assert not repeats(one, replace(one, caller=BEN, **changes), policy)


def test_a_policy_of_before_makes_nothing_of_it() -> None:
    assert SameRows().is_off
    assert not may_repeat("0501", SameRows())


def test_kinds_that_are_left_out_make_no_repeat_matter(policy: Policy) -> None:
    rules = policy.bundle.same
    assert may_repeat("0802", rules), "sensitive ones do, among themselves"
    assert not may_repeat("9901", rules)
    only = rules.model_copy(update={"repeat": rules.repeat.model_copy(update={"categories": ["06"]})})
    assert may_repeat("0601", only)
    assert not may_repeat("0501", only)


def test_new_facts_are_what_the_later_text_has_alone(policy: Policy) -> None:
    later = replace(HERE, text=RUBBISH + "，二三十人围在长乐路吵，有人受伤")
    assert new_facts(HERE, later, policy) == ("长乐路", "受伤", "二三十人")
    assert new_facts(later, HERE, policy) == ()


def test_the_same_person_with_the_same_words_adds_nothing(policy: Policy) -> None:
    later = replace(HERE, at=AT + timedelta(days=2))
    assert adds_nothing(HERE, later, like(HERE, later, policy), policy)


@pytest.mark.parametrize(
    "changes",
    [
        {"caller": BEN},
        {"caller": None},
        {"text": RUBBISH + "，刚才有人受伤"},
        {"text": RUBBISH + "，长乐路也满了"},
        {"text": RUBBISH + "，垃圾车来过一次又走了，司机说下个月才会再来"},
        {"category": "0502"},
        {"at": AT + timedelta(days=31)},
        {"lat": 28.103},
    ],
)
def test_whoever_brings_something_new_is_heard(changes: dict[str, Any], policy: Policy) -> None:
    later = replace(HERE, **changes)
    assert not adds_nothing(HERE, later, like(HERE, later, policy), policy)


def test_a_short_text_and_a_call_for_help_are_never_taken_for_the_first(policy: Policy) -> None:
    short = replace(HERE, text="菜市场垃圾桶满了")
    other = replace(short, text="菜市场垃圾桶满，")
    assert adds_nothing(short, short, like(short, short, policy), policy)
    assert not adds_nothing(
        short, replace(other, text="菜市场垃圾桶未满"), like(short, other, policy), policy
    )
    help_me = replace(HERE, category="0201")
    assert not adds_nothing(help_me, help_me, like(help_me, help_me, policy), policy)


def test_of_a_kind_in_doubt_only_the_very_same_words_add_nothing(policy: Policy) -> None:
    unknown = replace(HERE, category=None)
    for earlier in (HERE, unknown):
        assert adds_nothing(earlier, unknown, like(earlier, unknown, policy), policy)
    changed = replace(unknown, text=RUBBISH + "了")
    assert not adds_nothing(unknown, changed, like(unknown, changed, policy), policy)
    help_me = replace(unknown, text="救命，有人在打架")
    assert not adds_nothing(help_me, help_me, like(help_me, help_me, policy), policy)
    quarrel = replace(HERE, category="0201")
    assert not adds_nothing(quarrel, unknown, like(quarrel, unknown, policy), policy)


def test_a_person_counts_once_and_again_with_new_facts(policy: Policy) -> None:
    ben = replace(HERE, caller=BEN, at=AT + timedelta(hours=1))
    again = replace(HERE, at=AT + timedelta(hours=2))
    assert nth([], HERE, policy) == 1
    assert nth([HERE], again, policy) == 0
    assert nth([HERE, ben], again, policy) == 0
    assert nth([HERE, ben], replace(again, text=RUBBISH + "，有人受伤"), policy) == 3
    assert nth([HERE, again, ben], replace(ben, caller=CAT, at=AT + timedelta(hours=3)), policy) == 3


def test_who_is_not_known_counts_each_time(policy: Policy) -> None:
    nobody = replace(HERE, caller=None)
    assert nth([nobody, nobody], nobody, policy) == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Standing(4, "D", None), (3, "C", None)),
        (Standing(4, "C", None), (3, "B", None)),
        (Standing(4, "M", None), (3, "M", None)),
        (Standing(2, "B", None), (2, "B", None)),
        (Standing(1, "A", None), (1, "A", None)),
        (Standing(4, "T", Limit.parse("1 EH")), (3, "T", Limit.parse("1 EH"))),
        (Standing(4, "CX", None), (3, "CX", None)),  # a class of a version before, which this one has no more
    ],
)
def test_one_step_and_no_further_than_policy_lets_it(
    old: Standing, new: tuple[int, str, Limit | None], policy: Policy
) -> None:
    made = one_step(old, reason_of(3, False, policy), AT, policy)
    assert (made.severity, made.limit_class, made.finish_limit) == new
    assert (made is old) == (new == (old.severity, old.limit_class, old.finish_limit))


def test_the_reason_says_how_often_or_that_it_is_back(policy: Policy) -> None:
    made = one_step(Standing(4, "C", None), reason_of(3, False, policy), AT, policy)
    assert made.why == ("重复事项：30 天内第 3 次反映，严重程度 4 升为 3，时限类别 C 升为 B",)
    assert reason_of(2, True, policy) == "重复事项：30 天内办结后再次发生"


def with_graver(policy: Policy, **changes: object) -> Policy:
    """The same policy, but for this of what raises a matter."""
    same = policy.bundle.same
    graver = GraverRows(**{**same.graver.model_dump(), **changes})
    same = SameRows(**{**same.model_dump(), "graver": graver})
    return replace(policy, bundle=policy.bundle.model_copy(update={"same": same}))


def test_what_is_graver_is_about_a_quarrel_right_there(policy: Policy) -> None:
    later = replace(KNIVES, text="隔壁两家因为停车动刀了", at=AT + timedelta(hours=1))
    assert may_raise(QUARREL, later, like(QUARREL, later, policy), policy)
    assert not may_raise(
        QUARREL, replace(later, lat=28.102), like(QUARREL, replace(later, lat=28.102), policy), policy
    )
    late = replace(later, at=AT + timedelta(hours=49))
    assert not may_raise(QUARREL, late, like(QUARREL, late, policy), policy)


def test_the_same_person_nearby_need_not_repeat_the_words(policy: Policy) -> None:
    later = replace(KNIVES, text="现在动刀了", at=AT + timedelta(hours=1))
    assert not may_raise(QUARREL, later, like(QUARREL, later, policy), policy)
    hers = replace(later, caller=ANN)
    assert may_raise(QUARREL, hers, like(QUARREL, hers, policy), policy)
    late = replace(hers, at=AT + timedelta(hours=13))
    assert not may_raise(QUARREL, late, like(QUARREL, late, policy), policy)


@pytest.mark.parametrize(
    ("earlier", "later", "may"),
    [
        ("0501", "0201", False),
        ("0601", "0701", True),
        ("0102", "0201", True),
        ("0102", "0110", True),
        ("0102", "0701", False),
        ("0101", "0704", True),
    ],
)
@pytest.mark.parametrize("nowhere", [False, True])
def test_a_matter_is_raised_only_by_what_it_may_turn_into(
    earlier: str, later: str, may: bool, nowhere: bool, policy: Policy
) -> None:
    place: dict[str, float | None] = {"lon": None, "lat": None} if nowhere else {}
    known = replace(QUARREL, category=earlier, caller=ANN, **place)
    graver = replace(known, text="快来人", category=later, at=AT + timedelta(hours=1))
    assert may_raise(known, graver, like(known, graver, policy), policy) is may


def test_without_places_the_same_person_must_say_what_it_is(policy: Policy) -> None:
    known = replace(QUARREL, caller=ANN)
    unclear = replace(known, text="快来人", category=None, at=AT + timedelta(hours=1))
    assert may_raise(known, unclear, like(known, unclear, policy), policy)
    away = replace(unclear, lon=None, lat=None)
    assert not may_raise(known, away, like(known, away, policy), policy)


def test_to_be_near_and_to_share_its_name_is_not_enough(policy: Policy) -> None:
    quarrel = replace(QUARREL, text="李家坳三组的老张和老王为了田埂吵架")
    other = replace(KNIVES, text="李家坳三组有个娃不见了", at=AT + timedelta(hours=1))
    alike = like(quarrel, other, policy)
    assert alike.score >= policy.bundle.same.graver.score > 0
    assert not may_raise(quarrel, other, alike, policy)
    assert may_have_become(quarrel, other, alike, policy), "a person may see it"
    assert may_raise(quarrel, other, alike, with_graver(policy, text=0.0))


def test_two_quarrels_of_one_group_are_not_one_because_both_are_quarrels(policy: Policy) -> None:
    known = replace(QUARREL, text="李家坳三组两家为了田埂吵架")
    worse = replace(
        known, text="李家坳三组有人讨要工钱，几十个工人围着不让走", at=AT + timedelta(hours=1), caller=BEN
    )
    alike = like(known, worse, policy)
    assert alike.category == 1.0
    assert not may_raise(known, worse, alike, policy)
    assert may_have_become(known, worse, alike, policy)
    assert may_raise(known, worse, alike, with_graver(policy, text_kind=0.0))
    again = replace(worse, text="李家坳三组为了田埂吵架的两家叫来了几十个人")
    assert may_raise(known, again, like(known, again, policy), policy)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("幸福里3栋502室闻到煤气味", "幸福里3栋502室爆炸了"),
        ("王建国和邻居闹得很凶", "王建国被捅了"),
        ("老陈饭店油烟太大", "老陈饭店冒火了"),
    ],
)
def test_the_same_house_shop_or_persons_are_enough_with_few_words_in_common(
    earlier: str, later: str, policy: Policy
) -> None:
    known = replace(QUARREL, text=earlier)
    worse = replace(KNIVES, text=later, at=AT + timedelta(hours=1))
    alike = like(known, worse, policy)
    assert may_raise(known, worse, alike, with_graver(policy, text=1.0))
    assert not may_raise(known, worse, alike, with_graver(policy, text=1.0, text_party=2.0))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("幸福里3栋502室吵架", "幸福里5栋302室砍人了"),
        ("老张跟老王吵起来了", "老张把老李砍了"),
        ("竹坞里村八组两家为田埂吵架", "竹坞里村八组打死人了"),
        ("李家坳三组两家为田埂吵架", "李家坳三组打死人了"),
    ],
)
def test_another_house_other_persons_or_the_village_alone_are_not(
    earlier: str, later: str, policy: Policy
) -> None:
    known = replace(QUARREL, text=earlier)
    worse = replace(KNIVES, text=later, at=AT + timedelta(hours=1))
    assert not may_raise(known, worse, like(known, worse, policy), with_graver(policy, text=1.0))


@pytest.mark.parametrize(("of_one_kind", "most"), [(False, 0.002), (True, 0.04)])
def test_hardly_any_unrelated_reports_of_one_village_group_raise_each_other(
    of_one_kind: bool, most: float, policy: Policy, shared_data: Path
) -> None:
    """Labelled reports of the field, paired at random, with one place's name before both."""
    files = sorted((shared_data / "text").glob("field_*.jsonl"))
    lines = [line for file in files for line in file.read_bytes().splitlines()]
    rows = [row for row in map(orjson.loads, lines) if row["code"] in policy.categories]
    grave = [row for row in rows if row["sev"] <= 2 and not policy.categories[row["code"]].sensitive]
    chance, pairs, raised = Random(1), 0, 0
    for mild in [row for row in rows if row["sev"] > 2]:
        others = [row for row in grave if not of_one_kind or row["code"] == mild["code"]]
        for other in chance.sample(others, min(2, len(others))):
            known = replace(QUARREL, text=f"竹坞里村八组{mild['text']}", category=mild["code"])
            later = replace(KNIVES, text=f"竹坞里村八组{other['text']}", category=other["code"])
            pairs += 1
            raised += may_raise(known, later, like(known, later, policy), policy)
    assert pairs > 1000
    assert raised / pairs <= most


def test_what_it_may_be_about_counts_while_the_desk_has_not_named_it(policy: Policy) -> None:
    rubbish = replace(QUARREL, category="0501", caller=ANN)
    unclear = replace(rubbish, text="快来人", category=None, at=AT + timedelta(hours=1))
    alike = like(rubbish, unclear, policy)
    assert may_raise(rubbish, unclear, alike, policy, "0701")
    assert not may_raise(rubbish, unclear, alike, policy, "0201")


def test_a_version_from_before_lets_anything_turn_into_anything(policy: Policy) -> None:
    before = with_graver(policy, becomes=None)
    known = replace(QUARREL, category="0501", caller=ANN)
    fire = replace(known, text="快来人", category="0701", at=AT + timedelta(hours=1))
    assert may_raise(known, fire, like(known, fire, policy), before)


def test_an_unknown_class_or_flag_is_a_problem(bundle: PolicyBundle) -> None:
    odd = bundle.same.repeat.model_copy(update={"steps": {"D": "Z"}, "facts": ["nothing"]})
    graver = bundle.same.graver.model_copy(
        update={"becomes": {"77": ["01"]}, "joins": ["没有的所"], "joins_on": ["odd"]}
    )
    same = bundle.same.model_copy(update={"repeat": odd, "graver": graver})
    found = "\n".join(problems(bundle.model_copy(update={"same": same})))
    assert "没有时限类“Z”" in found
    assert "没有标记“nothing”" in found
    assert "没有大类“77”" in found
    assert "没有的所" in found
    assert "没有标记“odd”" in found
