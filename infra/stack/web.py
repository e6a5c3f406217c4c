"""Builds the web app, and only when its sources changed since the last build."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from infra.stack.node import node
from infra.stack.tools import run_tool

ROOT = Path(__file__).parents[2]
WEB = ROOT / "dashboards" / "web"
# Outside the app's own folder, yet built into it.
ALSO = (ROOT / "gridward" / "glossary.json",)
MADE = frozenset({"node_modules", "dist"})


def build(log: Path, web: Path = WEB) -> bool:
    """`npm ci` and `npm run build` in `web`; False when what is there already fits the sources."""
    stamp = web / "dist" / ".sources"
    digest = sources_digest(web)
    if stamp.exists() and stamp.read_text() == digest:
        return False
    tool = node(log)
    path = [f"PATH={tool.path}:/usr/local/bin:/usr/bin:/bin"] if tool.path else []
    run_tool("npm ci", ["env", *path, *tool.npm, "ci", "--no-audit", "--no-fund"], log, cwd=web)
    run_tool("npm run build", ["env", *path, *tool.npm, "run", "build"], log, cwd=web)
    stamp.write_text(digest)
    return True


def sources_digest(web: Path = WEB) -> str:
    """SHA-256 over names and contents of everything that the built files depend on."""
    total = hashlib.sha256()
    for path in sorted(_sources(web)):
        total.update(f"{path.relative_to(path.anchor)}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources(web: Path) -> Iterator[Path]:
    for entry in web.iterdir():
        if entry.name in MADE:
            continue
        yield from (path for path in entry.rglob("*") if path.is_file()) if entry.is_dir() else [entry]
    yield from (path for path in ALSO if path.exists())
