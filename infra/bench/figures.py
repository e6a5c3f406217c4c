"""Figures with their spread, and the circumstances without which they say nothing."""

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

PACKAGES = ("faust-streaming", "aiokafka", "asyncpg", "fastapi", "shapely", "orjson", "uvloop")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: the median of several runs, with the least and the most."""

    name: str
    unit: str
    median: float
    least: float
    most: float
    runs: int
    aim: str = ""


def figure(name: str, unit: str, values: Sequence[float], aim: str = "") -> Figure:
    return Figure(name, unit, statistics.median(values), min(values), max(values), len(values), aim)


def share(values: Sequence[float], at: float) -> float:
    """The value below which `at` (0 to 1) of `values` lie."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * at), len(ordered) - 1)]


def circumstances() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "commit": subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
        ).stdout.strip(),
    }
