"""Labelled reports to learn from and to measure with, and unlabelled ones to learn the language from."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gridward.domain.errors import Refused
from gridward.policy.category_rows import Categories
from gridward.policy.history import today
from gridward.policy.normalise import normalise

OURS = Path(__file__).parent / "data"
LONGEST = 350  # characters of a complaint that are read, as by those who labelled them


@dataclass(frozen=True, slots=True)
class Example:
    """A report as a careful reader filed it; `also` is a second category that would be as right."""

    id: str
    text: str  # normalised
    code: str
    also: str | None
    severity: int
    urgent: bool | None  # None: nobody said
    origin: str  # the set it comes from


def read_examples(path: Path) -> list[Example]:
    """From JSON lines {"id", "text", "code", "alt", "sev", "urgent"}. Raises `Refused` naming the line."""
    return [_example(entry, path, number) for number, entry in _lines(path)]


def as_today(examples: Iterable[Example], table: Categories) -> tuple[list[Example], Counter[str]]:
    """The examples under today's categories, and by code how many are left out since none of today is theirs.

    Of a category that was split nobody can tell which part is meant, and one that was retired has no name to learn.
    """
    kept: list[Example] = []
    left_out: Counter[str] = Counter()
    for one in examples:
        code = _only_one(one.code, table)
        if code is None:
            left_out[one.code] += 1
        else:
            also = _only_one(one.also, table) if one.also else None
            kept.append(replace(one, code=code, also=also if also != code else None))
    return kept, left_out


def _only_one(code: str, table: Categories) -> str | None:
    codes = today(code, table)
    return next(iter(codes)) if len(codes) == 1 else None


def ours() -> list[Example]:
    """The short reports written for this project, that the repository holds."""
    return [one for path in sorted(OURS.glob("field_*.jsonl")) for one in read_examples(path)]


def labelled_messages(labels: Path, messages: Mapping[str, str]) -> list[Example]:
    """Real complaints whose labels are ours and whose texts are not: those among `messages` (id -> text)."""
    with labels.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Example(
            row["id"],
            messages[row["id"]],
            row["code"],
            row["alt"] or None,
            int(row["sev"]),
            row["urgent"] == "1",
            "messages",
        )
        for row in rows
        if row["id"] in messages
    ]


def read_messages(paths: Iterable[Path]) -> dict[str, str]:
    """Complaints by id, their title before their text, as labelled: cut at `LONGEST` characters; repeats once."""
    texts: dict[str, str] = {}
    seen: set[str] = set()
    for path in paths:
        for _, entry in _lines(path):
            text = normalise(_told(entry)[:LONGEST])
            if text not in seen:
                seen.add(text)
                texts.setdefault(str(entry["id"]), text)
    return texts


def _told(entry: Mapping[str, Any]) -> str:
    title, text = str(entry["title"]).strip(), re.sub(r"\s+", " ", str(entry["text"])).strip()
    return f"{title}{'' if title[-1:] in '。！？!?' else '。'}{text}"


def _example(entry: Mapping[str, Any], path: Path, number: int) -> Example:
    try:
        return Example(
            str(entry["id"]),
            normalise(str(entry["text"])),
            str(entry["code"]),
            str(entry["alt"]) if entry.get("alt") else None,
            int(entry["sev"]),
            None if entry["urgent"] is None else bool(entry["urgent"]),
            str(entry.get("origin") or path.stem),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(
            f"{path}: 第 {number} 行缺少或写错字段 {error}, line {number} needs id, text, code, alt, sev, urgent"
        ) from error


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    try:
                        yield number, json.loads(line)
                    except ValueError as error:
                        raise Refused(
                            f"{path}: 第 {number} 行不是 JSON, line {number} is no JSON: {error}"
                        ) from error
    except OSError as error:
        raise Refused(f"{path}: 无法读取, cannot be read: {error.strerror}") from error
