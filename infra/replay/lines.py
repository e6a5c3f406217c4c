"""The reports of a demo: a file's lines as they are, or our own texts under new ids."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import orjson

from api.models.report import Report
from gridward.domain.errors import Refused

TEXTS = Path(__file__).parents[1] / "demo" / "texts.jsonl"
FIELDS = frozenset(Report.model_fields)


@dataclass(frozen=True, slots=True)
class Line:
    """One report to send: the line it stood on (from 1), its id, and the body as JSON."""

    no: int
    id: str
    body: bytes


def read_lines(file: Path) -> list[Line]:
    """A file's reports, ids and times as given. Raises `Refused`, naming the line."""
    return [Line(no, str(data["id"]), orjson.dumps(data)) for no, data in objects(file)]


def demo_lines(run: UUID, file: Path = TEXTS) -> list[Line]:
    """Our own texts, happening now, under ids that follow from the run: another run makes other incidents."""
    lines: list[Line] = []
    for no, data in objects(file, needed=("text", "source")):
        id = str(uuid5(run, str(no)))
        fresh = {name: value for name, value in data.items() if name != "occurred_at"}
        lines.append(Line(no, id, orjson.dumps({**fresh, "id": id})))
    return lines


def objects(
    file: Path, needed: Sequence[str] = ("id", "text", "source")
) -> Iterable[tuple[int, dict[str, Any]]]:
    """Number and content of each line that is not empty. Whether a report is right, the door says."""
    with file.open("rb") as source:
        for no, line in enumerate(source, 1):
            if line.strip():
                yield no, parsed(no, line, needed)


def parsed(no: int, line: bytes, needed: Sequence[str]) -> dict[str, Any]:
    try:
        data = orjson.loads(line)
    except ValueError as error:
        raise Refused(f"第 {no} 行不是 JSON / line {no} is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise Refused(f"第 {no} 行不是一条上报 / line {no} is not a report")
    unknown = sorted(data.keys() - FIELDS)
    if unknown:
        raise Refused(f"第 {no} 行有未知字段 / line {no} has unknown fields: {', '.join(unknown)}")
    missing = [name for name in needed if name not in data]
    if missing:
        raise Refused(f"第 {no} 行缺少字段 / line {no} lacks {', '.join(missing)}")
    return data


def chosen(lines: list[Line], shuffle: int | None, limit: int | None) -> list[Line]:
    """The first `limit` lines, in the order that the seed `shuffle` gives them."""
    some = lines[:limit]
    if shuffle is not None:
        random.Random(shuffle).shuffle(some)
    return some
