"""Short-lived helper programs (initdb, npm, apt-get): run to their end, with what they said when they fail."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from infra.stack.processes import bound, log_tail
from infra.stack.trouble import Trouble

_running: set[subprocess.Popen[bytes]] = set()


def run_tool(
    name: str, argv: Sequence[str], log: Path, *, user: str | None = None, cwd: Path | None = None
) -> None:
    """Run `argv` to its end with its output appended to `log`. Safe in a helper thread, which waits for it.

    Raises Trouble naming the tool and its last lines when it is missing or fails.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            bound(argv, user, signal.SIGKILL),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    _running.add(process)
    try:
        code = process.wait()
    finally:
        _running.discard(process)
    if code != 0:
        raise Trouble(
            f"{name} 失败（{code}），日志：{log}", f"{name} failed ({code}), its log: {log}\n{log_tail(log)}"
        )


def end_tools() -> None:
    """End whatever still runs, so that the threads that wait for it can finish."""
    for process in tuple(_running):
        process.kill()
