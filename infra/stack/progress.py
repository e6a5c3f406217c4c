"""Tells the person at the terminal what is going on, with the seconds since the start."""

import time

from rich.console import Console

from infra.console import plain_console


class Progress:
    """One line for each step, Chinese first."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or plain_console(highlight=False, soft_wrap=True)
        self._began = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began

    def say(self, zh: str, en: str) -> None:
        self._console.print(f"[dim]{self.elapsed_s:6.1f} s[/dim]  {zh} [dim]{en}[/dim]")
