"""What accuses a unit by words around its name, where no deed follows it: 食堂老板是校长的小舅子, 跟派出所关系硬.

Who works in a unit (所长, 医生) is called so in many others: 养老院护士. Pure; the words are policy.
"""

import re

from gridward.policy.normalise import normalise
from gridward.policy.schema import AccusedRows
from gridward.policy.spelling import any_of

_OF = (
    "(?:[他她其](?:们)?|自己|亲|家|里|那边|的)*"  # between a name and whose it is: 支书他小舅子, 校长的亲弟弟
)
_NEAR = 4  # characters between where else somebody works and what he is called: 诊所的王医生


class AroundNames:
    """The compiled words of one policy version. A version from before has none: nothing is found."""

    def __init__(self, rows: AccusedRows) -> None:
        relatives = rows.relatives
        self._reach, self._within = rows.reach, relatives.before_within
        self._relative = re.compile(f"{_OF}({any_of(relatives.words).pattern})")
        self._favours, self._doing = any_of(relatives.before), any_of(relatives.doing)
        self._around = [
            (
                re.compile(f"({any_of(row.before).pattern})$"),
                re.compile(f"{_OF}({any_of(row.after).pattern})"),
            )
            for row in rows.around
        ]
        self._charged = tuple(map(normalise, rows.charged))
        people = [one for staff in rows.staff.values() for one in staff.people]
        self._person = re.compile(f"的?[^,]{{0,2}}?(?:{any_of(people).pattern})")
        self._elsewhere = any_of(rows.elsewhere)

    def deed(self, before: str, name: str, after: str) -> str | None:
        """What is said around the name within its clause: `before` and `after` are the clause's rest."""
        for left, right in self._around:
            if (said := left.search(before)) and (then := right.match(after)):
                return f"{said[1]}...{then[1]}"
        return self._by_a_relative(before, after) or self._charge(before, name, after)

    def _by_a_relative(self, before: str, after: str) -> str | None:
        relative = self._relative.match(after)
        if relative is None:
            return None
        if favour := self._favours.search(before[max(0, len(before) - self._within) :]):
            return f"{favour[0]}...{relative[1]}"
        done = self._doing.search(after, relative.end(), relative.end() + self._reach)
        return f"{relative[1]}...{done[0]}" if done else None

    def _charge(self, before: str, name: str, after: str) -> str | None:
        """Who denounces a person of the unit: 举报村支书. Who says 举报派出所 may tell it of others."""
        charge = next((word for word in self._charged if before.endswith(word)), None)
        return f"被{charge}" if charge and self._person.match(name[-3:] + after) else None

    def works_elsewhere(self, sentence: str, start: int, end: int) -> bool:
        """Whether who is called so from `start` to `end` works somewhere else: 养老院的护士, 老师傅."""
        clause = sentence.rfind(",", 0, start) + 1
        found = self._elsewhere.finditer(sentence, clause, end + 1)  # 老师 is none in 老师傅
        return any(one.end() >= start - _NEAR for one in found)
