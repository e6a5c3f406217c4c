"""A deed that follows its unit's name after a comma is the unit's, unless somebody else acts: invented reports."""

import pytest

from gridward.policy.accused import accused_units
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import AccusedRows, DroppedRows, PolicyBundle

FIELD = "990101101002003"
UNITS = {
    "警": "青梧派出所",
    "交": "青梧交警中队",
    "城": "青梧综合执法与环卫队",
    "村": "青梧镇村社区工作站",
    "校": "青梧中心学校",
    "医": "青梧镇卫生院",
    "司": "青梧司法所",
    "市": "青梧市场监管所",
    "土": "青梧自然资源所",
    "综": "青梧镇综治中心",
}

ACCUSING = """
警 昨晚辅警把我拦下来，二话不说就动手打人
警 派出所民警到我家里，不由分说打了我两个耳光
村 村主任带人来我家，打人砸东西
城 城管队员把我的摊子掀了,还打人
城 城管过来二话不说，掀了秤，动手打人
城 我在菜场门口卖西瓜，城管来了三个人，抢秤，打人
村 那个村支书喝了酒，跑到我家院子里，张口就骂人
校 班主任嫌我儿子作业没写，叫到办公室，打了孩子好几下
校 校长把学生叫到操场上，当着全校的面，打了学生两巴掌
医 卫生院医生看都没看，给老人开错药，回去吐了一夜
医 卫生院给娃娃打预防针，护士没核对，打错针，胳膊肿了
交 交警把我的三轮车扣了，说要五百块才放，收了钱不开票
警 派出所抓了人又放了，明摆着包庇对方
警 民警来了以后，一句不问，就偏袒对方
市 市监所来店里检查，什么都没查出来，临走索要两条烟
村 村委会发低保，只给自己亲戚，优亲厚友
村 村干部把补偿款拖了三年，截留了一大半
土 国土所的人来量地，少量了两分，还收了对方好处
司 司法所调解，一味向着那一家，态度恶劣
警 派出所民警把我儿子从车上拽下来，按在地上，膝盖压着脖子
警 我去派出所办身份证，窗口的人爱理不理，态度差
城 执法队拆我家棚子，我上前问了一句，就打了我一拳
城 昨天下午被城管追到巷子里，按在地上，手都磨破了
警 我被派出所叫去问话，关在屋里，打了我两个耳光
警 辅警夜里设卡，拦住我侄子，搜完身又打人
村 社区干部上门登记，敲不开门就踹，还骂人
校 幼儿园老师嫌孩子吃饭慢，拎到厕所里，打孩子屁股
警 派出所办案的人吃了人家的饭，第二天就把人放了，包庇打人的
村 村干部管着集体的账，这些年，贪污了几十万
警 民警查身份证，我说没带，就骂人
交 交警拦下我的车，翻来翻去，最后索要三百块
综 综治中心的人来调解，进门坐下，就偏袒隔壁
城 城管执法，不出示证件，暴力执法
城 城管说我占道，没收了秤，还打了我
警 警察冲进我家，踹门，打人
警 派出所民警打着手电进来，翻箱倒柜，连女人小孩一起吼，态度恶劣
村 村支书带着挖机，把我家菜地推了，还打了人
警 辅警拦住我不让走，我问凭什么，他就打人
村 群众反映村干部带人上门，打人砸锅
城 城管把一个老人推倒，还骂人
校 家长反映班主任收作业，谁没写完，就打学生
警 我去派出所报案，不但不受理，还骂人
警 民警做笔录时，骂人拍桌子
城 跟城管讲道理，打了我一拳
市 市场监管所上门，说我没证，收了钱又不给收据
村 与村委会沟通修路的事，推三阻四，态度恶劣
警 派出所民警出警，不问青红皂白，打了我一顿
警 派出所的车停在门口，下来两个民警，把我按在地上，打人
城 昨天赶集，城管的人把我爹的扁担夺过去折断，推搡老人，骂人骂得很难听
警 派出所传我去问话，一进屋就搜身，打了我好几拳
交 交警夜查，把我电动车扣下，罚款不给单子，还骂人没素质
警 辅警开车撞了我的车，下来不道歉，反而骂人
医 卫生院输液，护士把别人的药挂给我妈，开错药也不认
村 村主任把低保名额给了自己弟弟，我家真困难没有，优亲厚友
校 学校老师把我儿子书包扔出教室，拽着衣领，打了孩子耳光
校 班主任过节暗示家长，谁家没表示，座位就往后调，收红包
警 派出所副所长喝得醉醺醺，在饭店里，打人还掀桌子
城 城管把水果全倒地上，我拍视频，把我手机抢走，按在地上
市 市监所几个人进店，张口就要看证，没有就罚，收钱没票
土 国土所收了邻居的烟酒，把我家宅基地界址量错，明显偏袒
警 民警到了现场，只抓我们这边的人，偏袒外地老板
村 村委会干部上门量房，嫌我话多，骂人，还摔门
村 社区干部带着保安，撬了我家的锁，打砸家具，打人
校 小学老师罚我娃站太阳底下，晕倒了也不管，还骂人
交 交警指挥的时候，冲着我骂人
警 民警上门查暂住证，态度很凶，拍桌子，骂人
城 村里的城管队，见车就扣，扣了就要钱，索要好处
警 派出所户籍窗口，去了三趟，每趟说法不一样，刁难人
警 我儿子被辅警带到值班室，关了灯，打了一顿，身上都是伤
警 被民警拦下，没说两句，就被打了耳光
综 信访办收了材料不给回执，跟镇里勾结，压着不办
司 司法所说好了公道处理，背后收了对方红包
校 校长停了我的课，找我谈话，话里话外索要好处
村 村支书截留救灾款，米面油都拉到自家
校 幼儿园老师用针扎，打孩子，孩子都不敢去上学
"""

