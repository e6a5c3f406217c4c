"""How often two reports that are called one matter are one: on pairs labelled by hand, real and invented.

The labels of real messages name them by id; their texts stay with the shared data. Exact repeats are those that the
source itself flagged. Real messages have no coordinates, so that their places speak only by names in the text.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gridward.policy.classify import classify
from gridward.policy.policy import Policy
from gridward.policy.same import Likeness, Matter, is_likely, likeness, may_join, may_join_in_doubt
from gridward.policy.same_rows import SameRows

DATA = Path(__file__).parent / "data"
START = datetime(2026, 1, 1, tzinfo=UTC)
LON, LAT = 118.41, 30.93
METRES_PER_DEGREE_LAT = 111_320.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, the earlier one first, and whether they are one matter. `guess`: what the later one may be about,
    where its kind is in doubt.
    """

    one: Matter
    other: Matter
    same: bool
    guess: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    pair: Pair
    like: Likeness
    joined: bool
    likely: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a set of pairs: how many were called one matter, how many of those rightly, how many are one at all."""

    name: str
    pairs: int
    same: int
    joined: int
    joined_rightly: int
    likely: int
    likely_rightly: int

    @property
    def precision(self) -> float | None:
        return self.joined_rightly / self.joined if self.joined else None

    @property
    def recall(self) -> float | None:
        return self.joined_rightly / self.same if self.same else None

    @property
    def likely_precision(self) -> float | None:
        return self.likely_rightly / self.likely if self.likely else None

    @property
    def likely_recall(self) -> float | None:
        return self.likely_rightly / self.same if self.same else None


def invented() -> list[Pair]:
    """The pairs that were made up, with distances and categories."""
    lines = (DATA / "invented_pairs.jsonl").read_text("utf-8").splitlines()
    return [_invented(json.loads(line)) for line in lines]


def _invented(row: dict[str, object]) -> Pair:
    away, days = row["away_m"], float(str(row["days"]))
    first, second = (str(code) for code in row["categories"])  # type: ignore[attr-defined]
    known = away is not None
    north = LAT + (float(str(away)) / METRES_PER_DEGREE_LAT if known else 0.0)
    lon = LON if known else None
    return Pair(
        Matter(str(row["one"]), START, first, lon, LAT if known else None),
        Matter(str(row["other"]), START + timedelta(days=days), second, lon, north if known else None),
        bool(row["same"]),
    )


def labelled(shared_text: Path, policy: Policy, drawn: str) -> list[Pair]:
    """The labelled pairs of real messages: `sample`, drawn by likeness over its whole range, or `joined`, the
    others that the rule joins among all messages. `shared_text`: the folder with messages_unlabelled.jsonl.
    """
    messages = _messages(shared_text, policy)
    with (DATA / "labelled_pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["drawn"] == drawn]
    return [_pair(messages[row["one"]], messages[row["other"]], row["same"] == "1") for row in rows]


def repeats(shared_text: Path, policy: Policy) -> list[Pair]:
    """Each message that its source flags as an exact repeat, with the earlier one."""
    messages = _messages(shared_text, policy)
    by_text: dict[str, list[Matter]] = {}
    for matter in messages.values():
        by_text.setdefault(matter.text.split("。", 1)[1], []).append(matter)
    return [
        _pair(group[0], later, True) for group in by_text.values() for later in group[1:] if len(group) > 1
    ]


def in_doubt_at_one_place(pairs: Iterable[Pair]) -> list[Pair]:
    """The same pairs as if nobody were sure of their kind, and all lay at one place and came on one day: where words
    alone tell them apart.
    """
    return [Pair(_unsure(pair.one), _unsure(pair.other), pair.same, pair.other.category) for pair in pairs]


def _unsure(matter: Matter) -> Matter:
    return replace(matter, at=START, category=None, lon=LON, lat=LAT)


def _pair(one: Matter, other: Matter, same: bool) -> Pair:
    return Pair(one, other, same) if one.at <= other.at else Pair(other, one, same)


def _messages(shared_text: Path, policy: Policy) -> dict[str, Matter]:
    with (shared_text / "messages_unlabelled.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [f"{row['title'].strip()}。{row['text'].strip()}" for row in rows]
    found = classify(texts, policy)
    return {
        row["id"]: Matter(text, datetime.fromisoformat(row["reported_at"]).replace(tzinfo=UTC), kind.code)
        for row, text, kind in zip(rows, texts, found, strict=True)
    }


def every_kind(rules: SameRows) -> SameRows:
    """The same rules without the kinds and words that never join: what the signs alone are worth."""
    return rules.model_copy(update={"join": rules.join.model_copy(update={"never": [], "words": []})})


def judge(pairs: Iterable[Pair], rules: SameRows) -> list[Judged]:
    judged = []
    for pair in pairs:
        like = likeness(pair.one, pair.other, rules)
        joined = may_join(pair.one, pair.other, like, rules) or may_join_in_doubt(
            pair.one, pair.other, like, rules, pair.guess
        )
        judged.append(Judged(pair, like, joined, is_likely(like, rules)))
    return judged


def figures(name: str, judged: Sequence[Judged]) -> Figures:
    same = [one for one in judged if one.pair.same]
    return Figures(
        name,
        len(judged),
        len(same),
        sum(one.joined for one in judged),
        sum(one.joined for one in same),
        sum(one.likely for one in judged),
        sum(one.likely for one in same),
    )
