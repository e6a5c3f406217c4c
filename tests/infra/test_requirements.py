"""Everything that is fetched is pinned by hash, and no committed file says from where."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PINNED = sorted((ROOT / "requirements").glob("*.txt"))
# In pieces, since this file is committed, too.
HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("registry", "npmmirror", "com"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("deb", "debian", "org"),
    )
)


@pytest.mark.parametrize("path", PINNED, ids=lambda path: path.name)
def test_each_requirement_has_an_exact_version_and_hashes(path: Path) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^#.*\n", "", path.read_text(), flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
        assert "://" not in entry, entry


def test_no_committed_file_names_a_registry() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [
        f"{name}: {host}"
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file()
        for host in HOSTS
        if host.encode() in (ROOT / name).read_bytes()
    ]
    assert found == []
