"""Each line of the journal (流转记录) as one sentence, in Chinese and in English: what happened, to whom, why."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from api.names import Names
from api.saying import Say
from api.terms import Language
from gridward.domain.limits import Limit
from gridward.domain.rules import CHINA

Fields = Mapping[str, Any]
Sentence = Callable[[Fields, Say], str]

# What people typed, and words of a report. Of a sensitive matter they are read in its detail only, by those who may.
TYPED = ("text", "result", "reason", "note", "address", "new", "words")


def sentence(type_: str, fields: Fields, names: Names, language: Language = "zh") -> str:
    """`fields` are the event's own and what deciding it added. A kind without a sentence gets its name."""
    say = Say(language, names)
    make = _SENTENCES.get(type_)
    return make(fields, say) if make else say.term("journal", type_)


def _plain(zh: str, en: str, typed: str = "") -> Sentence:
    """A sentence that is always the same, with what was typed in the field of that name."""
    return lambda fields, say: say.followed(say(zh, en), fields.get(typed))


def _reported(fields: Fields, say: Say) -> str:
    category = say.names.category(fields.get("category")) or say("类别未定", "no category yet")
    grid = say.names.grid(fields.get("grid")) or fields.get("grid") or say("网格未定", "no grid yet")
    return say.followed(say("收到上报", "Reported"), say.parts(category, grid))


def _queued(fields: Fields, say: Say) -> str:
    doubts = say.listed(say.term("doubts", doubt) for doubt in fields.get("doubts") or ())
    return say.followed(say("转派单席人工处理", "To the dispatch desk, for a person to decide"), doubts)


def _dispatched(fields: Fields, say: Say) -> str:
    unit, joint = say.unit(fields.get("unit")), say.listed(map(say.unit, fields.get("joint") or ()))
    text = say.parts(
        say(f"派给{unit}", f"Dispatched to {unit}"), joint and say(f"会办{joint}", f"jointly with {joint}")
    )
    if fields.get("designated"):
        text += say.aside(say("指定办理，不得退单", "designated, may not be returned"))
    return say.followed(text + _other_rules(fields, say), fields.get("note"))


def _other_rules(fields: Fields, say: Say) -> str:
    """That a category from a later policy brought its rules along, and how the finish limit moved by it."""
    to, former = fields.get("to_rules"), fields.get("from_rules")
    if not to:
        return ""
    text = say(
        f"，改按策略第 {to} 版计时（原第 {former} 版）",
        f", timed by version {to} of the policy from now (before: {former})",
    )
    if not (fields.get("finish_from") and fields.get("finish_to")):
        return text
    before, now = _local(fields["finish_from"]), _local(fields["finish_to"])
    return text + say(f"，办结时限由 {before} 改为 {now}", f", finish limit {now} instead of {before}")


def _returned(fields: Fields, say: Say) -> str:
    text = say.followed(say("退单", "Returned"), fields.get("reason"))
    if not fields.get("suggested_unit"):
        return text
    unit = say.unit(fields["suggested_unit"])
    return say(f"{text}。建议改派{unit}", f"{text}. Suggested instead: {unit}")


def _joint_added(fields: Fields, say: Say) -> str:
    unit = say.unit(fields.get("unit"))
    return say(f"请{unit}会办", f"{unit} asked to help")


def _deadline_passed(fields: Fields, say: Say) -> str:
    kind = say.term("deadlines", fields.get("kind"))
    light = say.term("lights", fields.get("light"))
    state = say(f"亮{light}", light.lower()) if light else say("提醒", "reminder")
    return say(f"{kind}时限{state}", f"{kind} limit: {state}") + _told(fields, say)


def _resolved(fields: Fields, say: Say) -> str:
    outcome = say.term("outcomes", fields.get("outcome"))
    return say.followed(say("办结", "Finished") + say.aside(outcome), fields.get("result"))


def _handed_over(fields: Fields, say: Say) -> str:
    line, who = fields.get("line"), fields.get("answered_by")
    return say(f"已转 {line}，接听人{who}", f"Handed over to {line}, answered by {who}")


def _extension_asked(fields: Fields, say: Say) -> str:
    days = f"{fields.get('days', 0):g}"
    return say.followed(say(f"申请延期 {days} 天", f"Extension of {days} d asked for"), fields.get("reason"))


