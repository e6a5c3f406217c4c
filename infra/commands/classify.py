"""`gridward classify`: what the worker would make of texts in a file, by the same function."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from gridward.domain.errors import Refused
from gridward.policy.classify import Classification
from gridward.policy.classify import classify as judge
from gridward.policy.files import BUNDLED
from gridward.policy.load import bundled_policy
from infra.commands.outage import one_clear_line
from infra.console import plain_console

AT_ONCE = 400  # texts, as in a batch of the worker


def classify(
    source: Annotated[Path, typer.Option("--in", help='输入 JSON 行 lines of {"id", "text"}')],
    out: Annotated[Path, typer.Option("--out", help="输出 JSON 行 where the answers go, one a line")],
    policy: Annotated[Path, typer.Option(help="策略目录 folder of the policy")] = BUNDLED,
) -> None:
    """分类 Classify texts exactly as the worker does: category, alternatives, severity, urgent, auto or desk."""
    with one_clear_line():
        rules = bundled_policy(policy)
        rows = list(_rows(source))
        lines: list[str] = []
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            found = judge([text for _, text in some], rules)
            lines += [_line(id, one) for (id, _), one in zip(some, found, strict=True)]
        try:
            out.write_text("".join(lines), encoding="utf-8")
        except OSError as error:
            raise Refused(f"{out}: 无法写入, cannot be written: {error.strerror}") from error
    plain_console().print(f"{len(rows)} → {out}", highlight=False)


def _rows(source: Path) -> Iterator[tuple[Any, str]]:
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{source}: 无法读取, cannot be read as UTF-8: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            id, text = row["id"], row["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(
                f'{source}: 第 {number} 行应为 {{"id": …, "text": …}}, line {number} should be such an object'
            ) from error
        if not isinstance(text, str):
            raise Refused(
                f"{source}: 第 {number} 行 text 应为字符串, text of line {number} should be a string"
            )
        yield id, text


def _line(id: Any, found: Classification) -> str:
    row = {
        "id": id,
        "code": found.code,
        "alternatives": [{"code": code, "share": share} for code, share, _ in found.alternatives],
        "confidence": found.confidence,
        "severity": found.severity,
        "urgent": found.urgent,
        "route": "desk" if found.doubt else "auto",
        "reasons": {
            "words": list(found.words),
            "doubt": found.doubt.value if found.doubt else None,
            "alternatives": {code: list(words) for code, _, words in found.alternatives if words},
        },
    }
    return json.dumps(row, ensure_ascii=False) + "\n"
