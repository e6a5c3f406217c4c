"""Resident memory of each process, its children included."""

import psutil

from infra.bench.figures import Figure, figure
from infra.stack.system import System


def measure(system: System) -> list[Figure]:
    return [
        figure(f"memory of {name}", "MB", [proportional_mb(child.pid)])
        for name, child in system.parts.items()
    ]


def proportional_mb(pid: int) -> float:
    """Proportional set size: what Postgres's processes share is counted once."""
    parent = psutil.Process(pid)
    family = [parent, *parent.children(recursive=True)]
    return sum(process.memory_full_info().pss for process in family) / 1e6
