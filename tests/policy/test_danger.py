"""People in danger: what must never be missed, and what only sounds like it."""

import pytest

from gridward.policy.classify import classify
from gridward.policy.danger import must_never_miss
from gridward.policy.policy import Policy

CRIES = [
    "隔壁没声音了，是不是自杀了",
    "河边只有鞋，是不是掉到河里了",
    "去年就漏煤气，今天味道更大",
    "前年他就犯过病拿刀砍人，现在又犯病拿刀砍人",
    "有人滑到鱼塘里了",
    "娃掉进村口的水渠里了",
    "老太太跌下自家水井里",
    "塘里有个人在扑腾",
    "宿舍里冒黑烟，学生在往外跑",
    "电动车在楼道充电冒火了",
    "他抡起铁锹追着人打",
    "拎了把柴刀到处找人",
    "说要把村委会点了，手里提着汽油",
    "再不解决就砍死你们",
    "讨薪的爬到塔机上了",
    "奶奶摔了一跤动不了",
    "停电了，老人的制氧机不工作",
    "孙女找不到人了",
    "演习变成真的了，车间起火",
    "不是演的，烧起来了",
    "我爸喝多了动手打我妈",
    "继父把我锁在屋里不让我出门",
    "独居老人五天没露面",
    "有人要跳楼，站在六楼楼顶",
    "他说要自杀",
    "有人持刀在村口",
    "夜市有人捅人了",
    "三组老屋着火",
    "仓库起火了",
    "食堂后面煤气泄漏",
    "水库有个娃溺水",
    "老人落水",
    "作坊爆炸",
    "路边有人昏迷",
    "有人绑架小孩",
    "求助寻找失踪儿童",
    "老人说活着没意思，要喝农药",
    "老人说活着没意思 要喝农药",
    "着火了没有人来救",
    "我怕他跳楼，快来人",
    "消防演练的时候真的着火了，救命",
    "去年就想不开，今天又爬上楼顶要跳楼",
    "昨天的火扑灭了，今晚又着火了",
    "没有人受伤，或者说伤得不重，仓库起火了",
    "没有着火和平时一样，突然就爆炸了",
    "楼上有人喊叫，不知道是不是着火了",
    "不是演习，真的爆炸了",
    "演练刚结束仓库就起火",
    "快叫消防着火了",
    "山火已经控制不住",
    "厂房着火有爆炸风险，火很大",
    "孩子不见了，只找到了一只鞋",
    "妈妈吃了一整瓶药，怎么叫都不应",
    "工地塔吊倒了，下面压着人",
    "学校门口有个男的见小孩就砍",
    "老人倒在路边，嘴里吐白沫",
    "有人被电线电到了，不动了",
    "有个女的站在桥栏杆上要跳",
    "邻居家冒黑烟，有小孩哭",
    "有个小孩被陌生人带走了",
    "河堤裂了，村里水已经到腰",
    "我被老公打，躲在厕所",
    "幼儿园好几个孩子肚子疼呕吐",
    "电视里说要防火，结果我家厨房真着火了",
    "燃气泄漏报警器响了，屋里味道很大",
    "如果不给钱我就杀了他",
    "再不解决我就从楼上跳下去",
    "谁敢拆我的房我就点火",
    "再来一次我一把火把你们村委会烧了",
    "他说谁报警就把谁全家杀了",
    "谁敢动我的地我就跟他拼命",
    "今天不发工资我就从塔吊上跳下来",
    "他把门锁了在屋里烧炭",
    "两个村的人在河滩械斗",
    "火灭了又着了",
    "误报？不是误报，真着火了",
    "没有\n着火了",
    "昨天消防演练\n今天仓库起火",
    "火已扑灭\n西头又有人被困",
    "楼上着火了派消防车来免得烧到邻居",
    "有人持刀砍人请马上派警察来免得死人",
    "煤气泄漏请派人来以免爆炸",
    "孩子落水了派人来捞免得淹死",
    "家里着火了，物业说看错了不管",
    "煤气泄漏，物业说处理完了，味道更大了",
    "有人跳河了，派出所说没事了不来",
]

