"""Where a text says that it is: mentions of known names, read with the words around them, become candidates.

"东门小学后门" is the school, "李家村三组" the village or its group, "解放路和人民路口" where two roads meet.
A name that several places bear, one that may be part of another, two that contradict each other: nobody guesses.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gridward.domain.place import GridMatch, Point
from gridward.policy.distance import metres
from gridward.policy.gazetteer import Gazetteer, Mention, Place
from gridward.policy.normalise import normalise
from gridward.policy.numerals import NUMERAL
from gridward.policy.place_rows import Grammar

BETWEEN = 2  # characters that may stand between a name and the town before it, as in 青梧镇的东门村
BY_WORDS = "gazetteer"  # how a place was found, and a grid that bears the name
PLAIN = 3  # characters from which a short name is no common word: 石桥湾, unlike 团结 or 平安


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a text may mean. `score` 0 to 1; `words` as they stand in the text; `reason` for people."""

    place: Place
    precision_m: float
    score: float
    words: str
    reason: str

    def as_data(self) -> dict[str, Any]:
        """As pages and explanations show it: degrees in WGS 84, metres, a score from 0 to 1."""
        place = self.place
        return {
            "name": place.name,
            "within": place.within,
            "kind": place.kind,
            "lon": place.lon,
            "lat": place.lat,
            "precision_m": self.precision_m,
            "score": round(self.score, 3),
            "words": self.words,
            "reason": self.reason,
        }


def candidates(gazetteer: Gazetteer, text: str, address: str | None = None) -> list[Candidate]:
    """The places that a report may mean, the likeliest first. What the address says is read first."""
    found: list[Candidate] = []
    plain = [normalise(part) for part in (address, text) if part]
    for part in plain:
        found += _of_text(gazetteer, part, "|".join(plain))
    if not found:
        found = [one for part in plain for one in _of_a_kind(gazetteer, part)]
    return _ranked(found, gazetteer)


def good(found: Sequence[Candidate], gazetteer: Gazetteer) -> Candidate | None:
    """The one to go by without a person, if there is one."""
    if not found:
        return None
    limits, best = gazetteer.deciding, found[0]
    rival = found[1].score if len(found) > 1 else 0.0
    fine = best.precision_m <= limits.within_m or len(best.place.grids) == 1
    somewhere = best.place.lon is not None or len(best.place.grids) == 1
    sure = best.score >= limits.score and best.score - rival >= limits.margin
    return best if sure and fine and somewhere else None


def point_of(best: Candidate) -> Point | None:
    """Its point with the radius that the name leaves open."""
    place = best.place
    if place.lon is None or place.lat is None:
        return None
    return Point(place.lon, place.lat, best.precision_m)


def held_by(best: Candidate, located: GridMatch) -> GridMatch:
    """A grid that bears the name is that grid; else `located`, where its circle of error lies, as a phone's does."""
    grids = best.place.grids
    return GridMatch(grids[0], BY_WORDS, grids) if len(grids) == 1 else located


def _of_text(gazetteer: Gazetteer, text: str, everything: str) -> list[Candidate]:
    mentions = [one for one in gazetteer.mentions(text) if _is_meant(one, text, gazetteer.grammar)]
    found: list[Candidate] = []
    skip = 0
    for at, mention in enumerate(mentions):
        if at < skip:
            continue
        after = mentions[at + 1] if at + 1 < len(mentions) else None
        if after is not None and (crossing := _crossing(gazetteer, text, mention, after)):
            found += crossing
            skip = at + 2
        elif after is not None and _is_town_of(mention, after, text, gazetteer.grammar):
            continue  # it only says which one the next name is
        else:
            found += _of_mention(gazetteer, text, mention, mentions, everything)
    return found


def _is_meant(mention: Mention, text: str, grammar: Grammar) -> bool:
    """A short name of two characters may be any word: something must say that a place is meant."""
    if not mention.is_short or len(mention.words) >= PLAIN:
        return True
    before, after = text[: mention.start], text[mention.end :]
    return bool(
        _tail(after, grammar)[0] or _starts(after, grammar.origins) or before.endswith(tuple(grammar.at))
    )


def _of_a_kind(gazetteer: Gazetteer, text: str) -> Iterator[Candidate]:
    """Where only 学校 or 卫生院 is said: all there are, for a person to choose from."""
    mention = gazetteer.of_a_kind(text)
    if mention is None:
        return
    tail, added = _tail(text[mention.end :], gazetteer.grammar)
    words, many = mention.words + tail, len(mention.places)
    score = gazetteer.deciding.doubtful / 2 / many
    for place in mention.places:
        reason = f"只写了“{words}”，可能是{_where(place)}" + (f"；这样的有 {many} 处" if many > 1 else "")
        yield Candidate(place, place.precision_m + added, score, words, reason)


def _is_town_of(first: Mention, second: Mention, text: str, grammar: Grammar) -> bool:
    """Whether the first name is there to say where the second one is, and not as another place beside it."""
    gap = text[first.end : second.start]
    if len(gap) > BETWEEN or re.search("[,.;:、。]", gap) or any(word in gap for word in grammar.joins):
        return False
    outer = {place.name for place in first.places}
    if any(outer & set(place.within) for place in second.places):
        return True
    kinds = [{place.kind for place in one.places} for one in (first, second)]
    if kinds[0] <= {"town"}:
        return True
    return kinds[0] <= {"town", "village"} and not kinds[1] & {"town", "village"}


