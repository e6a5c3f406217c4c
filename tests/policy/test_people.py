"""Whoever a text names is taken out of what an outside opinion is asked; the words for it are the policy's."""

import pytest

from gridward.policy.load import compile_policy
from gridward.policy.people import People
from gridward.policy.personal_rows import shipped
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle


@pytest.mark.parametrize(
    ("text", "hidden", "kept"),
    [
        ("我叫王小明，电话13812345678，隔壁张先生占道", ["王小明", "13812345678", "张"], "占道"),
        ("村民李建国家的狗咬人，老周说管不了", ["李建国", "老周"], "狗咬人"),
        (
            "王师傅和赵书记都来看过三号楼二单元401室漏水",
            ["王师傅", "赵书记", "三号楼", "二单元", "401"],
            "漏水",
        ),
        ("张伟说他管不了，找李秀英要钱也不给", ["张伟", "李秀英"], "要钱也不给"),
        ("被赵铁柱打了，王芳天天在楼下骂", ["赵铁柱", "王芳"], "在楼下骂"),
        ("我跟刘洋借了两万，孙建军把我的车堵住", ["刘洋", "孙建军"], "把我的车堵住"),
        ("欠钱的是周杰，他向吴桂花、郑强也借过", ["周杰", "吴桂花", "郑强"], "也借过"),
        ("高速路口的路灯不亮，马路上有石头，万一撞了人", [], "高速路口的路灯不亮，马路上有石头，万一撞了人"),
        ("住12栋的业主陈芳在楼道堆放杂物", ["12栋", "陈芳"], "楼道堆放杂物"),
    ],
)
def test_people_are_taken_out_of_what_is_sent(
    policy: Policy, text: str, hidden: list[str], kept: str
) -> None:
    sent = policy.people.hidden(text)
    assert not [part for part in hidden if part in sent]
    assert kept in sent


@pytest.mark.parametrize("name", ["李秀英", "陈伟", "欧阳娜娜", "高建军", "方晓梅", "曾凡"])
@pytest.mark.parametrize(
    "text",
    [
        "昨晚{}的儿子又来砸门",
        "请问{}什么时候还钱",
        "小区保安{}乱收停车费",
        "拖欠{}等人工资",
        "死者{}系本村人",
        "把钱转给了{}",
        "{}，男，七十岁，走失",
        "狗是{}养的",
    ],
)
def test_a_name_is_hidden_wherever_it_stands(policy: Policy, text: str, name: str) -> None:
    assert name not in policy.people.hidden(text.format(name))


@pytest.mark.parametrize(
    "text",
    [
        "由于施工方没有任何安全措施，工程一直停工",
        "每周都有一张罚单，过程很简单",
        "树林里的黄色管道漏水，地方很大",
        "非常感谢责任单位对历史问题的照顾",
    ],
)
def test_ordinary_words_that_hold_a_surname_stay(policy: Policy, text: str) -> None:
    assert policy.people.hidden(text) == text


def test_a_word_that_may_be_a_name_is_one_where_it_speaks(policy: Policy) -> None:
    assert policy.people.hidden("我跟黎明说过") == "我跟某说过"
    assert policy.people.hidden("天还没到黎明的时候") == "天还没到黎明的时候"


def test_what_is_said_to_be_a_name_is_one_whatever_it_is(policy: Policy) -> None:
    assert policy.people.hidden("我叫阿依古丽，来自喀什") == "我叫某，来自喀什"
    assert policy.people.hidden("我叫了人") == "我叫了人"


def test_who_adds_a_surname_has_it_hidden(bundle: PolicyBundle, policy: Policy) -> None:
    text = "昨天夙沙打人"
    assert policy.people.hidden(text) == text
    outside = bundle.personal.outside.model_copy(update={"surnames": bundle.personal.outside.surnames + "夙"})
    personal = bundle.personal.model_copy(update={"outside": outside})
    mine = compile_policy(bundle.model_copy(update={"personal": personal}), 2)
    assert mine.people.hidden(text) == "昨天某打人"


def test_words_with_choices_are_read_as_each_of_their_spellings(bundle: PolicyBundle, policy: Policy) -> None:
    named, ordinary = "村委会的高建军来过", "把高粱秆烧了"
    assert (policy.people.hidden(named), policy.people.hidden(ordinary)) == (named, "把某烧了")
    outside = bundle.personal.outside.model_copy(update={"persons": ["（村｜居）委会的"]})
    mine = People(outside, vocabulary=["高粱(秆|穗)"])
    assert (mine.hidden(named), mine.hidden(ordinary)) == ("村委会的某来过", ordinary)


def test_a_policy_of_before_gives_nobody_away(bundle: PolicyBundle) -> None:
    data = bundle.model_dump(mode="json", by_alias=True)
    del data["personal"], data["words"]["drift"]
    old = compile_policy(PolicyBundle(**data), 1)
    assert old.bundle.personal == shipped()
    assert old.people.hidden("找李秀英要钱") == "找某要钱"
    assert (old.bundle.words.drift.some, old.bundle.words.drift.great) == (0.1, 0.25)