NOT_ACCUSING = """
派出所民警来劝过，他还是动手打人
报了警，派出所来了人，对方还在打我，边打边骂人
城管来过了，摊主还骂人
辅警拦下那个人，他动手打人
派出所来了，两家还在打人砸东西
民警走了以后，隔壁又过来打人
村干部上门劝了半天，老头不听，还骂人
谢谢派出所民警，昨晚抓住了打人的
城管让他收摊，他不肯，动手打人
交警让司机靠边，司机下车就骂人
班主任打电话说，孩子在学校跟同学闹，被打了耳光
校长出来解释，家长冲上去骂人
派出所民警到了，喝醉的男子还在骂人
打了110，派出所出警了，人跑了又回来打人
派出所做了笔录，打人的到现在没抓到
我去派出所报案，打人的还堵在我家门口
村委会调解了三次，对方每次都骂人
跟城管说过，卖烤串的晚上照样骂人
民警拉开了他们，其中一个又打人
卫生院来了急救车，伤者家属情绪激动，打人砸东西
老板娘拦着城管的车，骂人，还往地上躺
醉汉在卫生院大厅闹，骂人，还砸了窗口
派出所门口，一群人打人
村干部来量地，隔壁老王不同意，打了人
警察来了就跑，警察一走，又回来打人
民警让双方写了保证书，第二天又打人
校长报警说，有人闯进学校打人
城管劝导占道，摊贩拒不配合，推搡骂人
感谢派出所，昨晚那伙人打人，你们来得快
派出所出面调解，欠钱的不来，还骂人
城管把摊子搬走了，没有打人
男子推搡民警，还打人
醉酒后辱骂辅警，动手打人
派出所已经立案，打人者还没到案
村委会通知停水，租户下楼骂人
向派出所报了警，那帮人还是打人
希望派出所查一查，打掉保护伞
交警正在处理事故，车主下来骂人，还堵着路
司法所调解过，前夫不服，又来打人
民警赶到现场，两个醉汉还在打人
他被派出所拘留过，放出来又打人
派出所管不了，楼上天天骂人
村支书去劝架，被打了，张某还追着打人
卫生院门口，两个司机骂人
班主任来家访，他爸喝了酒，当面骂人
市监所来查过，老板关门两天，又出来收钱
综治中心劝过两回，婆家还是打人
请派出所来一趟，楼下又打人了
社区民警昨天来我家登记，很客气，隔壁那两口子又吵起来打人
城管刚走，卖水果的就把我打了，骂人很难听
老公打我，派出所来了他就装好人，民警前脚走，后脚又打人
民警让我先去验伤，对方家里托人来说情，威胁我，还打了我弟弟
村干部说不归他们管，开发商的人天天来骂人
班主任通知家长来接，路上几个小青年拦住学生打人要钱
派出所给做了调解协议，男的反悔，上门打人
卫生院门口堵着，病人家属和医生吵，动手打人
我在派出所对面开店，昨晚一伙人喝醉了打人砸店
辅警过来维持秩序，人群里有人扔瓶子打人
村委会组织清河道，两户因为树枝吵起来，其中一户打了人
交警来了画线，说等保险，对方司机嫌慢，骂人
警察叫他道歉，他嘴上答应，转身又骂人
我给民警说了，他们家亲戚混社会的，到处打人收保护费
综治中心答复我了，可那家人还是骂人，堵我家水沟
派出所抓了两个，剩下的跑到村里打人
学校老师都看见了，是六年级的把他按在地上打的
市监所查过这家店，缺斤短两，问他就骂人
请城管晚上来看看，烧烤摊吵到两点，说两句就骂人
谢谢民警小李，帮我调解好了，邻居不再骂人了
派出所民警很负责，跑了好几趟，没收过一分钱红包
冒充派出所民警的骗子，电话里骂人，要我转钱
有人自称市监所的，上门收钱，说是检查费
城管和我们一起劝，摊主老婆出来撒泼，打人
民警到之前，他们已经打了人跑了
报警后民警登记了一下，凶手到现在还在村里打人
村干部都劝不住，兄弟俩为分家打人
医生报警说，病人家属在卫生院打人
派出所那条巷子，晚上总有人打人抢包
小学老师被家长堵在校门口，骂人还扯头发
辅警受伤了，是那个酒驾的打了人
交警罚他款，他不服气，当场骂人
打110没人来，村主任来了也没用，照打，砍伤两个
民警问谁先动手，都说对方先打人
居委会贴了通知，六楼的住户看了骂人
城管来拉横幅宣传，路过两个喝酒的起哄，动手打人
派出所通知我去领人，我弟说是同屋先骂人
民警调监控，里面看得清楚，穿红衣服的打了人
村干部在广播里喊，别烧秸秆，地头老陈张口就骂人
卫生院救护车拉走一个，剩下两拨还在路口打人
交警还没到，追尾的两个司机就下车打人
学校老师打电话来，说我家娃被高年级的打了耳光
民警同志你好，我要举报麻将馆老板，输了不认，打人
居委会大姐来过两次，二楼装修的就是不停，还骂人
派出所给我开了验伤单，打我的是前夫，他在小区骂人
我怕城管罚款没敢说，昨天是房东收钱不给票
执法队拉走了违停车，车主回来就骂人，踹保安亭
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


@pytest.mark.parametrize("line", lines(ACCUSING))
def test_the_deed_is_the_units(policy: Policy, line: str) -> None:
    unit, text = line.split(" ", 1)
    found = accused_units(text, None, FIELD, policy)
    assert [policy.units[one.unit].name for one in found] == [UNITS[unit]]
    assert all(one.deed for one in found)


@pytest.mark.parametrize("text", lines(NOT_ACCUSING))
def test_the_deed_is_somebody_elses(policy: Policy, text: str) -> None:
    assert accused_units(text, None, FIELD, policy) == ()


def with_accused(bundle: PolicyBundle, **changes: object) -> Policy:
    accused = bundle.attributes.accused.model_copy(update=changes)
    rows = bundle.attributes.model_copy(update={"accused": accused})
    return compile_policy(bundle.model_copy(update={"attributes": rows}), 1)


def accused(text: str, policy: Policy, category: str | None = None, grid: str | None = FIELD) -> list[str]:
    return [policy.units[one.unit].name for one in accused_units(text, category, grid, policy)]


def test_a_version_of_before_ends_at_the_comma(bundle: PolicyBundle) -> None:
    before = with_accused(bundle, dropped=DroppedRows())
    assert accused("辅警把我拦下来，二话不说就动手打人", before) == []
    assert accused("辅警打人，骂人", before) == ["青梧派出所"]


def test_how_far_a_deed_follows_is_policy(bundle: PolicyBundle) -> None:
    text = "城管队员将货摊子全围住了,还打人"
    rows = bundle.attributes.accused.dropped
    assert accused(text, with_accused(bundle, dropped=rows.model_copy(update={"reach": 12}))) == [UNITS["城"]]
    assert accused(text, with_accused(bundle, dropped=rows.model_copy(update={"reach": 9}))) == []


def test_how_near_a_call_for_help_stands_is_policy(bundle: PolicyBundle) -> None:
    text = "请青梧镇上的派出所来人，打人了"
    assert accused(text, with_accused(bundle, asked_before_within=8, dropped=DroppedRows())) == []
    rows = AccusedRows.model_validate({})
    assert (rows.asked_before_within, rows.asked_after_within, rows.dropped.reach) == (4, 6, 0)
    complaint = "派出所今天下午已到场"
    assert accused(complaint, with_accused(bundle, asked_after_within=12), "9903") == []
    assert accused(complaint, with_accused(bundle, asked_after_within=0), "9903") == [UNITS["警"]]


def test_a_unit_named_in_between_takes_the_deed(policy: Policy) -> None:
    assert accused("派出所管不了他们，城管来了，掀摊子打人", policy) == [UNITS["城"]]
    assert accused("派出所和城管一起来，把我按在地上，打人", policy) == [UNITS["警"], UNITS["城"]]


def test_only_the_longest_of_names_within_one_another_counts(policy: Policy) -> None:
    (one,) = accused_units("青梧派出所的民警上门，把我打了，动手打人", None, FIELD, policy)
    assert one.name == UNITS["警"]


def test_a_sentence_ends_it(policy: Policy) -> None:
    assert accused("派出所民警来看过了。晚上又打人", policy) == []


def test_what_is_denied_is_no_deed(policy: Policy) -> None:
    assert accused("城管没打人", policy) == []
    assert accused("城管收走了秤，没有打人", policy) == []


def test_who_passes_for_a_unit_is_none(policy: Policy) -> None:
    assert accused("有人冒充民警收钱", policy) == []
    assert accused("来了个自称市监所的，进门就收钱", policy) == []


def test_what_only_an_office_does_is_a_deed_of_one_that_came_to_help(policy: Policy) -> None:
    assert accused("派出所出警偏袒对方", policy) == [UNITS["警"]]
    assert accused("民警到场后，态度恶劣", policy) == [UNITS["警"]]
    assert accused("市监所已到场查处乱收费", policy) == []


def test_where_somebody_acts_is_no_accusation(policy: Policy) -> None:
    assert accused("病人家属在卫生院打人", policy) == []
