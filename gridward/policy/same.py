"""Whether two reports are about one matter (重复事项): alike in words, near in place and time, of one kind.

Pure. A name or number that both texts give, and give differently (3栋 and 5栋), speaks against it however alike
the rest is: people copy each other's complaints, and so do neighbours of another estate.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import exp, log

from gridward.policy.distance import metres
from gridward.policy.endings import Endings
from gridward.policy.normalise import normalise
from gridward.policy.numerals import in_digits, value_of
from gridward.policy.people import People
from gridward.policy.same_rows import SameRows

_MARKS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is compared of a report: `lon`, `lat` in WGS 84 degrees, `caller` the keyed hash of the phone.

    `heirs`: today's categories where `category` is a retired one.
    """

    text: str
    at: datetime
    category: str | None = None
    lon: float | None = None
    lat: float | None = None
    caller: bytes | None = None
    heirs: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        """Today's categories that it may be of; none while nobody knows."""
        if self.heirs or self.category is None:
            return self.heirs
        return frozenset({self.category})


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two reports are one: `score`, `text` and `names` from 0 to 1; None is not known of both.

    `names` is 0 when both texts give names or numbers and share none.
    """

    score: float
    text: float
    names: float | None
    away_m: float | None
    days: float
    category: float | None
    same_caller: bool
    letters: int  # of the shorter text

    @property
    def contradicts(self) -> bool:
        return self.names == 0.0


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is compared: its pairs of letters, and its names and numbers by what they end in (小区, 栋)."""

    pairs: frozenset[str]
    named: Mapping[str, frozenset[str]]
    letters: int


def likeness(one: Matter, other: Matter, rules: SameRows) -> Likeness:
    first, second = words_of(one.text, rules.endings), words_of(other.text, rules.endings)
    text = _text(first, second)
    names = _names(first, second)
    away = _away(one, other)
    days = abs((one.at - other.at).total_seconds()) / 86_400
    category = _category(one, other)
    same_caller = is_same_caller(one, other)
    weights = rules.weights
    signs = [
        (weights.text, text),
        (weights.names, names),
        (weights.place, None if away is None else _fading(away, rules.place_m)),
        (weights.time, _fading(days, rules.time_days)),
        (weights.category, category),
        (weights.reporter, 1.0 if same_caller else None),
    ]
    known = [(weight, sign) for weight, sign in signs if sign is not None]
    whole = sum(weight for weight, _ in known)
    score = sum(weight * sign for weight, sign in known) / whole if whole else 0.0
    return Likeness(score, text, names, away, days, category, same_caller, min(first.letters, second.letters))


def is_same_caller(one: Matter, other: Matter) -> bool:
    """As far as the phones tell; who left none cannot be told from others."""
    return one.caller is not None and one.caller == other.caller


def may_join(one: Matter, other: Matter, like: Likeness, rules: SameRows) -> bool:
    """Whether the later one joins the earlier without a person; sensitive matters are the caller's to keep out."""
    join = rules.join
    if like.contradicts or like.category != 1.0 or like.days > join.within_days or like.score < join.score:
        return False
    if like.away_m is None:
        enough = like.text >= join.text_alone and like.letters >= join.letters
    else:
        least = join.text if like.letters >= join.letters else join.text_short
        enough = like.away_m <= join.within_m and like.text >= least
    # Words are looked for last: few pairs come so far.
    return enough and not any(is_kept_apart(matter, rules, join.never) for matter in (one, other))


def may_join_in_doubt(one: Matter, other: Matter, like: Likeness, rules: SameRows, guess: str | None) -> bool:
    """Whether the later one, of whose kind nobody is sure, joins the earlier without a person: who says the same words
    at the same place means the same, whatever it is. `guess`: what it may be about; none of what never joins.
    """
    rows = rules.join.in_doubt
    if rows.letters == 0 or like.letters < rows.letters or other.category is not None:
        return False
    if like.away_m is None or like.away_m > rows.within_m or like.days > rows.within_days:
        return False
    if not is_word_for_word(one, other):
        return False
    kinds = {*one.kinds, guess or ""}
    return not any(kind.startswith(tuple(rules.join.never)) for kind in kinds) and not tells_of_harm(
        other.text, rules
    )


def is_word_for_word(one: Matter, other: Matter) -> bool:
    """Whether they say the very same, whatever marks stand between."""
    return _letters(normalise(one.text)) == _letters(normalise(other.text))


def may_join_as_said(one: Matter, other: Matter, like: Likeness, rules: SameRows) -> bool:
    """Whether a reporter's word that it is the same matter is enough: nothing speaks against it, and it is likely."""
    never = rules.join.never
    if is_kept_apart(one, rules, never) or is_kept_apart(other, rules, never):
        return False
    return may_be_as_said(like, rules)


def may_be_as_said(like: Likeness, rules: SameRows) -> bool:
    """Whether a reporter's word that it is the same matter is to be believed, as far as a link is concerned."""
    return not like.contradicts and bool(like.category) and is_likely(like, rules)


def is_kept_apart(matter: Matter, rules: SameRows, never: Sequence[str]) -> bool:
    """Of a kind or with a word that no machine joins: violence, self-harm, minors."""
    if not matter.kinds or any(kind.startswith(tuple(never)) for kind in matter.kinds):
        return True
    return tells_of_harm(matter.text, rules)


