"""The shared data folder that the geometry tests read."""

import os
from pathlib import Path

import pytest

from gridward.settings import Settings


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of others' data; missing is a failure where CI expects it and a loud skip elsewhere."""
    folder = Settings().shared_data
    if not folder.is_dir():
        reason = f"no shared data at {folder}; set GRIDWARD_SHARED_DATA"
        if os.environ.get("CI") == "true":  # noqa: TID251  (the test run's own switch, not a setting)
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
