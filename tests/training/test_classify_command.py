"""`gridward classify` answers for a file as the worker would, or says which line is wrong."""

import json
from pathlib import Path

from typer.testing import CliRunner

from gridward.policy.classify import classify
from gridward.policy.load import bundled_policy
from infra.cli import app

RUN = CliRunner()


def test_it_says_what_the_worker_would(tmp_path: Path) -> None:
    texts = ["村口垃圾桶满了，垃圾没清运，臭味很大", "家里着火了，快来人啊！", "", "今天天气不错"]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [json.dumps({"id": n, "text": text}, ensure_ascii=False) for n, text in enumerate(texts)]
    source.write_text("\n".join(lines), encoding="utf-8")
    result = RUN.invoke(app, ["classify", "--in", str(source), "--out", str(out)])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    found = classify(texts, bundled_policy())
    assert [row["id"] for row in rows] == [0, 1, 2, 3]
    assert [(row["code"], row["severity"], row["urgent"]) for row in rows] == [
        (one.code, one.severity, one.urgent) for one in found
    ]
    assert [row["route"] for row in rows] == ["auto", "auto", "desk", "desk"]
    assert rows[1]["urgent"]
    assert rows[0]["alternatives"][0]["code"] == rows[0]["code"]
    assert [one["share"] for one in rows[0]["alternatives"]] == [
        share for _, share, _ in found[0].alternatives
    ]
    assert rows[0]["reasons"]["words"]


def test_a_wrong_line_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"id": 1, "text": "路灯不亮"}\n{"id": 2}\n', encoding="utf-8")
    result = RUN.invoke(app, ["classify", "--in", str(source), "--out", str(out)])
    assert result.exit_code != 0
    assert "line 2" in result.output
    assert not out.exists()
