"""What people wrote, and keys with colons in them, are printed as they stand."""

import pytest
from rich.table import Table

from infra.commands.demo import name_some
from infra.commands.findings_table import console_for
from infra.commands.outage import say_aside

WRITTEN = "incident.reports:100:7 [b]井盖[/b] :fire:"


def test_no_emoji_is_read_into_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("键 key")
    table.add_row("incident.reports:100:7")
    console_for().print(table)
    name_some(console_for(), "被拒 refused", [WRITTEN])
    say_aside(WRITTEN)
    printed = capsys.readouterr()
    assert "incident.reports:100:7 │" in printed.out
    assert f"  {WRITTEN}\n" in printed.out
    assert printed.err == f"{WRITTEN}\n"
