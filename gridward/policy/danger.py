"""People in danger: words that must never be missed, unless their context takes the danger out of them.

When in doubt it is danger: a denial (没有着火) must stand right before the word, or before one that is joined to it
(没有着火或者爆炸), a lesson (防火宣传) in the same clause, an exercise (消防演练) in the same sentence, an end
(已扑灭) after it in the same sentence, or, if of its kind, right at the beginning of the next; and a cry for
help (救命, 快来人) overrules them all. The end of a line ends a sentence.

A condition (如果着火) excuses the danger that it supposes where the sentence goes on to ask (怎么逃生), but not
what follows from it: what somebody vows to do (不给钱就杀了他) no lesson, fear or condition excuses.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple, TypeVar

from gridward.policy.lexicon import (
    ASKING,
    BEFORE,
    CLAUSE,
    CUE,
    HEARSAY,
    NEAR,
    NOW,
    OVER,
    PAST,
    SENTENCE,
    SUPPOSED,
    THROUGHOUT,
    Lexicon,
)
from gridward.policy.normalise import in_lines, letters
from gridward.policy.policy import Policy

What = TypeVar("What")
Span = tuple[int, int]  # start, end
Hit = tuple[int, int, str]  # start, end, role


class Danger(NamedTuple):
    """A word of danger where it stands in the letters. `vowed`: somebody vows to do it."""

    start: int
    end: int
    severity: int
    vowed: bool


@dataclass(frozen=True, slots=True)
class Heed:
    """`danger`: the gravest severity that is cried out, or None, and the `word` that does, in letters.

    `never_was`: else the letters of those words that tell of a danger which never was (denied, a lesson, an exercise);
    `is_over`: others tell of one that is over.
    """

    danger: int | None
    word: str = ""
    never_was: frozenset[str] = frozenset()
    is_over: bool = False


def must_never_miss(text: str, policy: Policy) -> bool:
    """Whether the report must go the urgent way. Fast enough for the door."""
    plain, line_ends = in_lines(text)
    return heed(letters(plain), policy.lexicon, line_ends).danger is not None


def heed(text: str, lexicon: Lexicon, line_ends: Sequence[int] = ()) -> Heed:
    """What the words of danger in the letters of a normalised text amount to; `line_ends` within them."""
    dangers = list(_dangers(text, lexicon))
    if not dangers:
        return Heed(None)
    gravest_first = sorted(dangers, key=lambda one: one.severity)
    around: list[Hit] = _hits(lexicon.contexts.iter(text))
    if any(role == CUE for _, _, role in around):
        return _cried(text, gravest_first[0])
    context = Context(text, around, lexicon, line_ends)
    if context.denied and len(lexicon.joins):
        context.deny_joined(dangers, _hits(lexicon.joins.iter(text)))
    stands = next((one for one in gravest_first if not context.excuses(one)), None)
    if stands is not None:
        return _cried(text, stands)
    never = frozenset(text[one.start : one.end] for one in dangers if context.unmakes(one))
    return Heed(
        None,
        never_was=never,
        is_over=any(text[one.start : one.end] not in never for one in dangers),
    )


def is_over(text: str, lexicon: Lexicon) -> bool:
    """Whether the letters of a normalised text tell of an end (火扑灭了, 人找到了) and no cry says otherwise."""
    around: list[Hit] = _hits(lexicon.contexts.iter(text))
    roles = {role for _, _, role in around}
    return OVER in roles and CUE not in roles and Context(text, around, lexicon).ends_told != []


def _dangers(text: str, lexicon: Lexicon) -> Iterator[Danger]:
    for last, (length, alarm, gapped) in lexicon.dangers.iter(text):
        start = last - length + 1
        if alarm is not None:
            yield Danger(start, last + 1, *alarm)
        for fits, of_gapped in gapped:
            if whole := fits.match(text, start):
                yield Danger(start, whole.end(), *of_gapped)


def _cried(text: str, danger: Danger) -> Heed:
    return Heed(danger.severity, text[danger.start : danger.end])


def _hits(found: Iterable[tuple[int, tuple[What, int]]]) -> list[tuple[int, int, What]]:
    return [(last - length + 1, last + 1, what) for last, (what, length) in found]


class Context:
    """What stands around the dangers of one text.

    Put in order once, so that a danger costs a few binary searches: people (and attackers) may repeat
    themselves for the whole length of a report, and the door reads it while others wait.
    """

    def __init__(
        self, text: str, around: Iterable[Hit], lexicon: Lexicon, line_ends: Sequence[int] = ()
    ) -> None:
        self.text, self.lexicon = text, lexicon
        spans: dict[str, list[Span]] = {}
        for start, end, role in around:
            spans.setdefault(role, []).append((start, end))
        denials = spans.get(BEFORE, [])
        ends = {end for _, end in denials}
        # A denial of a denial denies nothing: 不是没动刀.
        self.denied = {end for start, end in denials if start not in ends}.difference(line_ends)
        past = () if NOW in spans else spans.get(PAST, ())
        self.near = Spans([*spans.get(NEAR, ()), *past])
        self.throughout = Spans(spans.get(THROUGHOUT, ()))
        hearsay = {end for _, end in spans.get(HEARSAY, ())}
        self.ends_told = sorted(one for one in spans.get(OVER, ()) if one[0] not in self.denied | hearsay)
        self.over = Spans(self.ends_told)
        self.supposed = sorted(spans.get(SUPPOSED, ()))
        self.asking = Spans(spans.get(ASKING, ()))
        meant = lexicon.meant.finditer(text) if self.supposed else ()
        self.meant = Spans(one.span() for one in meant)
        sentences = [*spans.get(SENTENCE, []), *((end, end) for end in line_ends)]
        self.sentences = Stretches(sentences)
        self.clauses = Stretches([*sentences, *spans.get(CLAUSE, [])])

    def deny_joined(self, dangers: Iterable[Danger], joins: Iterable[Hit]) -> None:
        """What is joined to a denied danger is denied with it."""
        joined: dict[int, list[int]] = {}
        for start, end, _ in joins:
            joined.setdefault(start, []).append(end)
        for start, end, *_ in sorted(dangers):
            if start in self.denied:
                self.denied.update(joined.get(end, ()))

    def excuses(self, danger: Danger) -> bool:
        """Whether something takes the danger out of the word."""
        start, end, *_ = danger
        _, last = self.sentences.about(start, end)
        over = self.over.any_within(start, last)  # 煤气味没了
        return over or self.unmakes(danger) or self._ends_later(start, end, last)

    def _ends_later(self, start: int, end: int, last: float) -> bool:
        """Whether the sentence after the danger's, which ends at `last`, begins with its end: 着火了。现在已经扑灭.

        Of the danger's own kind: 有人昏迷。火灭了 leaves somebody unconscious.
        """
        at = bisect_left(self.ends_told, (last, 0))
        if at == len(self.ends_told):
            return False
        first = self.sentences.ends[bisect_left(self.sentences.starts, last)]
        begins, ends = self.ends_told[at]
        return self.lexicon.since.fullmatch(self.text, first, begins) is not None and any(
            danger.search(self.text, start, end) and its_end.search(self.text, begins, ends)
            for danger, its_end in self.lexicon.later
        )

    def unmakes(self, danger: Danger) -> bool:
        """Whether something says that there never was that danger: it is denied, a lesson, an exercise."""
        start, end, _, vowed = danger
        if start in self.denied or self.throughout.any_within(*self.sentences.about(start, end)):
            return True
        if vowed:
            return False
        return self.near.any_within(*self.clauses.about(start, end)) or self._is_supposed(start, end)

    def _is_supposed(self, start: int, end: int) -> bool:
        """Whether the danger is the condition itself (如果着火了怎么逃生)."""
        at = bisect_left(self.supposed, (start, start)) - 1
        if at < 0:
            return False
        clause, _ = self.clauses.about(start, end)
        _, last = self.sentences.about(start, end)
        return (
            clause <= self.supposed[at][0]
            and self.asking.any_within(end, last)
            and not self.meant.any_within(clause, start)
        )


class Spans:
    """Words of one role, by their starts, with the earliest end of all from there on."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self.starts = [start for start, _ in ordered]
        self.earliest = list(accumulate((end for _, end in reversed(ordered)), min))[::-1]

    def any_within(self, first: int, last: float) -> bool:
        at = bisect_left(self.starts, first)
        return at < len(self.starts) and self.earliest[at] <= last


class Stretches:
    """The stretches of a text between marks."""

    def __init__(self, marks: Iterable[Span]) -> None:
        ordered = sorted(marks)  # single characters or ends of lines, so that their ends are in order too
        self.starts = [start for start, _ in ordered]
        self.ends = [end for _, end in ordered]

    def about(self, start: int, end: int) -> tuple[int, float]:
        """From the last mark before the word to the first one after it."""
        before, after = bisect_right(self.ends, start), bisect_left(self.starts, end)
        return (
            self.ends[before - 1] if before else 0,
            self.starts[after] if after < len(self.starts) else float("inf"),
        )