def _extension_granted(fields: Fields, say: Say) -> str:
    """With what was really given: an outer limit may have left less than was asked for."""
    by = _rounded(fields["extended_by"], say) if fields.get("extended_by") else ""
    text = say(f"同意延期 {by}", f"Extension granted {by}").rstrip()
    return say.followed(text, fields.get("reason"))


def _rounded(limit: str, say: Say) -> str:
    """`1.66667 CD` -> `1.7 天`."""
    exact = Limit.parse(limit)
    return say.limit(replace(exact, amount=round(exact.amount, 1)))


def _suspension_asked(fields: Fields, say: Say) -> str:
    until = _until(fields)
    return say.followed(
        say(f"申请挂账至 {until}", f"Suspension until {until} asked for"), fields.get("reason")
    )


def _suspension_granted(fields: Fields, say: Say) -> str:
    until = _until(fields)
    lapsed = say(
        "未答复的延期申请作废（恢复办理后可再申请）",
        "the extension that waited for an answer lapses (it may be asked for again once work resumes)",
    )
    text = say.parts(
        say(f"同意挂账至 {until}", f"Suspended until {until}"),
        lapsed if fields.get("extension_lapsed") else "",
    )
    return say.followed(text, fields.get("reason"))


def _report_conflicted(fields: Fields, say: Say) -> str:
    """With all that came the second time; on entries from before it was kept, the bare fact."""
    lon, lat, at, address = (fields.get(key) for key in ("lon", "lat", "occurred_at", "address"))
    source = say.term("sources", fields.get("source"))
    told = say.parts(
        say(f"来源 {source}", f"from {source}") if source else "",
        say(f"发生于 {_local(at)}", f"occurred {_local(at)}") if at else "",
        say(f"地址 {address}", f"address {address}") if address else "",
        say(f"位置 {lon:.6f}, {lat:.6f}", f"position {lon:.6f}, {lat:.6f}")
        if lon is not None and lat is not None
        else "",
    )
    text = say("同一编号再次上报，内容不一致", "Reported again under the same number, with other content")
    return say.followed(text + say.aside(told), fields.get("text"))


def _level_told(fields: Fields, say: Say) -> str:
    level, unit = say.term("areas", fields.get("level")), say.unit(fields.get("unit"))
    text = say(f"提级告知（{level}）{unit}", f"Level above told ({level.lower()}), {unit}")
    return say.followed(text, fields.get("reason"))


