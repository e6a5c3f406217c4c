"""What the domain refuses, said in Chinese to the person who asked."""

import re

# English as the domain says it -> Chinese. Groups are taken over.
_SAYINGS: tuple[tuple[str, str], ...] = (
    (r"this task was accepted already", "这项任务已经签收"),
    (r"class (\w) may not be returned.*", r"{0} 类事项不得退单：先处置，再说明归属"),
    (r"the desk has designated this unit.*", "派单席已指定由本单位办理，不能再退单"),
    (r"class (\w) may not be extended", r"{0} 类事项不能延期"),
    (r"an extension can be .* once", "延期只能有一次"),
    (r"the day that was asked for has passed already.*", "申请的日期已过：请不同意，由单位重新申请"),
    (r"policy (\d+) knows no limit class (\w+)", r"规则第 {0} 版没有时限类别 {1}"),
    (r"an extension must be asked for before.*", "时限已过，不能再申请延期"),
    (r"an extension may be at most.*", "延期不能超过规定的天数"),
    (r"others have set the limit, (.+): no ext.*", "上级或其他系统限定 {0} 前办结，不能再延期"),
    (
        r"others have set a limit: it may be extended until (.+) at most",
        "上级或其他系统限定了办结时间，最晚延到 {0}：请减少天数",
    ),
    (r"a suspension waits for.*", "挂账申请正等待派单席答复"),
    (r"a suspension ends in the future.*", "挂账截止时间须在将来，且不超过规定的最长期限"),
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
    """The Chinese for a refusal; a new one without a translation is passed on as it is."""
    for pattern, chinese in _SAYINGS:
        found = re.fullmatch(pattern, reason, re.DOTALL)
        if found:
            return chinese.format(*found.groups())
    return f"不符合规则：{reason}"
