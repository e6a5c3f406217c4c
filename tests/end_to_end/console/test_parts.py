"""The console's pure parts have tests of their own, in their own language."""

import subprocess
from pathlib import Path

import pytest

from infra.stack import web
from infra.stack.node import node


@pytest.mark.timeout(180)
def test_the_consoles_own_tests_pass(tmp_path: Path) -> None:
    web.build(tmp_path / "web.log")
    tool = node(tmp_path / "node.log")
    path = [f"PATH={tool.path}:/usr/local/bin:/usr/bin:/bin"] if tool.path else []
    done = subprocess.run(
        ["env", *path, *tool.npm, "test"],
        cwd=web.WEB,
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "passed" in done.stdout
