"""Heads of offices, their relatives and their staff accuse the office: invented reports."""

import pytest

from gridward.policy.accused import accused_units
from gridward.policy.check import problems
from gridward.policy.load import compile_policy
from gridward.policy.policy import Policy
from gridward.policy.schema import AccusedRows, PolicyBundle, StaffRows

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
    "便": "青梧镇便民服务中心",
    "供": "青梧公用事业服务站",
    "民": "青梧镇社会事务办",
    "环": "青梧综合执法与环卫队",
    "应": "青梧应急消防所",
    "教": "栖禾县教育局",
    "公": "栖禾县公安局",
    "农": "青梧镇农业农村办",
}

ACCUSING = """
警 青梧派出所的张所长收了赌场的钱
警 派出所李所长隔三差五去棋牌室拿分红
警 派出所所长跟放高利贷的称兄道弟，举报材料转手就给了人家
警 派出所指导员让我塞五百块才给开证明
警 所长收了砂场的钱，派出所的人一个都不来
校 校长把学生的餐费拿去吃喝
校 校长贪了营养餐的钱
校 中心小学校长把食堂包给他姐夫
校 校长挪用班级经费给自己买车
校 副校长逼我陪酒
校 副校长半夜打电话叫女老师出来喝酒唱歌
校 我们校长要每个老师交两千块才给评职称
校 教务主任把助学金名额卖了
校 老师体罚学生，罚跪两个小时，中心学校
村 社区书记侵吞了低保款
村 支书把低保给了自己亲戚
村 村支书吃空饷，报了五个死人的低保
村 村主任把集体鱼塘低价包给了他堂弟
村 村书记卖集体土地的钱全进了自己腰包
村 村会计做假账，修路款少了八万
村 村长公款吃喝，一年吃掉十几万
村 村委会主任霸占我家宅基地盖房
村 低保名额都被支书家亲戚占了
村 村里的低保都是书记家亲戚在吃
村 村主任他弟弟把河沙都挖光了，没人敢管
村 村支书的儿子承包了村里所有工程
市 市监所所长的老婆开黑超市没人敢管
市 市监所副所长的外甥开的饭店，地沟油没人查
市 市场监管所王所长每次来都要拿两条烟
校 食堂承包人是校长小舅子
校 小卖部是校长老婆开的，东西贵一倍
校 校服厂是校长亲戚开的，质量差得要命
警 派出所的人跟打人的是亲戚,材料不收
警 派出所里有人给赌场报信
警 他说派出所有人，告到哪儿都不怕
警 开赌场的跟派出所关系硬，抓了又放
警 打人的舅舅在派出所上班，案子压着不办
警 对方派出所有熟人，笔录都不给我做
警 所里有人给他撑腰，派出所报案也没用
城 渣土车老板跟城管队长是连襟，从来不罚
城 城管队员掀了摊子还推了她一把骨折了
城 城管收摊的时候把我奶奶的手夹伤了
城 城管把我的秤摔烂了
城 城管一脚把我的菜筐踢翻
城 执法队的人抢我的秤，拉扯中我妈摔断了手
城 城管队长张口就骂老太婆滚
医 卫生院护士打错针还骂人
医 卫生院李医生收红包不给红包不开刀
医 李医生收红包，卫生院没人管
医 卫生院王大夫给我爸做手术把纱布落在肚子里
医 卫生院护士给孩子扎针扎了七次，还吼孩子
医 卫生院院长吃药品回扣
医 卫生院医生不写病历乱开检查，给了红包才给床位
综 综治中心那个值班的骂我刁民把材料扔了
综 综治中心窗口的小伙子对我拍桌子，让我滚出去
综 镇政府那个姓刘的干部骂我神经病，把我轰出来
综 镇长收了开发商的钱，强占我们的地
综 镇领导的小舅子开的石料厂，没人敢管
综 副镇长带人强拆我家房子
便 便民中心窗口的小姑娘骂我老不死的
便 便民服务中心办事员要我送烟才给盖章
警 民警扇了他一巴掌
警 民警出警时一脚踹在我肚子上
警 辅警把我手机摔了
警 民警做笔录时逼我签字，不签就不让走
警 民警把我铐在暖气片上一晚上
警 协警要我交两千块了事，不给发票
警 派出所值班的骂我神经病，把我赶出来
警 民警把我举报的事告诉了对方
警 民警泄露了我的电话给被举报人
村 村治保主任带人砸我家门
村 治保主任带着三个人堵我家门要钱
村 村干部把我爸推倒，头磕破了
村 网格员偷拿我家的快递
村 网格员上门登记时摸我
村 妇女主任克扣独生子女费
村 组长把征地补偿款私吞了
村 村委会的人把我家门锁撬了
村 村干部强迫我签拆迁协议，不签就断水断电
环 环卫所班长扣我们的工资
土 国土所收了开发商的钱，违建盖到五层没人拆
土 自然资源所李所长给人家违规批宅基地
供 供电所电工收了我五百块不给接电
供 供电所抄表的人多抄我家电，问他还骂人
民 民政办工作人员让我送礼才给办低保
司 司法所调解员收了对方两条烟
交 交警罚款不开单，让我扫他个人微信
交 交警中队队长给大货车当保护伞
应 消防所来检查，暗示要买他们指定的灭火器
教 教育局领导收钱安排转学
公 公安局副局长罩着这家KTV
农 农业办的人把种粮补贴套走了
村 村干部打击报复我，停了我家的水
村 举报村支书，收受砂场老板贿赂
警 举报派出所副所长，长期在洗浴中心白吃白玩
校 举报青梧中心学校校长，虚报学生人数套取营养餐补助
城 青梧综合执法与环卫队的队员收摊贩保护费
校 班主任收家长红包，排座位看谁给得多
校 班主任用书砸我孩子的头
校 学校食堂老板是校长的亲弟弟
村 书记家的亲戚全吃上了低保，村里真穷的没有，我们社区书记姓高
校 数学老师在班上骂我女儿是猪，中心小学
警 报警后出警的民警收了对方的烟，把人放了
医 卫生院把我妈的病历弄丢了还骂我们
警 派出所的车撞了我的三轮，下来就骂
警 派出所把我举报信交给了被举报的人
村 村主任强占集体林地栽自己的树
村 扶贫款被村支书吃了
村 救灾米被村干部拉回家
校 营养餐的钱被校长吃了
校 孩子被班主任打得耳朵流血
警 我被派出所关了一夜还挨了打
城 我妈被城管推倒摔断了腿
警 我儿子被辅警踹了两脚
"""

