"""Plain emergencies: a few words of the people in them must be enough to be dispatched, and as what they are."""

from dataclasses import replace

import pytest

from gridward.domain.events import Doubt
from gridward.policy.classify import classify
from gridward.policy.policy import Policy

FIRE, WATER, MEDICAL, FIGHT, GAS, LIFT = "0701", "0704", "0703", "0201", "0303", "0308"

EMERGENCIES = [
    ("着火了", FIRE),
    ("家里着火了，快来人啊！", FIRE),
    ("着火了快来人", FIRE),
    ("孩子掉进河里了", WATER),
    ("老人摔倒昏迷", MEDICAL),
    ("打架了，流了好多血", FIGHT),
    ("厨房起火了", FIRE),
    ("着火了救命", FIRE),
    ("小孩溺水了", WATER),
    ("掉河里了，快来人救命", WATER),
    ("孩子掉井里了", WATER),
    ("有人要跳楼", WATER),  # 溺水、走失、自杀干预 are one category
    ("孩子走丢了", WATER),
    ("路边有人晕倒了", MEDICAL),
    ("老人昏迷叫不醒", MEDICAL),
    ("有人触电了", MEDICAL),
    ("有人打架，头破血流", FIGHT),
    ("有人拿刀砍人", FIGHT),
    ("煤气泄漏了", GAS),
    ("家里煤气味很大，快来人", GAS),
    ("电梯困人了", LIFT),
]

# What only sounds like an emergency must not send out the fire brigade.
EXCUSED = [
    "没着火，只是冒白气",
    "今天下午消防演练，模拟起火疏散",
    "小区开展消防演练，模拟厨房起火，居民有序疏散",
    "预防火灾宣传进社区",
    "开展防溺水知识讲座",
    "垃圾桶起火，已经处理好了",
    "电视里着火的镜头吓到孩子",
    "谣传有人跳楼，经核实不属实",
    "消防通道被堵，万一着火很危险",
    "老人走失手环怎么申领",
]


@pytest.mark.parametrize(("text", "code"), EMERGENCIES)
def test_a_plain_emergency_is_dispatched_as_what_it_is(policy: Policy, text: str, code: str) -> None:
    found = classify([text], policy)[0]
    assert (found.code, found.doubt, found.urgent) == (code, None, True)


@pytest.mark.parametrize("text", EXCUSED)
def test_what_only_sounds_like_one_is_not_dispatched_as_one(policy: Policy, text: str) -> None:
    found = classify([text], policy)[0]
    assert found.doubt or found.code not in (FIRE, WATER, MEDICAL, FIGHT)
    assert not found.urgent


@pytest.mark.parametrize("cry", ["快来人", "快来", "来人", "救命", "快来人救命啊"])
def test_a_bare_cry_is_for_no_category(policy: Policy, cry: str) -> None:
    assert classify([cry], policy)[0].code is None


UNDER_A_MILD_HEADING = [
    "婴儿被扔在垃圾桶旁边",
    "垃圾桶里有个死婴",
    "绿化带里躺着个人，全是血",
    "河道里漂着个人",
    "流浪汉快冻死了",
    "奶奶把老鼠药当糖吃了",
    "手被机器绞进去了",
    "狗把小孩脸咬烂了",
    "群里有人发遗言",
    "继父摸我身体，我才十三岁",
    "邻居吵架，拿砖头砸人",
]


@pytest.mark.parametrize("text", UNDER_A_MILD_HEADING)
def test_a_danger_under_a_mild_heading_waits_for_a_person_as_urgent(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert found.urgent
    assert found.severity <= 2
    assert found.doubt is not None or policy.categories[str(found.code)].severity <= 2


@pytest.mark.parametrize(
    "text",
    [
        "打火机打不着火，质量差",
        "热水器打不着火",
        "商场跳楼大甩卖，喇叭吵死人",
        "跳楼价甩卖骗人",
        "跳楼机排队太久",
        "垃圾臭得要自杀了",
        "如果发生燃气泄漏该打哪个电话",
    ],
)
def test_a_danger_in_a_figure_of_speech_is_none(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert not found.urgent
    assert found.code not in ("0701", "0704")


@pytest.mark.parametrize(
    "text",
    [
        "山火已扑灭，余火又起来了",
        "火灭了又复燃，烟很大",
        "宣传防溺水的时候有个娃掉进水里了",
        "演习结束了，但有个学生中暑晕倒叫不醒",
        "说是演练，其实真的有人持刀进学校",
    ],
)
def test_a_danger_after_its_denial_is_one(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert found.urgent
    assert found.severity == 1


def test_a_far_fetched_guess_is_no_graver_than_what_is_unknown(policy: Policy) -> None:
    (found,) = classify(["今天应急演练，没有人受伤"], policy)
    assert found.doubt is not None
    assert found.severity >= policy.unsure.severity


def test_confidences_of_a_cry_are_shares(policy: Policy) -> None:
    (found,) = classify(["精神病人王某又拿着菜刀在街上追人"], policy)
    assert 0 < sum(share for _, share, _ in found.alternatives) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "昨天的火已经扑灭了，不要再派人",
        "火已经灭了没事了",
        "火灭了，人没事，不用派消防车了",
        "昨天报的着火是看错了，是炊烟",
        "孩子找到了，不用找了",
        "落水的人已经救上来了，送医院了",
        "煤气味没了，阀门关好了，不用来了",
    ],
)
def test_an_emergency_that_is_over_waits_for_a_person_and_alarms_nobody(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert (found.urgent, found.doubt) == (False, Doubt.AMBIGUOUS_CATEGORY)
    assert found.severity >= 2


@pytest.mark.parametrize("text", ["火灭了又着了", "火扑灭了但是煤气罐还在漏气", "人找到了，昏迷不醒"])
def test_what_goes_on_after_an_end_is_sent_at_once(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert (found.urgent, found.doubt) == (True, None)


def test_a_fraud_is_no_emergency_that_could_be_over(policy: Policy) -> None:
    (found,) = classify(["婚介认识的人说急用钱，我转了两万，他给的号是假的，要求民警去查"], policy)
    assert (found.code, found.doubt) == ("0203", None)


def test_a_version_from_before_sends_what_is_over(policy: Policy) -> None:
    assert policy.voices is not None
    settings = policy.voices.settings.model_copy(update={"over": None})
    before = replace(policy, voices=replace(policy.voices, settings=settings))
    (found,) = classify(["火已经灭了没事了"], before)
    assert (found.code, found.severity, found.doubt) == ("0701", 1, None)
