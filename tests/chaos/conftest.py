"""A whole system for each test, with the ten real townships and one unit of each kind in each of them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.stack.kafka import TEST_BROKER
from infra.stack.postgres import SETTINGS
from infra.stack.system import System


@pytest.fixture
def system(shared_data: Path) -> Iterator[System]:
    """Running and ready. Postgres syncs to disk as in the field: that is what a kill is about."""
    root = Path(tempfile.mkdtemp(prefix="gridward-chaos-", dir="/var/tmp"))
    root.chmod(0o755)
    try:
        with System(root, SETTINGS, TEST_BROKER) as system:
            system.start_servers()
            load_townships(system, shared_data, root)
            system.start_processes()
            yield system
    finally:
        shutil.rmtree(root, ignore_errors=True)


def load_townships(system: System, shared_data: Path, root: Path) -> None:
    units = str(root / "units.yaml")
    for command in (
        ("policy", "load", "--yes"),
        ("grids", "import", str(shared_data / "geo" / "yunhe_townships_clean_wgs84.geojson")),
        ("units", "template", "--out", units),
        ("units", "import", units),
    ):
        done = system.gridward(*command)
        assert done.returncode == 0, f"gridward {' '.join(command)}\n{done.stdout}{done.stderr}"
