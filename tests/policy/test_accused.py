"""A unit that a text accuses neither leads nor joins; one that is asked for help is not accused."""

import pytest

from gridward.policy.accused import Accused, accused_units
from gridward.policy.assign import Assignment, assign, without
from gridward.policy.check import problems
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import PolicyBundle

FIELD = "990101101002003"
POLICE, PUBLIC_SECURITY = "99010110120002", "99010100020001"
DISCIPLINE, CENTRE = "99010100020002", "99010110120001"


def assign_without(category: str, grid: str, accused: tuple[Accused, ...], policy: Policy) -> Assignment:
    return without(assign(category, grid, policy), category, grid, accused, policy)


def names(text: str, category: str | None, policy: Policy, grid: str | None = FIELD) -> list[str]:
    return [policy.units[one.unit].name for one in accused_units(text, category, grid, policy)]


@pytest.mark.parametrize(
    ("text", "category", "name"),
    [
        ("派出所民警打人", None, "青梧派出所"),
        ("昨天城管收钱不给票", None, "青梧综合执法与环卫队"),
        ("村干部优亲厚友", None, "青梧镇村社区工作站"),
        ("我要投诉司法所", "9903", "青梧司法所"),
        ("青梧派出所不作为", "9903", "青梧派出所"),
        ("派出所门口民警打人", "0203", "青梧派出所"),
        ("派出所的人打了我一顿", "0203", "青梧派出所"),
        ("被派出所的辅警打了，胳膊断了", "0203", "青梧派出所"),
        ("派出所来了两个警察把我儿子按在地上", "0203", "青梧派出所"),
        ("卫生院把我孩子打错针了", None, "青梧镇卫生院"),
        ("派出所对面有人说派出所收钱", "0203", "青梧派出所"),
        ("派出所的辅警把人打伤了", "0201", "青梧派出所"),
        ("派出所副所长强奸妇女", "0201", "青梧派出所"),
        ("协警开车撞人跑了", "0201", "青梧派出所"),
        ("学校老师猥亵女学生，校长猥亵过好几个", "0402", "青梧中心学校"),
        ("卫生院的医生对女病人动手动脚", None, "青梧镇卫生院"),
        ("网格员上门骂人", None, "青梧镇村社区工作站"),
        ("镇干部收了红包", None, "青梧镇综治中心"),
        ("教育局的人索要钱", None, "栖禾县教育局"),
        ("环保局给这个厂当保护伞", None, "栖禾县生态环境局"),
        ("消防站的人吃拿卡要", None, "青梧应急消防所"),
        ("水利站验收只拍照", "9903", "青梧镇村镇建设办"),
        ("城管把我的三轮车砸了", None, "青梧综合执法与环卫队"),
        ("派出所民警殴打嫌疑人", "0201", "青梧派出所"),
        ("派出所民警打伤犯罪嫌疑人，关了一夜", "0201", "青梧派出所"),
        ("去派出所办身份证，推来推去就是不给办", "9903", "青梧派出所"),
        ("我去卫生院看病没人搭理", "9903", "青梧镇卫生院"),
        ("找城管办证态度很恶劣", "9903", "青梧综合执法与环卫队"),
        ("去派出所报案，民警把我推倒在地", "0201", "青梧派出所"),
        ("派出所刘副所长收了棋牌室老板两条烟", None, "青梧派出所"),
        ("市监所的王所长跟这家超市老板是亲戚，查不动", "0901", "青梧市场监管所"),
        ("食堂是校长小舅子包的，孩子天天吃剩菜", "0806", "青梧中心学校"),
        ("副校长逼着女老师去陪酒", None, "青梧中心学校"),
        ("支书把危房改造指标给了他侄子", "0113", "青梧镇村社区工作站"),
        ("村会计把养老金私分了", None, "青梧镇村社区工作站"),
        ("城管队员推了老人一把", None, "青梧综合执法与环卫队"),
        ("民警出警时扇了我一耳光", None, "青梧派出所"),
        ("卫生院的护士把药发错了", None, "青梧镇卫生院"),
        ("便民中心窗口那个人把我材料扔了", None, "青梧镇便民服务中心"),
    ],
)
def test_the_accused_unit_is_found(policy: Policy, text: str, category: str | None, name: str) -> None:
    assert names(text, category, policy) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "有人打架，派出所已到场",
        "请派出所来处理打人的事",
        "隔壁打人，希望民警来管",
        "派出所门口的路灯不亮",
        "店主打人，没有人受伤",
        "校长说打了报告",
        "派出所门口有人打人",
        "青梧派出所对面几个人打人",
        "在派出所的门口肆意殴打他人",
        "派出所附近有人收钱",
        "有人打架派出所不管",
        "派出所抓了强奸犯",
        "民警带走了打伤人的",
        "派出所叫被打伤的去做鉴定",
        "派出所帮我把我的三轮车找回来了",
        "城管帮着把我的摊子扶起来",
        "公安局正在查猥亵案",
        "城管不来",
        "派出所民警把打人的人带走了",
        "校长的车被人砸了",
        "支书帮我们把路修好了",
        "村主任把低保送到了孤老家里",
    ],
)
def test_help_is_no_accusation(policy: Policy, text: str) -> None:
    assert names(text, "0203", policy) == []


