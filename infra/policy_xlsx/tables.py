"""Which part of a policy is on which sheet (工作表); whatever is in none of these is a setting by its path."""

import dataclasses
from dataclasses import dataclass

HELP = "说明"
SETTINGS = "其他设置"
PATH, VALUE = "路径", "值"
ITEM = ""  # the field of a table whose entries are a plain value each, not a row of fields


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `keys` are the columns of a dict's keys, outermost first; a list has none.

    `item` heads the value of an entry that is no row; `lists` says on which sheet's first column a field's values are.
    """

    sheet: str
    file: str
    field: str
    keys: tuple[str, ...] = ()
    item: str = ""
    lists: dict[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Nested:
    """A sheet for a list (`inner`) that each entry of another table or setting (`file`, `outer`) holds.

    Its first column, `key`, says whose row it is: a field of the entry (`by`), or with none the name of the setting.
    """

    sheet: str
    file: str
    outer: str
    inner: str
    key: str
    by: str | None = None


NESTED = (
    Nested("值班表", "units", "units", "roster", key="单位代码", by="code"),
    Nested("节假日", "responsibility", "windows", "dates", key="时段"),
)

TABLES = (
    Table("类别", "categories", "categories", lists={"limit_class": "时限"}),
    Table("大类", "categories", "groups", keys=("大类代码",), item="名称"),
    Table("时限", "limits", "classes", keys=("时限类",)),
    Table("单位类型", "responsibility", "kinds", keys=("类型",), lists={"backup": "单位类型"}),
    Table("责任", "responsibility", "rules", lists={"lead": "单位类型"}),
    Table("单位", "units", "units", lists={"parent": "单位", "backup": "单位"}),
    Table("必须识别", "words", "must_never_miss"),
    Table("地名", "gazetteer", "places"),
    Table("词表", "words", "categories", keys=("类别代码", "权重"), item="词语"),
)

HEADERS = {
    "code": "代码",
    "name": "名称",
    "severity": "级别",
    "limit_class": "时限类",
    "finish_limit": "办结时限",
    "sensitive": "敏感",
    "emergency_lines": "报警电话",
    "note": "备注",
    "placeless": "不需地点",
    "accept": "签收",
    "contact": "联系",
    "finish": "办结",
    "may_return": "可退单",
    "may_extend": "可延期",
    "above_unit_at_night": "夜间提级",
    "ladder": "提级方案",
    "level": "层级",
    "class": "单位类别号",
    "power": "法定权力",
    "backup": "后备",
    "category": "类别",
    "area": "区域",
    "special": "专属网格单位",
    "lead": "牵头",
    "joint": "协同",
    "kinds": "类型",
    "areas": "服务区域",
    "parent": "上级",
    "duty.name": "值班人",
    "duty.phone": "值班电话",
    "leader.name": "负责人",
    "leader.phone": "负责人电话",
    "words": "词语",
    "kind": "种类",
    "aliases": "别名",
    "within": "位于",
    "roads": "相交道路",
    "lon": "经度",
    "lat": "纬度",
    "grid": "网格",
    "precision_m": "精度（米）",
    "days": "星期",
    "hours": "时间",
    "person.name": "姓名",
    "person.phone": "电话",
    "first": "首日",
    "last": "末日",
}

INSTRUCTIONS = (
    "每张工作表是策略的一张表，一行一条；第一行是表头，可以换列的顺序，不要改表头文字。",
    "Each sheet is a table of the policy, a row for each entry; columns may be moved, not renamed.",
    "代码按文本填写（0501）；写成 501 也认得。多个值用顿号分开：派出所、司法所。是或否写“是”“否”。",
    "Codes are text (0501; 501 is understood). Several values are separated by 、. Yes is 是, no is 否.",
    "时限写法：10 分钟、4 工作小时、1 工作日、3 自然日、2 小时（昼夜）；写成 10 MIN、4 WH、1 WD、3 CD、2 EH 也认得。",
    "Limits: 10 MIN minutes, 4 WH working hours, 1 WD working days, 3 CD calendar days, 2 EH hours.",
    "值班表：星期写 1、2（1 是星期一），时间写 08:00-18:00，不写就是每天、全天。节假日：每年在这里填首日和末日。",
    "Rosters: days as 1、2 (1 is Monday), hours as 08:00-18:00; left out: every day, all day. Holidays: first, last.",
    "“其他设置”一行一个值，路径里 [1] 是第一条。空行不算。",
    "The last sheet holds a value a row; [1] in a path is the first entry. Empty rows do not count.",
    "改好后：./run policy check 文件.xlsx，再 ./run policy diff current 文件.xlsx，再 ./run policy apply 文件.xlsx",
)