def _crossing(gazetteer: Gazetteer, text: str, first: Mention, second: Mention) -> list[Candidate]:
    """解放路和人民路口: both roads, a word that joins them (or none), and one that says they meet."""
    grammar = gazetteer.grammar
    roads = [[place.name for place in one.places if place.kind == "road"] for one in (first, second)]
    between = text[first.end : second.start]
    meeting = _starts(text[second.end :], grammar.crossings)
    if not all(roads) or meeting is None or (between and between not in grammar.joins):
        return []
    words = text[first.start : second.end] + meeting
    there = [
        place
        for one in dict.fromkeys(roads[0])
        for other in dict.fromkeys(roads[1])
        for place in gazetteer.crossings.get(frozenset((one, other)), ())
    ]
    share = 1 / len(there) if there else 0.0
    return [
        Candidate(place, place.precision_m, share, words, f"“{words}”是{place.name}") for place in there
    ] or [_no_crossing(place, words, gazetteer) for one in (first, second) for place in one.places]


def _no_crossing(road: Place, words: str, gazetteer: Gazetteer) -> Candidate:
    score = gazetteer.deciding.doubtful / 2
    return Candidate(road, road.precision_m, score, words, f"“{words}”不在词库里，只知道{road.name}")


def _of_mention(
    gazetteer: Gazetteer, text: str, mention: Mention, mentions: Sequence[Mention], everything: str
) -> Iterator[Candidate]:
    grammar, doubtful = gazetteer.grammar, gazetteer.deciding.doubtful
    tail, added = _tail(text[mention.end :], grammar)
    words = mention.words + tail
    against = list(_against(text, mention, tail, grammar))
    places, told = _told_apart(mention, mentions, everything)
    score = doubtful ** len(against) / len(places)
    if mention.is_short:
        told = [*told, "简称"]
    for place in places:
        reasons = [f"“{words}”是{_where(place)}", *told, *against]
        if len(places) > 1:
            reasons.append(f"同名的有 {len(places)} 处")
        yield Candidate(place, place.precision_m + added, score, words, "；".join(reasons))


def _where(place: Place) -> str:
    """Its full name: 青梧镇柳塘村二组, each part said once."""
    outer = [one for one in place.within if not place.name.startswith(one)]
    return "".join((*outer, place.name))


def _told_apart(
    mention: Mention, mentions: Sequence[Mention], text: str
) -> tuple[tuple[Place, ...], list[str]]:
    """Of several places of one name, those in a town or village that the text (or its address) names too."""
    if len(mention.places) == 1:
        return mention.places, []
    others = [other for other in mentions if other is not mention]
    # The one right before it speaks first: 青梧镇东门村 is that one, whatever else is named.
    nearest_first = sorted(
        others, key=lambda other: (other.end > mention.start, abs(mention.start - other.end))
    )
    for other in nearest_first:
        outer = {place.name for place in other.places}
        held = tuple(place for place in mention.places if outer & set(place.within))
        if held and len(held) < len(mention.places):
            return held, [f"文中写有“{other.words}”"]
    for words in dict.fromkeys(word for place in mention.places for word in place.within):
        if words in text:
            held = tuple(place for place in mention.places if words in place.within)
            if len(held) < len(mention.places):
                return held, [f"文中写有“{words}”"]
    return mention.places, []


def _against(text: str, mention: Mention, tail: str, grammar: Grammar) -> Iterator[str]:
    """What makes it doubtful that this name is meant, and that it says where it happened."""
    before, after = text[: mention.start], text[mention.end :]
    larger = next((word for word in grammar.larger if before.endswith(word)), None)
    if larger:
        yield f"前面有“{larger}”，可能是另一个地名"
    origin = _starts(after[len(tail) :], grammar.origins)
    head = None if origin else _starts(after, grammar.heads)
    if head and not tail and after[len(head) : len(head) + 1] not in tuple(grammar.not_heads):
        yield f"后面有“{head}”，可能是另一个地名"
    if origin:
        yield f"后面有“{origin}”，可能是说人从哪里来"


def _tail(text: str, grammar: Grammar) -> tuple[str, float]:
    """The words after a name that say where at it: 三组, 12号, 后门; and the metres that they add."""
    numbered = "|".join(map(re.escape, sorted(grammar.numbered, key=len, reverse=True)))
    taken = re.match(f"(?:第?{NUMERAL}(?:{numbered}))*", text) if numbered else None
    size = taken.end() if taken else 0
    beside = _starts(text[size:], grammar.beside)
    return text[: size + len(beside or "")], grammar.beside[beside] if beside else 0.0


def _starts(text: str, words: Iterable[str]) -> str | None:
    """The longest of these words that the text begins with."""
    return max((word for word in words if text.startswith(word)), key=len, default=None)


def _ranked(found: Sequence[Candidate], gazetteer: Gazetteer) -> list[Candidate]:
    """One candidate for each place; one that holds a finer one gives way to it, since they say the same."""
    best: dict[Place, Candidate] = {}
    for one in found:
        known = best.get(one.place)
        if known is None or one.score > known.score:
            best[one.place] = one
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.precision_m, one.place.name))
    kept = [one for one in ordered if not _is_held_by_finer(one, ordered)]
    return kept[: gazetteer.deciding.most]


def _is_held_by_finer(one: Candidate, all_of_them: Sequence[Candidate]) -> bool:
    return any(
        other.place is not one.place
        and other.precision_m < one.precision_m
        and other.score >= one.score
        and (one.place.name in other.place.within or _lies_in(other, one))
        for other in all_of_them
    )


def _lies_in(inner: Candidate, outer: Candidate) -> bool:
    away = metres_between(inner.place, outer.place)
    return away is not None and away <= outer.precision_m


def metres_between(one: Place, other: Place) -> float | None:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return metres(one.lon, one.lat, other.lon, other.lat)