HARMLESS = [
    "去年厨房着火，墙还是黑的",
    "昨天厨房着火，想问问赔偿",
    "没发现有人要跳楼，是修太阳能的",
    "我没有要自杀，想问低保",
    "不是自杀，只是心情不好",
    "巡查未发现煤气泄漏",
    "昨天烧荒的火早灭了",
    "油锅着火，盖灭了",
    "两家动了刀，现在讲和了",
    "手机掉河里了，想捞一下",
    "钥匙掉进井里了",
    "扛着锄头下地去了",
    "没有人受伤",
    "今天下午消防演练，模拟起火疏散",
    "预防火灾宣传进社区",
    "开展防溺水知识讲座",
    "昨天柴垛着火，已经扑灭了",
    "没着火，只是冒白气",
    "着火是误报",
    "刚才报的着火是看错了，是炊烟",
    "煤气味没了，阀门关好了",
    "刚才说冒烟的那家没事了",
    "没有人受伤\n谢谢大家",
    "没有发生爆炸",
    "没有发现有人受伤或者起火",
    "没有着火或爆炸，也没有人受伤",
    "未发现起火以及爆炸或者有人被困",
    "草垛的火被扑灭了",
    "着火的柴房火已经被扑灭",
    "楼道堆放杂物，火灾隐患大",
    "路灯不亮",
    "垃圾没人清理",
    "小区开展消防演练，模拟厨房起火，居民有序疏散",
    "两车剐蹭，没有人受伤，双方要求调解",
    "垃圾桶起火，已经处理好了",
    "社区开展预防火灾宣传，发传单200份",
    "电视里着火的镜头吓到孩子",
    "谣传有人跳楼，经核实不属实",
    "咨询溺水保险怎么理赔",
    "老人走失手环怎么申领",
    "申请安装燃气泄漏报警器",
    "水管爆管，已经修好了",
    "防汛演练，转移老人20人",
    "消防通道被堵，万一着火很危险",
]

HIDDEN = [
    "着 火 了",
    "着　火了",
    "着\u200b火了",
    "着\u2060火\ufe0f了",
    "着\n火了",
    "有人跳\u00ad楼",
    "他ｗａｎｔ自\u200d杀",
]


