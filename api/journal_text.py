"""Each line of the journal (流转记录) as one Chinese sentence: what happened, to whom, and what for."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.names import Names
from api.terms import limit_in_words, term
from gridward.domain.limits import Limit
from gridward.domain.rules import CHINA

Fields = Mapping[str, Any]
Sentence = Callable[[Fields, Names], str]

# What people typed. Of a sensitive matter it is read in its detail only, not in lists or on the stream.
TYPED = ("text", "result", "reason", "note", "address", "new")


def sentence(type_: str, fields: Fields, names: Names) -> str:
    """`fields` are the event's own and what deciding it added. A kind without a sentence gets its name."""
    make = _SENTENCES.get(type_)
    return make(fields, names) if make else term("journal", type_)


def _with(text: str, fields: Fields, *keys: str) -> str:
    typed = next((fields[key] for key in keys if fields.get(key)), "")
    return f"{text}：{typed}" if typed else text


def _unit(fields: Fields, names: Names, key: str = "unit") -> str:
    return names.unit(fields.get(key)) or fields.get(key) or "未定单位"


def _reported(fields: Fields, names: Names) -> str:
    category = names.category(fields.get("category")) or "类别未定"
    grid = names.grid(fields.get("grid")) or fields.get("grid") or "网格未定"
    return f"收到上报：{category}，{grid}"


def _queued(fields: Fields, names: Names) -> str:
    doubts = "、".join(term("doubts", doubt) for doubt in fields.get("doubts") or ())
    return f"转派单席人工处理：{doubts}" if doubts else "转派单席人工处理"


def _dispatched(fields: Fields, names: Names) -> str:
    joint = "、".join(names.unit(unit) or unit for unit in fields.get("joint") or ())
    text = f"派给{_unit(fields, names)}" + (f"，会办{joint}" if joint else "")
    text += "（指定办理，不得退单）" if fields.get("designated") else ""
    return _with(text + _other_rules(fields), fields, "note")


def _other_rules(fields: Fields) -> str:
    """That a category from a later policy brought its rules along, and how the finish limit moved by it."""
    if not fields.get("to_rules"):
        return ""
    text = f"，改按策略第 {fields['to_rules']} 版计时（原第 {fields.get('from_rules')} 版）"
    former, limit = fields.get("finish_from"), fields.get("finish_to")
    return text + (f"，办结时限由 {_local(former)} 改为 {_local(limit)}" if former and limit else "")


def _returned(fields: Fields, names: Names) -> str:
    text = _with("退单", fields, "reason")
    suggested = fields.get("suggested_unit")
    return f"{text}。建议改派{names.unit(suggested) or suggested}" if suggested else text


def _deadline_passed(fields: Fields, names: Names) -> str:
    kind = term("deadlines", fields.get("kind"))
    light, told = fields.get("light"), term("levels", fields.get("told"))
    state = f"亮{term('lights', light)}" if light else "提醒"
    return f"{kind}时限{state}，已告知{told}" if told else f"{kind}时限{state}"


def _resolved(fields: Fields, names: Names) -> str:
    outcome = fields.get("outcome")
    text = f"办结（{term('outcomes', outcome)}）" if outcome else "办结"
    return _with(text, fields, "result")


def _handed_over(fields: Fields, names: Names) -> str:
    return f"已转 {fields.get('line')}，接听人{fields.get('answered_by')}"


def _extension_granted(fields: Fields, names: Names) -> str:
    """With what was really given: an outer limit may have left less than was asked for."""
    by = fields.get("extended_by")
    return _with(f"同意延期 {_rounded(by)}" if by else "同意延期", fields, "reason")


def _rounded(limit: str) -> str:
    """`1.66667 CD` -> `1.7 天`."""
    exact = Limit.parse(limit)
    return limit_in_words(replace(exact, amount=round(exact.amount, 1)))


def _suspension_granted(fields: Fields, names: Names) -> str:
    lapsed = "，未答复的延期申请作废（恢复办理后可再申请）" if fields.get("extension_lapsed") else ""
    return _with(f"同意挂账至 {_until(fields)}{lapsed}", fields, "reason")


def _report_conflicted(fields: Fields, names: Names) -> str:
    """With all that came the second time; on entries from before it was kept, the bare fact."""
    lon, lat, source, at = (fields.get(key) for key in ("lon", "lat", "source", "occurred_at"))
    parts = (
        f"来源 {term('sources', source)}" if source else "",
        f"发生于 {_local(at)}" if at else "",
        f"地址 {fields['address']}" if fields.get("address") else "",
        f"位置 {lon:.6f}, {lat:.6f}" if lon is not None and lat is not None else "",
    )
    told = "，".join(part for part in parts if part)
    return _with("同一编号再次上报，内容不一致" + (f"（{told}）" if told else ""), fields, "text")


