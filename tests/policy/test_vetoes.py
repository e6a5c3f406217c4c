"""What no machine may send out as an ordinary matter goes to a person, and sexual violence is hidden by its words."""

import pytest

from gridward.policy.classify import classify
from gridward.policy.policy import Policy

TO_THE_POLICE = ("0201", "0402")


@pytest.mark.parametrize(
    "text",
    [
        "李老师强奸了我女儿",
        "村支书摸我胸",
        "派出所民警猥亵我",
        "体育老师摸孩子下身",
        "校车司机性侵孩子",
        "网格员摸我大腿",
        "村主任把我老婆强奸了",
        "路灯不亮，村主任趁黑猥亵妇女",
        "办低保的干部脱我衣服，还说不听话就停",
        "领导在办公室对我动手动脚",
        "感谢镇干部，他性骚扰我以后给我办了低保",
        "卫生院医生借检查乱来，摸了我下面",
        "去年村支书猥亵了我女儿",
        "上个月村主任把我老婆强奸了",
        "老师多年前性侵过我",
        "邻居老头摸我家女儿下面",
    ],
)
def test_sexual_violence_is_hidden_and_never_sent_under_a_mild_category(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert found.hidden
    assert all(word in text for word in found.hidden)
    assert found.doubt is not None or (found.code or "").startswith(TO_THE_POLICE)


@pytest.mark.parametrize(
    "text",
    [
        "学校开展防性侵讲座，建议多办",
        "网格员上门摸我家的底，问了人口",
        "医生摸孩子额头说发烧了",
        "医生给我摸骨",
        "腰疼去看，就想医生摸一摸我的腰，开了一沓单子",
        "城管摸排违建",
        "路灯不亮，走路只能摸黑",
        "民警半夜打我电话通知领钱包",
    ],
)
def test_what_only_sounds_like_it_stays_open(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert not found.hidden


@pytest.mark.parametrize(
    "text",
    [
        "感谢派出所把我打成重伤",
        "感谢民警把我打断两根肋骨",
        "给城管送锦旗，感谢他们殴打我父亲",
        "表扬村干部，骂我骂得真好",
        '真是"好"警察，打得我三天下不了床',
        "点赞交警，把我铐了一晚上",
    ],
)
def test_thanks_for_harm_is_no_praise(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert found.doubt is not None or found.code != "9904"


@pytest.mark.parametrize(
    "text",
    [
        "感谢派出所民警把我的三轮车找回来了",
        "感谢派出所民警帮我找回钱包，送锦旗一面",
        "表扬社区网格员小张，雪天给老人送饭，特此感谢",
        "感谢民警找到钱包后打我电话，表示感谢",
    ],
)
def test_genuine_thanks_go_their_way(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert (found.code, found.doubt) == ("9904", None)


@pytest.mark.parametrize(
    "text",
    [
        "村主任虚报种粮补贴，要求保密",
        "反映小区物业乱收停车费，来电人怕被打击报复",
        "低保评得不公，请为我保密",
        "不要让村里知道是我说的，水渠是支书占的",
        "我怕他们报复，工地拖欠工钱的事请你们查",
        "别跟村里说是我反映的，村口垃圾没人清",
        "不要告诉派出所是我打的电话，隔壁在赌博",
        "不要把我的名字告诉对方，楼下烧烤油烟大",
        "请勿透露来电人信息，反映烟酒店卖假酒",
        "不敢留名字，怕被找上门，楼上天天装修到半夜",
        "我不想让老板知道是我说的，工钱拖了三个月",
        "求别说是我讲的，食堂用过期肉",
        "材料请不要转给镇里，救灾款的名单有问题",
        "先别通知村里，集体的账对不上",
        "举报人信息请保密，车间粉尘大",
        "担心被认出来，执法车上分西瓜的照片我有",
        "莫跟支书讲是我说的，集体的林子砍光了",
        "棋牌室夜夜赌钱，别让派出所知道是我打的电话",
    ],
)
def test_whoever_asks_for_secrecy_is_read_by_the_chain_alone_after_a_person_has_looked(
    policy: Policy, text: str
) -> None:
    (found,) = classify([text], policy)
    assert found.hidden
    assert found.doubt is not None


@pytest.mark.parametrize(
    "text",
    [
        "签了保密协议，工资拖着不发",
        "路灯不亮，怕老人摔跤",
        "不要让孩子玩水",
        "请问户籍信息是否保密",
        "物业泄露业主信息，要求处理",
        "网上有人造谣，请不要转发",
        "不想让邻居在门口堆垃圾",
        "不要通知停水到半夜才发",
        "因为告过状，物业打击报复，把我家水停了",
        "招标评委名单应严格保密，这家公司没有做到",
    ],
)
def test_what_asks_for_no_secrecy_is_open(policy: Policy, text: str) -> None:
    (found,) = classify([text], policy)
    assert not found.hidden
