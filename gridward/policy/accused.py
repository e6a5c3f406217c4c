"""Which units a text accuses (被投诉单位): those never lead, never join, and do not read it.

A unit stands accused when its name is said near a deed ("派出所民警打人"), or, in a complaint about conduct, when it is
named at all. The deed may follow after commas while nobody else acts (`gridward.policy.dropped`).

A unit that is asked for help ("请派出所来") or came to help ("派出所已到场") does not, nor one that only says where
("派出所门口"). That it does nothing ("派出所不管") is a deed only in a complaint about conduct: elsewhere people say so
of the very unit that must come.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick

from gridward.policy.normalise import in_sentences, letters, normalise
from gridward.policy.schema import AccusedRows
from gridward.policy.spelling import said
from gridward.policy.units import Unit

if TYPE_CHECKING:
    from gridward.policy.policy import Policy

_plain = lru_cache(4096)(normalise)  # the same few names, in every report
_SENTENCE = re.compile(r"[。;!?]")
_SAME = frozenset(("", "的"))  # between a unit's name and its people: 石桥派出所的民警
_SURNAME = re.compile("(?:的|里的?)?[^,的是当做找向跟和把被让]{0,2}")  # 派出所的张所长
_TOGETHER = _SAME | frozenset(("和", "与", "及", "、"))  # and between units that do one thing


@dataclass(frozen=True, slots=True)
class Accused:
    """A unit that a text accuses; `name` is what the text calls it, `deed` what it is said to have done.

    `superior`: it is the one above that is called so and did so.
    """

    unit: str
    name: str
    deed: str | None
    superior: bool = False

    @property
    def text(self) -> str:
        """The reason in Chinese, without the unit's name."""
        above = "其上级" if self.superior else ""
        return (
            f"正文称{above}“{self.name}”“{self.deed}”"
            if self.deed
            else f"投诉事项的正文提到{above}“{self.name}”"
        )


class Call(NamedTuple):
    """What a text calls a unit by: the words as they stand there, its name or its kind's, and the unit.

    `is_staff`: they mean who works in it, as they do in other units.
    """

    words: str
    name: str
    kinds: tuple[str, ...]
    unit: str | None  # None: no unit of that kind serves the place
    is_staff: bool = False


class Words(NamedTuple):
    """Words by which texts call units: those that have them for a name, and the kinds that they stand for.

    `staff`: the kinds whose people are called so; `at`: the kinds that are named by them, though not accused.
    """

    words: str
    named: tuple[Call, ...]
    kinds: tuple[str, ...]
    staff: tuple[str, ...] = ()
    at: tuple[str, ...] = ()


class Group(NamedTuple):
    """Units whose names stand together and that do one thing; `start` and `end` within their sentence."""

    start: int
    end: int
    calls: tuple[Call, ...]


def accused_units(text: str, category: str | None, grid: str | None, policy: "Policy") -> tuple[Accused, ...]:
    """Each accused unit once, in the order in which the text names them, and then those that act for one of them.

    A unit that is called by its kind ("派出所") is the one that serves the grid; without a grid full names count, and
    kinds of which there is a single unit.
    The end of a line ends a sentence.
    """
    plain = in_sentences(text)
    calls = _calls(plain, grid, policy)
    if not any(call.unit for call in calls):
        return ()
    named_is_enough = category in policy.attributes.rows.accused.matters
    found: dict[str, Accused] = {}
    turned_to: dict[str, Accused] = {}
    for sentence in _SENTENCE.split(plain):
        groups = _groups(sentence, calls, policy)
        for at, group in enumerate(groups, 1):
            end = groups[at].start if at < len(groups) else len(sentence)
            is_accused, deed = _judged(sentence, group, end, named_is_enough, policy)
            into = (
                turned_to if is_accused and deed is None and _is_turned_to(sentence, group, policy) else found
            )
            for call in group.calls if is_accused else ():
                if call.unit is not None:
                    into.setdefault(call.unit, Accused(call.unit, call.name, deed))
    # Whom somebody turned to about another (我向镇政府反映过) is not accused; where nobody else is, it is:
    # 去派出所办证，推来推去.
    found = found or turned_to
    return (*found.values(), *_acting_for(found, policy))


def _is_turned_to(sentence: str, group: Group, policy: "Policy") -> bool:
    return sentence[: group.start].endswith(tuple(policy.attributes.rows.accused.turned_to))


def _acting_for(found: Mapping[str, Accused], policy: "Policy") -> Iterator[Accused]:
    """The units under an accused one that have their legal power from it: no police station looks into its bureau."""
    if not policy.attributes.rows.accused.acting_for:
        return
    for unit in policy.units.values():
        above = found.get(unit.parent or "")
        if above is not None and unit.backup == unit.parent and unit.code not in found:
            yield replace(above, unit=unit.code, superior=True)


def recorded(why: Mapping[str, Any]) -> tuple[str, ...]:
    """The accused units that triage kept among an incident's reasons; none in incidents from before it did."""
    return tuple(one["unit"] for one in (why.get("unit") or {}).get("excluded") or ())


