"""Apache Kafka's jars from their Maven coordinates, each checked against a committed SHA-256.

The verified jars lie in one folder of the user's cache, named by the list's own hash, so that every data folder
and every test run shares them, and a changed list never meets old jars.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.stack.trouble import Trouble

# Two, resolved apart: together, the second one's managed versions would override Kafka's own.
COORDINATES = ("org.apache.kafka:kafka_2.13:4.3.1", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4")
DOWNLOADS = 6
PINS = Path(__file__).parent / "kafka.sha256"


def cache_root() -> Path:
    return Path.home() / ".cache" / "gridward"


def kafka_jars(root: Path | None = None) -> Path:
    """The folder of verified jars; fetched the first time. Raises Trouble when one differs or cannot be had."""
    expected = pins()
    digest = hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]
    folder = (root or cache_root()) / f"kafka-{digest}"
    if not folder.exists():
        _fetch(folder, expected)
    return folder


def pins() -> dict[str, str]:
    """File name -> SHA-256, as committed."""
    rows = (line.split() for line in PINS.read_text().splitlines() if line)
    return {name: digest for digest, name in rows}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def verify(jars: Iterable[Path], expected: Mapping[str, str]) -> None:
    """Raises Trouble when a jar is not the pinned one, or a pinned one is not among them."""
    found = {jar.name: sha256(jar) for jar in jars}
    for name, digest in sorted(found.items()):
        if expected.get(name) != digest:
            raise Trouble(
                f"下载的 {name} 与登记的 SHA-256 不符，拒绝使用",
                f"{name} does not match its pinned SHA-256, it is not used",
            )
    absent = ", ".join(sorted(expected.keys() - found.keys()))
    if absent:
        raise Trouble(f"缺少 Kafka 组件：{absent}", f"Kafka's jars lack {absent}")


def _fetch(folder: Path, expected: Mapping[str, str]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        jars = resolve(Path(scratch))
        verify(jars, expected)
        verified = Path(scratch) / "verified"
        verified.mkdir()
        for jar in jars:
            shutil.copy(jar, verified)
        # In one step, so that a run killed here leaves no half a folder. Another run may have been first.
        try:
            verified.rename(folder)
        except OSError:
            if not folder.exists():
                raise


def resolve(scratch: Path) -> list[Path]:
    """Every jar of the coordinates and what they need, as the registry has them now.

    Through jgo's resolver alone: its environments would look for a Java of their own to sort the jars with.
    """
    # Imported here: it takes a moment, and only the first run ever needs it.
    from jgo.maven import MavenContext

    context = MavenContext(repo_cache=scratch / "repository", timeout=60)
    try:
        artifacts = {str(found): found for name in COORDINATES for found in _artifacts(context, name)}
        with ThreadPoolExecutor(DOWNLOADS) as pool:
            return list(pool.map(lambda artifact: Path(artifact.resolve()), artifacts.values()))
    except Exception as error:
        raise Trouble(f"无法获取 Kafka：{error}", f"Kafka's jars could not be fetched: {error}") from error


def _artifacts(context: Any, coordinate: str) -> list[Any]:
    """The artifact itself and what it needs to compile against or to run; nothing that only its tests need."""
    from jgo.parse import Coordinate

    wanted = replace(Coordinate.parse(coordinate), scope="compile")
    inputs, transitive = context.resolver.resolve([context.create_dependency(wanted)])
    needed = [dependency for dependency in transitive if dependency.scope in ("compile", "runtime")]
    return [dependency.artifact for dependency in (*inputs, *needed)]
