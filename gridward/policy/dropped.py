"""Whose deed it is where a clause does not say: Chinese drops the subject after a comma (主语省略).

"辅警把我拦下来，二话不说就动手打人": the auxiliary did it. "派出所民警来劝过，他还是动手打人": somebody else. A deed
counts as the unit's while nobody else has begun to act, and nothing says that the unit came to help: who came to part
two who fight is followed by their deeds as often as by its own. What only an office can do (包庇) is its own even then.

Pure. The words are policy; only the grammar is here.
"""

import re

from gridward.policy.normalise import normalise
from gridward.policy.schema import AccusedRows, NegationRows
from gridward.policy.spelling import any_of, found_in, said

_DONE = tuple("了着过住倒伤")  # end a verb whose object follows: 推倒老人
_WHILE = ("时", "时候", "期间", "过程中")  # ends a clause that the same subject goes on from
# 殴打者, 强奸犯, 猥亵案: whoever does it. 殴打犯人, 打伤犯罪嫌疑人: to whom it is done.
_CULPRIT = re.compile("者|犯(?![人罪])|案")
_THIRD = frozenset(("他", "她", "他们", "她们"))


class DroppedSubjects:
    """The compiled words of one policy version. With a reach of 0, as in versions before, no deed is carried on."""

    def __init__(self, rows: AccusedRows, negation: NegationRows) -> None:
        words = rows.dropped
        self.reach = words.reach
        self.official = frozenset(map(normalise, words.official))
        self._denials = tuple(map(normalise, negation.words))  # 没打人
        self._objects = frozenset(words.objects)
        self._after_verb = (*words.objects, *_DONE)
        self._asked_after = tuple(map(normalise, rows.asked_after))
        self._words, self._inaction = tuple(said(rows.deeds)), tuple(said(rows.inaction))
        self._deeds = any_of(rows.deeds)
        self._others = any_of(words.others)
        self._heads = re.compile(f",([^,]{{0,{words.lead}}}?)({self._others.pattern})")
        self._by = re.compile(f"被[^,]{{0,3}}(?:{self._others.pattern})")
        self._me = any_of(words.me)
        self._helped = any_of(words.helped)
        self._turned = any_of(words.turned)
        self._against = re.compile(f"(?:{any_of(words.against).pattern})[^,我俺咱]{{0,2}}$")
        self._told = any_of(words.told)
        self._strangers = any_of(rows.strangers)
        self._alone = any_of(rows.alone)
        self._culprits = any_of(rows.culprits)
        self._seized = re.compile(f"[把将][^,]{{0,3}}?(?:{self._culprits.pattern})")
        self._undergone = tuple(map(normalise, rows.undergone))

    def came(self, after: str, within: int) -> bool:
        """Whether what directly follows a name says that it came to help; what it does then (出警时) is its own."""
        return any(
            (at := after.find(word, 0, within)) >= 0 and not after.startswith(_WHILE, at + len(word))
            for word in self._asked_after
        )

    def told(self, after: str, came_to_help: bool, or_inaction: bool) -> str | None:
        """The first deed that what directly follows a name tells of: who did it is named first ("打人的民警" is rare).

        `came_to_help`: it also says that the unit did. `or_inaction`: that it does nothing is a deed, too.
        """
        found: list[str | None] = []
        if or_inaction or self._deeds.search(after):  # seldom
            words = (*self._words, *self._inaction) if or_inaction else self._words
            found.extend(found_in(word, after) for word in words)
        found.extend(one[0] for one in self._alone.finditer(after) if self._is_alone(after[: one.start()]))
        return next((deed for deed in found if deed and self._is_told(deed, after, came_to_help)), None)

    def _is_alone(self, between: str) -> bool:
        """Whether nobody but the unit is named before the deed."""
        return self._others.search(between) is None and self._me.search(between) is None

    def _is_told(self, deed: str, after: str, came_to_help: bool) -> bool:
        between, said, rest = after.partition(deed)
        if not said or between.endswith((*self._denials, "被")) or _CULPRIT.match(rest):
            return False
        if self._does_its_duty(between, deed):
            return False
        if self._acts_against(between):  # 民警抓了强奸犯
            return False
        if any(word in between for word in self._undergone) or self._is_strangers(between):
            return False
        if between[-1:] in self._objects and _is_a_doer(deed, rest):  # 民警把打人的人带走了
            return False
        return deed in self.official or not came_to_help

    def _does_its_duty(self, between: str, deed: str) -> bool:
        """Whether it is done to a culprit: 民警把小偷按倒在地."""
        return bool(self._culprits.search(deed) or self._seized.search(between))

    def _is_strangers(self, between: str) -> bool:
        """Whether somebody else is named who acts: 村委会有人打人, but not 城管对摊主骂人."""
        return any(
            not between.endswith(self._after_verb, 0, one.start())
            for one in self._strangers.finditer(between)
        )

    def is_elsewhere(self, before: str) -> bool:
        """Whether the name only says where another acts: 家属在卫生院打人."""
        return before.endswith("在") and self._others.search(before) is not None

    def deed(self, before: str, after: str, near: int, came_to_help: bool) -> str | None:
        """The first deed of whoever is named between `before` (of its clause) and `after` (of its sentence).

        What ends within `near` characters is left to the caller. `came_to_help`: what follows the name says so.
        """
        after = after[: self.reach]
        for match in self._deeds.finditer(after):
            if match.end() > near and self._is_theirs(before, after, match, came_to_help):
                return match[0]
        return None

    def _is_theirs(self, before: str, after: str, match: re.Match[str], came_to_help: bool) -> bool:
        deed, between, rest = match[0], after[: match.start()], after[match.end() :]
        if (
            between.endswith(self._denials)
            or _is_a_doer(deed, rest)
            or self._does_its_duty(between, deed)
            or self._somebody_else_acts(between, deed)
        ):
            return False
        if deed in self.official:
            return not self._acts_against(between)
        if not self._acts(before, deed):
            return False
        return bool(self._turned.search(between)) or not (came_to_help or self._helps(between))

    def _acts_against(self, between: str) -> bool:
        """Whether the unit stops such a deed of others: 查处乱收费."""
        return self._against.search(between) is not None

    def _acts(self, before: str, deed: str) -> bool:
        """Whether who is named does something, and is not one to whom something is done (推搡民警)."""
        if self._me.search(deed):
            return True
        *_, told = (0, *(one.end() for one in self._told.finditer(before)))
        before = before[told:].removesuffix("被")  # 被城管追到巷子里，打了一顿
        # What touches the name is said of it: 那个村支书.
        others = any(one.end() < len(before) for one in self._others.finditer(before))
        return not others and not before.endswith(self._after_verb)

    def _somebody_else_acts(self, between: str, deed: str) -> bool:
        """Whether a clause between begins with another who acts; with the deed in the name's own clause, any other."""
        if "," not in between:
            return self._others.search(between) is not None
        if self._by.search(between):  # 老师被家长拦住，骂人
            return True
        if self._me.match(_last_clause(between)) and not self._me.search(deed):
            return True
        for head in self._heads.finditer(between):
            lead, word = head[1], head[2]
            if word in deed or lead.endswith(_DONE) or not self._objects.isdisjoint(lead):
                continue
            if self._me.search(lead):  # 我爸去拦
                continue
            if word in _THIRD and self._me.search(between, 0, head.start()):
                continue  # 辅警拦住我，我问凭什么，他就打人
            return True
        return False

    def _helps(self, between: str) -> bool:
        """Whether the unit came to help or others go on; what it does meanwhile (调解时，骂人) is its own."""
        for match in self._helped.finditer(between):
            end = between.find(",", match.end())
            if end < 0 or not between[:end].endswith(_WHILE):
                return True
        return False


def _last_clause(text: str) -> str:
    return text[text.rfind(",") + 1 :]


def _is_a_doer(deed: str, rest: str) -> bool:
    """打人的, 殴打者: whoever does it."""
    return _CULPRIT.match(rest) is not None or (deed.endswith("人") and rest.startswith("的"))