def _local(moment: datetime | str) -> str:
    """Minutes in China's time; a moment that went through JSON is text."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _until(fields: Fields) -> str:
    return str(fields.get("until") or "")[:10]


def _child_joined(fields: Fields, say: Say) -> str:
    if not fields.get("same_caller"):
        return say("另一事件并入本事件", "Another incident was merged into this one")
    return say.parts(
        say("同一反映人再次反映", "The same person reported it again"),
        say("已并入本事件", "merged into this one"),
        _new_facts(fields, say),
    )


def _separated(fields: Fields, say: Say) -> str:
    undone = say("取消并案", "Merger undone")
    if fields.get("withdrawn"):
        undone = say(
            "所并入的事件已撤销，本件继续办理", "What it was merged into was withdrawn, this one goes on"
        )
    return say.followed(say.parts(undone, say("重新派单", "to be dispatched anew")), fields.get("reason"))


def _child_left(fields: Fields, say: Say) -> str:
    text = say("并入的事件已分出", "A merged incident is on its own again")
    if not fields.get("raised"):
        return text
    return text + say(
        "；因它升高的严重程度与缩短的时限不自动恢复，如不属实请派单席改派时更正",
        "; the severity and limits that it raised stay, and the desk corrects them by dispatching anew",
    )


def _linked(fields: Fields, say: Say) -> str:
    count, nth = len(fields.get("earlier") or ()), fields.get("nth")
    returning = say("办结后再次发生", "back after it was finished")
    why = returning if fields.get("returning") else say(f"第 {nth} 次反映", f"report no. {nth}")
    text = say(
        f"认定为重复事项（{why}），关联此前 {count} 件", f"A repeat matter ({why}), linked to {count} earlier"
    )
    return text + _told(fields, say)


def _linked_by(fields: Fields, say: Say) -> str:
    nth, returning = fields.get("nth"), fields.get("returning")
    count = say(f"（第 {nth} 次）", f" (report no. {nth})") if nth else ""
    again = say("再次被反映", "Reported again")
    if returning:
        again = say("办结后再次被反映", "Reported again after it was finished")
    text = say.parts(again + count, say("另立一件", "as an incident of its own"))
    if not fields.get("same_caller"):
        return text
    return text + say("；同一反映人，", "; by the same person, ") + _new_facts(fields, say)


def _raised(fields: Fields, say: Say) -> str:
    nth = fields.get("nth")
    reason = say(f"重复事项，第 {nth} 次反映", f"a repeat matter, report no. {nth}")
    if fields.get("cause") == "graver":
        reason = say("后来的上报更严重", "a later report is graver")
        if words := fields.get("words"):
            reason += say(f"：“{words}”", f": “{words}”")
    steps = (
        (say("严重程度", "severity"), fields.get("from_severity"), fields.get("to_severity")),
        (say("时限类别", "class of limits"), fields.get("from_class"), fields.get("to_class")),
    )
    changed = [
        say(f"{name} {old} 升为 {new}", f"{name} {old} to {new}") for name, old, new in steps if old != new
    ]
    # A category's own limit may be shorter than its class's: then nothing else changes.
    if fields.get("to_finish"):
        old, new = (say.limit(Limit.parse(fields[end])) for end in ("from_finish", "to_finish"))
        changed.append(say(f"办结时限由 {old} 缩短为 {new}", f"time to finish {old} to {new}"))
    # Entries from before that was kept say no more than that it was raised.
    text = say.followed(say(f"升级（{reason}）", f"Raised ({reason})"), say.parts(*changed))
    return text + _told(fields, say)


def _told(fields: Fields, say: Say) -> str:
    level = say.term("levels", fields.get("told"))
    return say(f"，已告知{level}", f", {level.lower()} told") if level else ""


def _new_facts(fields: Fields, say: Say) -> str:
    """What the same person added; names, numbers and words of danger, as they stand in the text."""
    new = say.listed(f"“{fact}”" for fact in fields.get("new") or ())
    return say(f"补充：{new}", f"adding {new}") if new else say("没有新情况", "with nothing new")


_SENTENCES: dict[str, Sentence] = {
    "reported": _reported,
    "queued": _queued,
    "dispatched": _dispatched,
    "accepted": _plain("签收", "Accepted"),
    "returned": _returned,
    "joint_added": _joint_added,
    "joint_accepted": _plain("会办单位签收", "Accepted by a joint unit"),
    "joint_returned": _plain("会办单位退回", "Returned by a joint unit", "reason"),
    "joint_resolved": _plain("会办单位办结", "Finished by a joint unit", "result"),
    "progressed": _plain("阶段反馈", "Stage report", "text"),
    "extension_asked": _extension_asked,
    "extension_granted": _extension_granted,
    "extension_denied": _plain("不同意延期", "Extension refused", "reason"),
    "suspension_asked": _suspension_asked,
    "suspension_granted": _suspension_granted,
    "suspension_denied": _plain("不同意挂账", "Suspension refused", "reason"),
    "resumed": _plain("恢复办理", "Work resumed"),
    "resolved": _resolved,
    "verification_passed": _plain("核查通过", "Verification passed", "note"),
    "verification_failed": _plain("核查不通过，退回重办", "Verification failed, to be done again", "note"),
    "closed": _plain("结案", "Closed", "note"),
    "reopened": _plain("重新办理", "Reopened", "reason"),
    "declined": _plain("不予受理", "Declined", "reason"),
    "handed_over": _handed_over,
    "merged": _plain("并入另一事件", "Merged into another incident"),
    "child_joined": _child_joined,
    "separated": _separated,
    "rejoined": _plain(
        "所并入的事件已撤销，改并入同一事项的另一事件",
        "What it was merged into was withdrawn, merged into another of the same matter",
    ),
    "child_left": _child_left,
    "linked": _linked,
    "linked_by": _linked_by,
    "raised": _raised,
    "cancelled": _plain("撤销", "Cancelled", "reason"),
    "report_conflicted": _report_conflicted,
    "level_told": _level_told,
    "deadline_passed": _deadline_passed,
}