def _level_told(fields: Fields, names: Names) -> str:
    return _with(f"提级告知（{term('areas', fields.get('level'))}）{_unit(fields, names)}", fields, "reason")


def _local(moment: datetime | str) -> str:
    """Minutes in China's time; a moment that went through JSON is text."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _until(fields: Fields) -> str:
    return str(fields.get("until") or "")[:10]


def _child_joined(fields: Fields, names: Names) -> str:
    if not fields.get("same_caller"):
        return "另一事件并入本事件"
    return f"同一反映人再次反映，已并入本事件，{_new_facts(fields)}"


def _child_left(fields: Fields, names: Names) -> str:
    text = "并入的事件已分出"
    if not fields.get("raised"):
        return text
    return f"{text}；因它升高的严重程度与缩短的时限不自动恢复，如不属实请派单席改派时更正"


def _linked(fields: Fields, names: Names) -> str:
    why = "办结后再次发生" if fields.get("returning") else f"第 {fields.get('nth')} 次反映"
    return f"认定为重复事项（{why}），关联此前 {len(fields.get('earlier') or ())} 件" + _told(fields)


def _linked_by(fields: Fields, names: Names) -> str:
    count = f"（第 {fields.get('nth')} 次）" if fields.get("nth") else ""
    text = f"{'办结后' if fields.get('returning') else ''}再次被反映{count}，另立一件"
    return f"{text}；同一反映人，{_new_facts(fields)}" if fields.get("same_caller") else text


def _raised(fields: Fields, names: Names) -> str:
    is_graver = fields.get("cause") == "graver"
    reason = "后来的上报更严重" if is_graver else f"重复事项，第 {fields.get('nth')} 次反映"
    steps = [
        f"{name} {old} 升为 {new}"
        for name, old, new in (
            ("严重程度", fields.get("from_severity"), fields.get("to_severity")),
            ("时限类别", fields.get("from_class"), fields.get("to_class")),
        )
        if old != new
    ]
    return f"升级（{reason}）：{'，'.join(steps)}" + _told(fields)


def _told(fields: Fields) -> str:
    return f"，已告知{term('levels', fields['told'])}" if fields.get("told") else ""


def _new_facts(fields: Fields) -> str:
    """What the same person added; names, numbers and words of danger, as they stand in the text."""
    new = "、".join(f"“{fact}”" for fact in fields.get("new") or ())
    return f"补充：{new}" if new else "没有新情况"


_SENTENCES: dict[str, Sentence] = {
    "reported": _reported,
    "queued": _queued,
    "dispatched": _dispatched,
    "accepted": lambda f, n: "签收",
    "returned": _returned,
    "joint_added": lambda f, n: f"请{_unit(f, n)}会办",
    "joint_accepted": lambda f, n: "会办单位签收",
    "joint_returned": lambda f, n: _with("会办单位退回", f, "reason"),
    "joint_resolved": lambda f, n: _with("会办单位办结", f, "result"),
    "progressed": lambda f, n: _with("阶段反馈", f, "text"),
    "extension_asked": lambda f, n: _with(f"申请延期 {f.get('days', 0):g} 天", f, "reason"),
    "extension_granted": _extension_granted,
    "extension_denied": lambda f, n: _with("不同意延期", f, "reason"),
    "suspension_asked": lambda f, n: _with(f"申请挂账至 {_until(f)}", f, "reason"),
    "suspension_granted": _suspension_granted,
    "suspension_denied": lambda f, n: _with("不同意挂账", f, "reason"),
    "resumed": lambda f, n: "恢复办理",
    "resolved": _resolved,
    "verification_passed": lambda f, n: _with("核查通过", f, "note"),
    "verification_failed": lambda f, n: _with("核查不通过，退回重办", f, "note"),
    "closed": lambda f, n: _with("结案", f, "note"),
    "reopened": lambda f, n: _with("重新办理", f, "reason"),
    "declined": lambda f, n: _with("不予受理", f, "reason"),
    "handed_over": _handed_over,
    "merged": lambda f, n: "并入另一事件",
    "child_joined": _child_joined,
    "separated": lambda f, n: _with("取消并案，重新派单", f, "reason"),
    "child_left": _child_left,
    "linked": _linked,
    "linked_by": _linked_by,
    "raised": _raised,
    "cancelled": lambda f, n: _with("撤销", f, "reason"),
    "report_conflicted": _report_conflicted,
    "level_told": _level_told,
    "deadline_passed": _deadline_passed,
}