def tells_of_harm(text: str, rules: SameRows) -> bool:
    """Whether it has a word that keeps it apart, of whatever kind it is."""
    return any(word in text for word in rules.join.words)


def names_of(text: str, rules: SameRows) -> frozenset[str]:
    """The names and numbers that a text gives, as it gives them: 滨河路, 3栋."""
    return _named(text, rules.endings)


def parties_of(text: str, rules: SameRows, people: People) -> frozenset[str]:
    """The houses, shops and persons that a text names: 3栋, 老陈饭店, 王建国; of persons without a given name (老张),
    whom a village has many of, two together.
    """
    persons = set(_persons(rules.endings.whole.sub("，", normalise(text)), rules, people))
    short = sorted(one for one in persons if len(one) == 1)
    pairs = {f"{one}{other}" for n, one in enumerate(short) for other in short[n + 1 :]}
    return _named(text, rules.graver.parties) | {one for one in persons if len(one) > 1} | pairs


def _persons(text: str, rules: SameRows, people: People) -> Iterator[str]:
    """Names of persons, of 老王 the surname. What may be the name of a village (李家坳) is none."""
    places = frozenset(rules.graver.parties_not)
    for start, end in people.names(text):
        is_familiar = start > 0 and text[start - 1] in people.rows.familiar
        name = text[start] if is_familiar else text[start:end]
        if places.isdisjoint(name):
            yield name


def _named(text: str, endings: Endings) -> frozenset[str]:
    named = words_of(text, endings).named
    return frozenset(f"{one}{end.removeprefix('0')}" for end, them in named.items() for one in them)


def said_before(earlier: str, later: str, rules: SameRows) -> float:
    """The share, from 0 to 1, of what the later text says that the earlier one said too."""
    before, now = (words_of(text, rules.endings).pairs for text in (earlier, later))
    return len(before & now) / len(now) if now else float(not before)


def alike_beside_names(one: Matter, other: Matter, rules: SameRows) -> float:
    """How alike the texts are, from 0 to 1, without the names and numbers in them: a village has many matters."""
    endings = rules.endings
    first, second = (
        words_of(endings.whole.sub("", normalise(matter.text)), endings) for matter in (one, other)
    )
    return _text(first, second)


def is_likely(like: Likeness, rules: SameRows) -> bool:
    """Whether a person should be shown it."""
    near = like.away_m is None or like.away_m <= rules.suggest.within_m
    return near and like.days <= rules.suggest.within_days and like.score >= rules.suggest.score


@lru_cache(maxsize=8_192)
def words_of(text: str, endings: Endings) -> Words:
    plain = normalise(text)
    letters = _letters(plain)
    named: dict[str, set[str]] = {}
    for before, end in endings.names.findall(plain) if endings.names else ():
        named.setdefault(end, set()).add(before)
    for head, number, unit in endings.numbers.findall(plain) if endings.numbers else ():
        if (value := value_of(number)) is not None:
            named.setdefault(f"0{unit}", set()).add(f"{head}{value}")
    pairs = frozenset(letters[at : at + 2] for at in range(len(letters) - 1))
    return Words(pairs, {end: frozenset(them) for end, them in named.items()}, len(letters))


def _letters(plain: str) -> str:
    """Of a normalised text what is compared: without marks, its numbers in digits."""
    return in_digits(_MARKS.sub("", plain))


def _text(one: Words, other: Words) -> float:
    """How alike: the share of common pairs of letters. A short text that a long one holds is nearly as alike."""
    common = len(one.pairs & other.pairs)
    if not common:
        return 0.0
    smaller, larger = sorted((len(one.pairs), len(other.pairs)))
    both = 2 * common / (smaller + larger)
    # Few letters are held by chance: what is held counts as much as there is of it.
    held = common / smaller * (1 - exp(-smaller / 20))
    return max(both, 0.5 * both + 0.5 * held)


def _names(one: Words, other: Words) -> float | None:
    """The share of the fewer names and numbers that the other has too; 0 when those of one ending contradict."""
    shares = [
        len(mine & theirs) / min(len(mine), len(theirs))
        for end, mine in one.named.items()
        if (theirs := other.named.get(end))
    ]
    if not shares:
        return None
    return 0.0 if 0.0 in shares else sum(shares) / len(shares)


def may_be_within(within_m: float, one: Matter, other: Matter) -> bool:
    """Whether the two may be so near, as far as their places are known; without a look at the texts."""
    away = _away(one, other)
    return away is None or away <= within_m


def _away(one: Matter, other: Matter) -> float | None:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return metres(one.lon, one.lat, other.lon, other.lat)


def _category(one: Matter, other: Matter) -> float | None:
    """The same, of one group, or neither. The old code of a split may be each of its parts: no surer than a group."""
    if one.category is None or other.category is None:
        return None
    mine, theirs = one.kinds, other.kinds
    if one.category == other.category or (mine == theirs and len(mine) == 1):
        return 1.0
    return 0.5 if mine & theirs or {kind[:2] for kind in mine} & {kind[:2] for kind in theirs} else 0.0


def _fading(much: float, half: float) -> float:
    return exp(-log(2) * much / half)
