"""What a text's people, weapons and threats make of a matter: graver, and under shorter limits, never longer ones.

Pure; the moment of the report is an argument, because some raises hold only for a time of year.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from gridward.domain.limits import Limit, after
from gridward.domain.rules import CHINA
from gridward.policy.attributes import Attributes
from gridward.policy.schema import RaiseRow

if TYPE_CHECKING:
    from gridward.policy.classify import Danger
    from gridward.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """How grave a matter is and under which limits. `why`: what raised it, in Chinese, one line for each rule."""

    severity: int
    limit_class: str
    finish_limit: Limit | None
    why: tuple[str, ...] = ()


class Weighed(Protocol):
    """Whatever has a severity and a class of limits: a report, an incident."""

    @property
    def severity(self) -> int: ...
    @property
    def limit_class(self) -> str: ...


def is_graver(one: Weighed, other: Weighed, urgent_class: str) -> bool:
    """By its severity, or because it alone is urgent."""
    alone_urgent = one.limit_class == urgent_class and other.limit_class != urgent_class
    return one.severity < other.severity or (alone_urgent and one.severity == other.severity)


def raised(
    start: Standing,
    category: str | None,
    read: Attributes,
    moment: datetime,
    policy: "Policy",
    danger: "Danger | None" = None,
) -> Standing:
    """`start` after every rule of the policy that fits; unchanged when none makes it graver or faster."""
    for rule, line in holding(category, read, moment, policy, danger):
        start = lifted(start, rule.severity, rule.limit_class, line, moment, policy)
    return start


def holding(
    category: str | None,
    read: Attributes,
    moment: datetime,
    policy: "Policy",
    danger: "Danger | None" = None,
) -> Iterator[tuple[RaiseRow, str]]:
    """The rules that fit, in the file's order, each with the line that gives the words of the text it rests on."""
    for rule in policy.attributes.rows.raises:
        reasons = tuple(_reasons(rule, read, danger))
        if reasons and _holds(rule, category, moment):
            yield rule, f"规则“{rule.name}”：正文有{'、'.join(reasons)}"


def _holds(rule: RaiseRow, category: str | None, moment: datetime) -> bool:
    day = moment.astimezone(CHINA).date()
    return (
        (rule.first is None or rule.first <= day)
        and (rule.last is None or day <= rule.last)
        and (not rule.categories or (category or "").startswith(tuple(rule.categories)))
    )


def _reasons(rule: RaiseRow, read: Attributes, danger: "Danger | None") -> Iterator[str]:
    beside = [f"“{word}”" for flag in rule.beside for word in read.flags.get(flag, ())]
    if rule.beside and not beside:
        return
    alone = tuple(_alone(rule, read, danger))
    if alone:
        yield from dict.fromkeys((*alone, *beside))


def _alone(rule: RaiseRow, read: Attributes, danger: "Danger | None") -> Iterator[str]:
    if rule.danger is not None and danger is not None and danger.severity <= rule.danger:
        yield f"“{danger.words}”"
    if rule.people is not None and read.people is not None and read.people.most >= rule.people:
        yield f"“{read.people.words}”"
    for flag in rule.flags:
        yield from (f"“{word}”" for word in read.flags.get(flag, ()))


def lifted(
    old: Standing, severity: int, limit_class: str, reason: str, moment: datetime, policy: "Policy"
) -> Standing:
    """At least so grave, and under that class where its limit is the shorter one; `reason` begins the line that
    says so. The same object when nothing changes. A class of `old` that this policy no longer has is kept: how long its
    limit was, only the version it came from could say.
    """
    classes = policy.rules.classes
    known = classes.get(old.limit_class)
    finish = old.finish_limit or (known.finish if known else None)
    is_other = limit_class != old.limit_class
    is_faster = (
        is_other and finish is not None and after(moment, classes[limit_class].finish) < after(moment, finish)
    )
    severity = min(old.severity, severity)
    if not is_faster and severity == old.severity:
        return old
    line = reason
    if severity < old.severity:
        line += f"，严重程度 {old.severity} 升为 {severity}"
    if not is_faster:
        return Standing(severity, old.limit_class, old.finish_limit, (*old.why, line))
    line += f"，时限类别 {old.limit_class} 升为 {limit_class}"
    return Standing(severity, limit_class, None, (*old.why, line))
