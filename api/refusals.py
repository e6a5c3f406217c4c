"""What the domain refuses, said in Chinese to the person who asked, with what to do instead."""

import re
from collections.abc import Sequence

from api.terms import limit_in_words, term
from gridward.domain.errors import Refused
from gridward.domain.limits import Limit

# English as the domain says it -> Chinese. Groups are taken over, limits in words.
_SAYINGS: tuple[tuple[str, str], ...] = (
    (r"this task was accepted already", "这项任务已经签收"),
    (r"class (\w) may not be returned.*", r"{0} 类事项不得退单：先处置，再说明归属"),
    (r"the desk has designated this unit.*", "派单席已指定由本单位办理，不能再退单"),
    (r"class (\w) may not be extended", r"{0} 类事项不能延期"),
    (r"an extension can be .* once", "延期只能有一次"),
    (r"the day that was asked for has passed already.*", "申请的日期已过：请不同意，由单位重新申请"),
    (r"policy (\d+) knows no limit class (\w+)", r"规则第 {0} 版没有时限类别 {1}"),
    (r"an extension must be asked for before.*", "时限已过，不能再申请延期：请尽快办结，并在阶段反馈中说明"),
    (r"an extension may be at most (\S+) days", "延期最多 {0} 天：请把天数改为不超过 {0} 天"),
    (r"others have set the limit, (.+): no ext.*", "上级或其他系统限定 {0} 前办结，不能再延期"),
    (
        r"others have set a limit: it may be extended until (.+) at most",
        "上级或其他系统限定了办结时间，最晚延到 {0}：请减少天数",
    ),
    (r"a suspension waits for.*", "挂账申请正等待派单席答复，请等答复后再申请"),
    (
        r"a suspension ends in the future, within (.+)",
        "挂账截止时间须在将来，从现在起最长 {0}：请改选这段时间以内的日期",
    ),
    (r"unit (\d+) holds an open task already", r"单位 {0} 已有未完成的任务"),
    (r"name the category.*", "请先确定类别：没有类别就没有时限"),
    (r"nothing of the kind waits at the desk.*", "没有等待派单席答复的这类申请"),
    (r"there is no lead task to act on", "没有可以操作的主办任务"),
    (r"no finish clock is running.*", "没有正在计时的办结时限，无从延期"),
    (r"there is no incident.*", "没有这件事件"),
    (r".*may not do this: it takes the originator.*", "经办人和经办单位不能核查自己办理的事件"),
    (r".*may not do this: it takes the dispatch desk", "这一步只有派单席或值班领导可以做"),
    (r".*may not do this: it takes the (lead|joint)", "这一步只有承办单位可以做"),
)


def in_chinese(reason: str) -> str:
    """The Chinese for a refusal. One without a translation is passed on after a Chinese beginning."""
    for pattern, chinese in _SAYINGS:
        found = re.fullmatch(pattern, reason, re.DOTALL)
        if found:
            return chinese.format(*map(_shown, found.groups()))
    return f"不符合规则，没有保存。请刷新后核对，再选择其他操作或修改内容（原因：{reason}）"


def not_now(status: str, asked: str, actions: Sequence[str]) -> str:
    """For an action that the status does not allow: what the status is, and what can be done instead.

    What was asked for may still be possible, for a joint unit's own task.
    """
    named = "、".join(
        term("actions", action) + ("（仅会办单位）" if action == asked else "") for action in actions
    )
    instead = f"现在可以：{named}" if named else "现在没有可做的操作"
    return f"事件现在是“{term('statuses', status)}”，不能这样做。{instead}"


def _shown(part: str) -> str:
    """`30 CD` -> `30 天`; anything but a limit as it is."""
    try:
        return limit_in_words(Limit.parse(part))
    except Refused:
        return part
