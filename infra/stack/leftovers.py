"""What a killed run may leave: a process that still ends, a pid file that names nobody or somebody else."""

import contextlib
from pathlib import Path

import psutil


def end_leftover(pid_file: Path, marker: str, patience_s: float = 15.0) -> bool:
    """End the process that `pid_file` names, if its command line really holds `marker`; True when one was ended.

    The caller holds the data folder's lock, so nobody else's live run can be meant. A number that by now belongs
    to another program is left alone. The pid file goes in any case.
    """
    process = _named_by(pid_file, marker)
    pid_file.unlink(missing_ok=True)
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
        try:
            process.wait(patience_s)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(patience_s)
    return True


def names_another(pid_file: Path, marker: str) -> bool:
    """True when the file's first line is the id of nobody, or of a program without `marker`."""
    return pid_file.exists() and _named_by(pid_file, marker) is None


def _named_by(pid_file: Path, marker: str) -> psutil.Process | None:
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if any(marker in word for word in process.cmdline()) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