NOT_ACCUSING = """
综合执法队来得快,帮我把门口垃圾清了
派出所来了就走
派出所来了就走，打我的人还在街上晃
感谢派出所张所长，跑前跑后帮我找回了钱
张所长收了赌场的钱
李院长拿药品回扣
王站长打人
刘队长收红包
书记是个好人，帮我家跑低保
镇人大代表王某殴打村民
县人大代表打人，派出所调解了
养老院护工打我妈
养老院护工把老人的药发错了，骂人
敬老院院长克扣老人伙食
物业经理小舅子收停车费
公司主任骂我
工地队长打人，工资不发
幼儿园旁边有人打孩子
学校旁边小卖部老板骂学生
学校门口有人收学生保护费
派出所旁边那家赌场收钱
派出所对面的麻将馆老板打人
卫生院门口医托收钱
卫生院旁边的药店把药拿错了
城管队员帮我妈把摊子推回来
城管帮我把倒了的摊子扶起来
民警扶我妈起来送去卫生院
校长带着学生打扫卫生
校长把营养餐的钱都公示了
校长表扬我儿子
校长的车被人砸了
班主任送我孩子回家，路上被人打了
村支书家的狗咬人
村主任家着火了
村主任家的牛丢了
村支书的老婆摔伤了，找不到车
支书的儿子溺水了，快来人
校长的母亲走失了
所长，求你们快来，有人打人
李所长您好，楼下有人打架
院长您好，我爸心口疼
王书记，我家门口路灯坏了
书记，村里有人打牌赌钱
派出所民警来调解，对方扇了我一巴掌
民警出警时被人打了一巴掌
民警出警时被对方推倒
辅警被醉汉扇了耳光
城管执法时被摊贩推倒受伤
城管队员被商贩打断了腿
医生被病人家属打了，在卫生院
护士被家属扇了耳光，卫生院
卫生院护士被打
村干部被打了
村支书被人骂了一顿
网格员上门被狗咬了
老师被家长扇了耳光
向村支书反映邻居打人
跟校长反映食堂承包人克扣餐费
已经告诉派出所对方收钱了
给城管打电话，说烧烤摊老板骂人
找了村干部，说是亲戚之间的事
找派出所的人问过，说打人的跑了
村里的低保户老人没人照顾
低保还没发，问村委会说在审核
社区书记来家里慰问送了红包
村支书给贫困户发补助款
村主任把补偿款发到各家了
民政所把低保金打到我卡上了
学校把餐费退给家长了
学校收餐费多少钱
班主任说明天交班费
我亲戚在派出所对面开店被人砸了
我的亲戚是村民，被邻居打了
两家是亲戚，村干部调解过
小舅子打我，派出所来过
我小舅子喝酒闹事，请派出所来人
姐夫和小舅子打架，村主任去劝了
我老婆的小舅子欠钱不还
打人的是我亲戚，请民警来
派出所要我带亲戚来做笔录
派出所抓了收好处费的人
公安局抓了一个贪污的
民警把打错人的带走了
市监所查了卖过期奶粉的超市
市监所来查超市，老板的老婆骂人
市监所查了学校食堂，老板是小舅子承包的
司机扇了我一巴掌，交警来了
邻居推了我妈一把，骨折了，派出所立案了
摊贩推了城管一把
小偷把我家门砸了，派出所来看了
我家门被人砸了，村治保主任来看过
有人砸我家门，治保主任快来
孩子在学校被同学打断了手，班主任送去医院
孩子在学校被高年级扇耳光
学校食堂饭菜馊了
卫生院什么时候打疫苗
护士给我打针很轻，卫生院真好
卫生院没有这个药
医生让我去县里开刀
派出所有人值班吗
派出所里有人在等，快点来
便民中心有人吗，我要办证
所里有人说可以办
学校里有人打架
村委会有人吵架打人
综治中心的值班人员很好，帮我写了材料
材料放在综治中心了
我把材料交给综治中心，什么时候有答复
镇政府门口有人扔垃圾
村口有人把垃圾扔在村委会旁边
供电所来修电，邻居骂人不让进
供电所电工触电了，快来
环卫工被车撞伤
环卫工人打扫得好，辛苦了
交警帮忙推车，谢谢
消防员砸了门把我奶奶救出来
消防员把门踹开救了人
民警砸开我家门救了我爸
民警踹开门把孩子抱出来
派出所把骗我的钱追回来了
村支书把我家的路修好了
村委会把地分给了大家
村主任给我弟弟介绍了工作
村干部的亲戚家房子漏雨
村干部把自己家的粮食分给困难户
派出所通知我亲戚去领人
隔壁校长家装修太吵
我是村会计，村里水管爆了
我是网格员，巡查发现有人打人
我是小学老师，学生打架受伤
本人是卫生院护士，家属打人
网格员上报：张某打骂老人
网格员巡查发现李某殴打妻子
社区主任反映业主砸门
村支书报告，村民王某扇了李某一巴掌
治保主任报：两户打架，一人骨折
校长报警，家长冲进来打老师
派出所转来：夫妻打架
请派出所查查谁收了钱
希望村委会管管承包鱼塘的，水都臭了
鱼塘承包给外人了，问村委会租金多少
村委会招标把鱼塘承包给了外地老板
学校食堂承包给外面公司了，饭菜凉
村干部说低保要重新评
医生，我妈吃错药了，卫生院有人吗
我吃错药了，卫生院电话多少
孩子打错疫苗会怎样，卫生院能问吗
老板拿了我三千块不还，派出所不立案
派出所不管
城管不来
"""


