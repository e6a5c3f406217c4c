"""Waiting for something that another process does."""

import time
from collections.abc import Callable

import psutil


def eventually(true: Callable[[], bool], patience_s: float = 10.0) -> bool:
    """Whether `true()` came to hold within `patience_s` seconds."""
    deadline = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    """Whether no such process runs any more (a zombie that nobody collected yet does not run)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
