"""What people wrote is printed as it stands: `:100:` is the code of a grid and no emoji, `[x]` no style."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner

from geo.findings import Finding, Findings, Thresholds
from gridward.policy.files import BUNDLED
from infra.commands import policy as policy_command
from infra.commands.dead import table_of
from infra.commands.findings_table import print_findings
from infra.console import plain_console
from infra.dead.letters import Letter

INFRA = Path(policy_command.__file__).parents[1]
ODD = "网格:100:[x]"


def test_every_console_is_a_plain_one() -> None:
    others = [
        file.relative_to(INFRA).as_posix()
        for file in sorted(INFRA.rglob("*.py"))
        if " Console(" in file.read_text("utf-8") and file.name != "console.py"
    ]
    assert others == []


def test_codes_and_reasons_of_findings(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("orphan", (ODD,), f"{ODD}没有上级")
    print_findings(plain_console(width=200), "EPSG:4326", Findings((finding,), Thresholds(), 1))
    assert capsys.readouterr().out.count(ODD) == 2


def test_texts_of_dead_letters(capsys: pytest.CaptureFixture[str]) -> None:
    body = orjson.dumps({"text": ODD})
    letter = Letter("k", ODD, "t", datetime(2026, 11, 22, tzinfo=UTC), body, None, None)
    plain_console(width=200).print(table_of([letter]))
    assert capsys.readouterr().out.count(ODD) == 2


def test_what_a_check_of_the_policy_finds(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BUNDLED, tmp_path / "policy"))
    units = folder / "units.yaml"
    before = units.read_text("utf-8")
    units.write_text(before.replace('areas: ["990101101"]', 'areas: [":100:"]', 1), "utf-8")
    assert ":100:" in CliRunner().invoke(policy_command.app, ["check", str(folder)]).output