def lines(text: str) -> list[str]:
    return text.strip().splitlines()


def accused(text: str, policy: Policy, category: str | None = None) -> list[str]:
    found = accused_units(text, category, FIELD, policy)
    return [policy.units[one.unit].name for one in found if not one.superior]


def with_accused(bundle: PolicyBundle, **changes: object) -> Policy:
    rows = bundle.attributes.accused.model_copy(update=changes)
    attributes = bundle.attributes.model_copy(update={"accused": rows})
    return compile_policy(bundle.model_copy(update={"attributes": attributes}), 1)


@pytest.mark.parametrize("line", lines(ACCUSING))
def test_whose_people_did_it_stands_accused(policy: Policy, line: str) -> None:
    unit, text = line.split(" ", 1)
    assert accused(text, policy) == [UNITS[unit]]


@pytest.mark.parametrize("text", lines(NOT_ACCUSING))
def test_who_helped_or_suffered_or_works_elsewhere_does_not(policy: Policy, text: str) -> None:
    assert accused(text, policy) == []


def test_a_head_is_the_one_of_the_office_that_the_text_names_and_of_no_other(policy: Policy) -> None:
    assert accused("所长收了砂场的钱", policy) == []
    assert accused("所长收了砂场的钱，派出所没人管", policy) == [UNITS["警"]]
    assert accused("所长收了砂场的钱，市监所没人管", policy) == [UNITS["市"]]
    assert accused("所长收了砂场的钱，派出所和市监所都没人管", policy) == []