@pytest.mark.parametrize("text", CRIES)
def test_a_cry_is_heard(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_danger_is_not_urgent(policy: Policy, text: str) -> None:
    assert not must_never_miss(text, policy)


VOWED = [
    "敢动我家的地我就砍了他",
    "谁敢动我儿子我就要了他的命",
    "他说万一判他输就放火烧了对方家",
    "如果不退款我就点煤气",
    "再不还钱我就卸他一条腿",
    "他威胁说谁报警就杀我",
    "逼我走绝路我就拉几个垫背的",
    "她上了安全教育课还说不分手就割腕",
]

ONLY_ANNOUNCED = [
    "再不解决我就去市里上访",
    "谁敢乱停车我就举报",
    "如果不给退款我就起诉他",
    "那家店一见生客就杀价",
    "开学了就打死也不愿去学校",
    "杀猪的天没亮就杀了两头猪",
]


@pytest.mark.parametrize("text", VOWED)
def test_what_somebody_vows_to_do_no_condition_and_no_lesson_excuses(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)
    assert classify([text], policy)[0].severity == 1


@pytest.mark.parametrize("text", ONLY_ANNOUNCED)
def test_what_is_announced_without_violence_is_no_danger(policy: Policy, text: str) -> None:
    assert not must_never_miss(text, policy)


@pytest.mark.parametrize(
    "text",
    [
        "如果家里着火了应该怎么逃生",
        "要是有人落水了该怎么救",
        "如果煤气泄漏应该打哪个电话",
        "假如电梯困人应当怎么自救",
        "要是遇到有人持刀该怎么做",
    ],
)
def test_a_danger_that_is_only_supposed_in_a_question_is_none(policy: Policy, text: str) -> None:
    assert not must_never_miss(text, policy)
    assert not classify([text], policy)[0].urgent


@pytest.mark.parametrize(
    "text",
    [
        "如果他拿刀砍我怎么办",
        "要是不给钱就跳楼怎么办",
        "我家着火了怎么办",
        "老公拿着刀，要是砍过来怎么办",
        "如果消防车进不来怎么办，我家已经冒浓烟了",
        "要是着火了",
    ],
)
def test_a_question_about_a_danger_that_somebody_is_in_is_a_cry(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)


@pytest.mark.parametrize(
    "text",
    [
        "着火了。已经扑灭了，不用派人",
        "垃圾桶着火\n已扑灭",
        "着火了\n现在火已经扑灭了，人都没事",
        "孩子不见了。后来找到了",
        "煤气泄漏！已修好",
        "落水了，已经救上岸",
        "老人走失了，后来自己回家了",
        "火灾警报是误触发，没有火情",
    ],
)
def test_a_danger_whose_end_the_next_sentence_begins_with_is_over(policy: Policy, text: str) -> None:
    assert not must_never_miss(text, policy)
    assert not classify([text], policy)[0].urgent


@pytest.mark.parametrize(
    "text",
    [
        "三组着火了。五组的火扑灭了",
        "着火了。已经扑灭了。又有人被困",
        "着火了。消防还没来",
        "有人持刀。孩子找到了",
        "有人昏迷。火灭了",
        "孩子不见了\n火已经扑灭了",
        "活着没意思，谢谢，不用来了",
        "老人找到了，掉在井里",
    ],
)
def test_an_end_of_something_else_ends_no_danger(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)


@pytest.mark.parametrize(
    "text",
    [
        "锁屋里烧炭",
        "她把门反锁在房间里烧炭",
        "他关着门烧炭，叫不开",
        "女儿在出租屋烧炭，发了条先走了",
        "写了遗书把自己反锁在房间",
        "站在大桥栏杆外面哭",
        "站在窗台上不下来",
        "骑在阳台栏杆上",
        "男的爬到楼顶护栏外边",
        "站在铁轨上等火车",
        "喝了除草剂",
        "吞了老鼠药",
        "用刀割手腕",
        "老人把药全吃了",
        "他说要卧轨",
    ],
)
def test_whoever_takes_their_life_by_any_way_is_found_as_that(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)
    (found,) = classify([text], policy)
    assert (found.code, found.severity, found.urgent) == ("0704", 1, True)


@pytest.mark.parametrize(
    "text",
    [
        "老人在屋里烧炭取暖",
        "冬天关门烧炭取暖",
        "烧炭烤肉油烟大",
        "桥栏杆坏了",
        "楼顶护栏外墙皮掉了",
        "咨询农药补贴",
    ],
)
def test_charcoal_railings_and_pesticide_alone_are_ordinary(policy: Policy, text: str) -> None:
    assert not must_never_miss(text, policy)
    assert classify([text], policy)[0].code != "0704"


@pytest.mark.parametrize("text", HIDDEN)
def test_nothing_hides_between_the_characters(policy: Policy, text: str) -> None:
    assert must_never_miss(text, policy)


@pytest.mark.parametrize(
    "word", ["自杀", "跳楼", "持刀", "起火", "着火", "溺水", "爆炸", "昏迷", "绑架", "煤气泄漏"]
)
def test_a_word_alone_is_enough(policy: Policy, word: str) -> None:
    assert must_never_miss(word, policy)


def test_an_empty_text_is_not_urgent(policy: Policy) -> None:
    assert not must_never_miss("", policy)
