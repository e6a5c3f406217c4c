"""Child processes that cannot outlive us: each in its own process group, each bound to our death.

Two bonds, since each covers what the other cannot:

- its own process group, so that Ctrl-C at the terminal reaches only us and we end the children in our order;
- the kernel's parent-death signal (`PR_SET_PDEATHSIG`), so that even `kill -9` on us leaves no orphan.
  The kernel clears that signal when a process changes its user, and binds it to the *thread* that forked, not
  to the process. Therefore `setpriv` sets it, which does so after it changed the user, and `start` refuses to
  run outside the main thread: the end of a helper thread would take its children along.
"""

import contextlib
import os
import pwd
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.stack.files import replace_text
from infra.stack.trouble import Trouble

TAIL_LINES = 12


@dataclass(frozen=True, slots=True)
class Program:
    """How to run one child. `user` is set when it must not run as root; `stop_signal` is its gentle end."""

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    pid_file: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # What the kernel sends it when we die without a word.
    death_signal: signal.Signals = signal.SIGKILL


class Child:
    """One running program, which can be stopped gently, killed, and started again.

    Its process id is noted in the program's `pid_file`, so that a later run finds what an earlier one left.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError(f"{self.name} was never started")
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """The exit code (negative: the signal that ended it); None while it runs or before it started."""
        return None if self._process is None else self._process.poll()

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread only, see the module's docstring")
        self.program.log.parent.mkdir(parents=True, exist_ok=True)
        with self.program.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._argv(),
                cwd=self.program.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        if self.program.pid_file is not None:
            replace_text(self.program.pid_file, f"{self._process.pid}\n")

    def _argv(self) -> list[str]:
        settings = [f"{name}={value}" for name, value in self.program.env.items()]
        argv = ["env", *settings, *self.program.argv] if settings else self.program.argv
        return bound(argv, self.program.user, self.program.death_signal)

    def stop(self, grace_s: float = 20.0) -> None:
        """End it gently; whatever of its group is left after `grace_s` seconds is killed."""
        if self._process is None:
            return
        if self.running:
            self._process.send_signal(self.program.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        self.kill()

    def kill(self) -> None:
        """`kill -9` of the child and of everything in its group."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def died(self) -> Trouble:
        """The one line (and the log's last lines) that tells what became of it."""
        code = self.returncode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
        # One that was killed has not said why.
        tail = "" if code in (-signal.SIGKILL, -signal.SIGTERM) else log_tail(self.program.log)
        return Trouble(
            f"{self.name} 意外退出（{how}），日志：{self.program.log}",
            f"{self.name} ended ({how}), its log: {self.program.log}" + (f"\n{tail}" if tail else ""),
        )


def bound(argv: Sequence[str], user: str | None, death_signal: signal.Signals) -> list[str]:
    """`argv`, bound to the death of the thread that starts it, and run as `user` when one is given."""
    switch = ["--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--init-groups"] if user else []
    return ["setpriv", *switch, "--pdeathsig", death_signal.name, "--", *argv]


def log_tail(log: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log file, indented; empty when there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