def test_what_names_an_office_beside_its_people_accuses_it_of_nothing(policy: Policy) -> None:
    assert accused("小学门口的路灯不亮", policy, "9903") == []
    assert accused("老师辱骂学生，在镇上的小学", policy) == [UNITS["校"]]


def test_to_be_addressed_is_no_accusation_in_a_complaint_about_conduct(policy: Policy) -> None:
    assert accused("书记，我们村的路三年没修", policy, "9903") == []
    assert accused("书记贪了修路的公款，我们村都知道", policy, "9903") == [UNITS["村"]]


def test_whoever_is_called_so_elsewhere_is_not_the_offices(policy: Policy) -> None:
    assert accused("诊所的王医生收红包，后来送到卫生院", policy) == []
    assert accused("村里来了个老师傅骂人，小学放学", policy) == []


def test_a_version_from_before_hears_none_of_it(bundle: PolicyBundle) -> None:
    fields = ("staff", "elsewhere", "relatives", "around", "charged", "strangers", "undergone", "told_after")
    before = with_accused(bundle, **{name: getattr(AccusedRows(), name) for name in fields})
    assert accused("所长收了砂场的钱，派出所没人管", before) == []
    assert accused("食堂老板是校长的亲弟弟", before) == []
    assert accused("开赌场的跟派出所关系硬", before) == []
    assert accused("举报派出所副所长，长期不上班", before) == []
    assert accused("村委会有人打人", before) == [UNITS["村"]]
    assert accused("环卫工被车撞伤", before) == [UNITS["环"]]


def test_whose_staff_it_is_must_be_a_kind_of_unit(bundle: PolicyBundle) -> None:
    rows = bundle.attributes.accused.model_copy(update={"staff": {"没有的": StaffRows(people=["科长"])}})
    odd = bundle.attributes.model_copy(update={"accused": rows})
    assert any("没有的" in line for line in problems(bundle.model_copy(update={"attributes": odd})))