def test_doing_nothing_is_a_deed_only_in_a_complaint_about_conduct(policy: Policy) -> None:
    (one,) = accused_units("派出所不管", "9903", FIELD, policy)
    assert (one.unit, one.deed) == (POLICE, "不管")
    assert accused_units("派出所不管", "0203", FIELD, policy) == ()


def test_without_a_grid_a_kind_is_the_only_unit_of_it(policy: Policy, bundle: PolicyBundle) -> None:
    assert names("派出所民警打人", None, policy, grid=None) == ["青梧派出所"]
    at, first = next((n, one) for n, one in enumerate(bundle.units.units) if one.code == POLICE)
    second = {"code": "99010110220002", "name": "邻镇派出所", "areas": ["990101102"]}
    units = bundle.units.model_copy(update={"units": [*bundle.units.units, first.model_copy(update=second)]})
    two = compile_policy(bundle.model_copy(update={"units": units}), 1)
    assert bundle.units.units[at].kinds == ["派出所"]
    assert names("派出所民警打人", None, two, grid=None) == []
    assert names("青梧派出所打人", None, two, grid=None) == ["青梧派出所"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\u2028", "。"])
def test_a_deed_on_another_line_is_another_sentence(policy: Policy, end: str) -> None:
    assert names(f"昨天去过派出所{end}楼上打人", "0203", policy) == []
    assert names(f"楼道里很黑{end}派出所民警打人", "0203", policy) == ["青梧派出所"]


def test_a_complaint_about_the_police_goes_to_discipline_inspection_and_the_centre(policy: Policy) -> None:
    accused = accused_units("派出所民警打人", "9903", FIELD, policy)
    made = assign_without("9903", FIELD, accused, policy)
    assert (made.unit, made.joint, made.excluded) == (DISCIPLINE, (CENTRE,), (POLICE,))
    assert "青梧派出所回避" in made.why
    assert "打人" in made.why


def test_an_accused_lead_is_replaced_by_its_backup_of_the_same_power(policy: Policy) -> None:
    accused = accused_units("派出所民警打人", "0203", FIELD, policy)
    made = assign_without("0203", FIELD, accused, policy)
    assert made.unit == PUBLIC_SECURITY
    assert POLICE not in made.joint


def test_an_accused_unit_without_backup_gives_way_to_discipline_inspection(policy: Policy) -> None:
    accused = accused_units("司法所收钱", "0107", FIELD, policy)
    assert assign_without("0107", FIELD, accused, policy).unit == DISCIPLINE


def test_when_nobody_is_left_the_desk_decides(policy: Policy) -> None:
    accused = accused_units("栖禾县纪委监委信访室包庇", "9903", FIELD, policy)
    made = assign_without("9903", FIELD, accused, policy)
    assert made.unit is None
    assert made.doubt is not None


def test_an_unknown_kind_is_a_problem(bundle: PolicyBundle) -> None:
    rows = bundle.attributes
    odd = rows.model_copy(update={"accused": rows.accused.model_copy(update={"instead": "没有的"})})
    assert any("没有的" in line for line in problems(bundle.model_copy(update={"attributes": odd})))


@pytest.mark.parametrize("text", ["我去派出所报案", "已经向镇政府反映", "找网格员说过三回", "跟司法所讲了"])
def test_whom_somebody_turned_to_is_not_accused_by_being_named(policy: Policy, text: str) -> None:
    assert names(text + "，村干部一直不公开账目", "9903", policy) == ["青梧镇村社区工作站"]


def test_who_acts_for_an_accused_unit_stands_back_with_it(policy: Policy) -> None:
    found = accused_units("公安局刑警队把我儿子打成重伤", "0201", FIELD, policy)
    assert [policy.units[one.unit].name for one in found] == ["栖禾县公安局", "青梧派出所", "青梧交警中队"]
    assert found[1].text == "正文称其上级“公安局”“把我儿子打”"
    led = assign_without("0201", FIELD, found, policy)
    assert led.unit == DISCIPLINE
    assert not {POLICE, PUBLIC_SECURITY} & {led.unit, *led.joint}


def test_the_one_above_an_accused_unit_still_leads(policy: Policy) -> None:
    found = accused_units("派出所民警把人打伤了", "0201", FIELD, policy)
    assert [one.unit for one in found] == [POLICE]
    assert assign_without("0201", FIELD, found, policy).unit == PUBLIC_SECURITY


def test_a_version_from_before_leaves_who_acts_for_it_in_place(bundle: PolicyBundle) -> None:
    accused = bundle.attributes.accused.model_copy(update={"acting_for": False})
    rows = bundle.attributes.model_copy(update={"accused": accused})
    before = compile_policy(bundle.model_copy(update={"attributes": rows}), 1)
    assert names("栖禾县公安局打人", "0201", before) == ["栖禾县公安局"]
