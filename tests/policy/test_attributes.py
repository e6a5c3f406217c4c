"""Flags and numbers of people are read as people say them, and what is denied is not read."""

import time

import pytest

from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("二三十人聚集在门口", (20, 30)),
        ("三四五个人在打架", (3, 5)),
        ("七八九人围着他", (7, 9)),
        ("来了十几个人", (11, 19)),
        ("约30余人围观", (30, 39)),
        ("五六个，在打架", (5, 6)),
        ("五六个村民吵架", (5, 6)),
        ("上百人堵路", (100, 199)),
        ("一家五口煤气中毒", (5, 5)),
        ("3名学生落水", (3, 3)),
        ("一百二十人签名", (120, 120)),
        ("两人吵架，后来８个人动手", (8, 8)),
        ("一百多人", (100, 199)),
        ("40多号人堵了路", (40, 49)),
        ("几十口子人", (20, 99)),
        ("上百村民堵住垃圾车", (100, 199)),
        ("四十余村民围着", (40, 49)),
        ("百余名村民上访", (100, 199)),
    ],
)
def test_people_are_counted_as_they_are_said(policy: Policy, text: str, span: tuple[int, int]) -> None:
    people = policy.attributes.read(text).people
    assert people is not None
    assert (people.least, people.most) == span
    assert people.words


@pytest.mark.parametrize(
    "text",
    [
        "3组路灯不亮",
        "6楼漏水",
        "40号楼有人吵",
        "50多号楼停电",
        "几十号线都不通",
        "借了他三千多人民币不还",
        "这个月二十多号停水",
        "一百多学生证丢了",
        "五十多老人机坏了",
        "五个月没处理",
        "2人间宿舍",
        "10个井盖丢了",
        "路灯坏了",
    ],
)
def test_other_numbers_are_not_people(policy: Policy, text: str) -> None:
    assert policy.attributes.read(text).people is None


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("有人持刀砍人", "weapons"),
        ("未成年受伤了", "injury"),
        ("未成年受伤了", "minors"),
        ("没人管还拿刀追", "weapons"),
        ("他要跳楼", "self_harm"),
        ("仓库着火", "fire"),
        ("如果不给钱我就杀了他", "threats"),
        ("再不解决我就从楼上跳下去", "self_harm"),
        ("村里没有\n着火的是厂房", "fire"),
    ],
)
def test_what_is_said_is_read(policy: Policy, text: str, flag: str) -> None:
    assert flag in policy.attributes.read(text).flags


@pytest.mark.parametrize(
    ("text", "flag"),
    [("没有人受伤", "injury"), ("没带刀", "weapons"), ("未造成人员伤亡", "injury"), ("没有着火", "fire")],
)
def test_what_is_denied_is_not(policy: Policy, text: str, flag: str) -> None:
    assert flag not in policy.attributes.read(text).flags


def test_the_third_time_is_counted(policy: Policy) -> None:
    assert policy.attributes.read("这是第三次反映了").times == 3
    assert policy.attributes.read("已经是第二三次反映了").times == 3


def test_a_policy_of_before_reads_nothing(bundle: PolicyBundle) -> None:
    data = bundle.model_dump(mode="json", by_alias=True)
    del data["attributes"]
    del data["same"]["repeat"], data["same"]["graver"]  # of later versions still
    old = compile_policy(PolicyBundle(**data), 1)
    read = old.attributes.read("十几个人持刀")
    assert (dict(read.flags), read.people) == ({}, None)


def test_a_batch_is_fast(policy: Policy) -> None:
    texts = [f"{n}号楼下十几个人围观，有人持刀，没有人受伤，请派出所来处理" for n in range(400)]
    best = min(_seconds(policy, texts) for _ in range(5))
    assert best < 0.1  # ten times the aim: the machine may be busy


def _seconds(policy: Policy, texts: list[str]) -> float:
    start = time.perf_counter()
    for text in texts:
        policy.attributes.read(text)
    return time.perf_counter() - start


def test_a_denial_is_looked_for_as_far_back_as_its_gap_allows(bundle: PolicyBundle) -> None:
    rows = bundle.attributes
    wide = rows.model_copy(update={"negation": rows.negation.model_copy(update={"gap": 10})})
    policy = compile_policy(bundle.model_copy(update={"attributes": wide}), 1)
    assert "injury" not in policy.attributes.read("没有造成任何一名过路的人受伤").flags