def compile_unit_words(units: Iterable[Unit], rows: AccusedRows) -> Any:
    """An automaton over `letters` that finds full names of units and words for their kinds: a `Words` for each."""
    named: dict[str, list[Call]] = {}
    for unit in units:
        words = _plain(unit.name)
        named.setdefault(words, []).append(Call(words, unit.name, unit.kinds, unit.code))
    kinds = _by_words(rows.kinds)
    staff = _by_words({kind: said(row.people) for kind, row in rows.staff.items()})
    at = _by_words({kind: said(row.at) for kind, row in rows.staff.items()})
    automaton = ahocorasick.Automaton()
    for words in named.keys() | kinds.keys() | staff.keys() | at.keys():
        stands_for = (tuple(one.get(words, ())) for one in (kinds, staff, at))
        automaton.add_word(letters(words), Words(words, tuple(named.get(words, ())), *stands_for))
    automaton.make_automaton()
    return automaton


def _by_words(rows: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The kinds that each of the words stands for."""
    kinds: dict[str, list[str]] = {}
    for kind, called in rows.items():
        for words in called:
            kinds.setdefault(words, []).append(kind)
    return kinds


def _calls(plain: str, grid: str | None, policy: "Policy") -> list[Call]:
    """What the text may call units by, full names before words for a kind. Most texts name none: one pass tells."""
    named = {found.words: found for _, found in policy.unit_words.iter(letters(plain))}
    calls = [call for found in named.values() for call in found.named]
    for found in named.values():
        for kind in found.kinds:
            unit = policy.responsibility.unit_of(kind, grid)
            calls.append(Call(found.words, found.words, (kind,), unit))
    at = {kind: policy.responsibility.unit_of(kind, grid) for found in named.values() for kind in found.at}
    calls.extend(_of_staff(named.values(), calls, at))
    return calls


def _of_staff(named: Iterable[Words], calls: Iterable[Call], at: Mapping[str, str | None]) -> Iterator[Call]:
    """Whom the text calls by what they are in a unit (所长), where it also names that unit and no other such."""
    for found in named:
        if not found.staff:
            continue
        units = {
            call.unit for call in calls if not call.is_staff and not set(call.kinds).isdisjoint(found.staff)
        }
        units = units or {at[kind] for kind in found.staff if kind in at}
        if len(units) == 1:
            yield Call(found.words, found.words, found.staff, units.pop(), is_staff=True)


def _groups(sentence: str, calls: Iterable[Call], policy: "Policy") -> list[Group]:
    """The units that the sentence names, from left to right; of names within one another only the longest."""
    found: list[Group] = []
    for start, end, call in sorted(_places(sentence, calls, policy), key=lambda one: (one[0], -one[1])):
        last = found[-1] if found else Group(-1, -1, ())
        between = sentence[last.end : start]
        if (start, end) == (last.start, last.end):  # a word for units of two kinds
            found[-1] = Group(start, end, (*last.calls, call))
        elif start < last.end:
            continue
        elif last.calls and _is_of(call, last.calls[-1], between):
            found[-1] = Group(last.start, end, last.calls)
        elif last.calls and between in _TOGETHER:
            found[-1] = Group(last.start, end, (*last.calls, call))
        else:
            found.append(Group(start, end, (call,)))
    return found


def _is_of(call: Call, unit: Call, between: str) -> bool:
    """Whether both mean one unit: 派出所民警, 派出所的张所长."""
    if call.is_staff:
        return call.unit == unit.unit and _SURNAME.fullmatch(between) is not None
    return between in _SAME and not set(call.kinds).isdisjoint(unit.kinds)


def _places(sentence: str, calls: Iterable[Call], policy: "Policy") -> Iterator[tuple[int, int, Call]]:
    """Where the sentence calls a unit so, each time."""
    for call in calls:
        at = sentence.find(call.words)
        while at >= 0:
            end = at + len(call.words)
            if not (call.is_staff and policy.around_names.works_elsewhere(sentence, at, end)):
                yield at, end, call
            at = sentence.find(call.words, at + 1)


def _judged(
    sentence: str, group: Group, end: int, named_is_enough: bool, policy: "Policy"
) -> tuple[bool, str | None]:
    """Whether the units of the group stand accused, and of what. `end`: where the sentence names the next unit."""
    rows, carried = policy.attributes.rows.accused, policy.dropped_subjects
    before = sentence[sentence.rfind(",", 0, group.start) + 1 : group.start]
    after = sentence[group.end :].partition(",")[0]
    name = sentence[group.start : group.end]
    if around := policy.around_names.deed(before, name, after):
        return True, around
    says_where = after.removeprefix("的").startswith(tuple(rows.places)) or carried.is_elsewhere(before)
    if says_where or _has(rows.asked_before, _last(before, rows.asked_before_within)):
        return False, None
    came = carried.came(after, rows.asked_after_within)
    near = after[: rows.reach]
    if before.endswith(tuple(rows.turned_to)) and after.startswith(tuple(rows.told_after)):
        near = ""  # 跟校长反映食堂克扣餐费
    deed = (
        carried.told(near, came, named_is_enough)
        or (_suffered(before, after, rows) if not came else None)
        or carried.deed(before, sentence[group.end : end], len(after[: rows.reach]), came)
    )
    # 书记 in a complaint about conduct is often only whom it is addressed to.
    is_enough = named_is_enough and not all(call.is_staff for call in group.calls)
    return bool(deed) or (is_enough and not came), deed


def _suffered(before: str, after: str, rows: AccusedRows) -> str | None:
    """What somebody says was done to them by the unit: 被派出所的辅警打了."""
    if "被" not in _last(before, rows.reach):
        return None
    return next((deed for deed in rows.suffered if deed in after[: rows.reach]), None)


def _has(words: Iterable[str], text: str) -> bool:
    return any(word in text for word in words)


def _last(text: str, count: int) -> str:
    return text[max(0, len(text) - count) :]
