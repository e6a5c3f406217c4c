"""Keeps a run's children together: those that can are started again when they die, else all of them end, in order."""

import signal
import time
from collections.abc import Callable, Collection
from types import FrameType, TracebackType
from typing import Self

from infra.stack.processes import Child
from infra.stack.tools import end_tools
from infra.stack.trouble import Trouble

POLL_S = 0.2
GRACE_S, GRACE_IN_TROUBLE_S = 20.0, 5.0
# One that dies more often than so many times within so many seconds has a reason that starting it again does not mend.
DEATHS, WITHIN_S = 5, 300.0
REST_S = 1.0  # before it is started again
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """We were asked to end. Not an `Exception`: nothing on the way may take it for an error to handle."""


class Supervisor:
    """Use in a `with` block around everything that starts children.

    Inside, SIGINT, SIGTERM and SIGHUP raise `Ended`. On the way out, for whatever reason, children are stopped
    in the reverse of their start: those that use a broker or a database before it.
    """

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in ENDING:
            self._before[number] = signal.signal(number, _raise_ended)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in ENDING:
            # Impatience must not leave the later ones running.
            signal.signal(number, signal.SIG_IGN)
        end_tools()
        # When one has died, others may wait for it in vain before they end.
        grace_s = GRACE_IN_TROUBLE_S if isinstance(error, Trouble) else GRACE_S
        for child in reversed(self._children):
            child.stop(grace_s)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def start(self, child: Child) -> None:
        """Start it and look after it from now on.

        Listed first: a signal may come at any moment, and what is not listed is not stopped.
        """
        self._children.append(child)
        child.start()

    def check(self) -> None:
        """Raises Trouble naming the first child that ended by itself."""
        for child in self._children:
            if not child.running:
                raise child.died()

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Return when `ready()`, looking after the children meanwhile."""
        while not ready():
            self.check()
            time.sleep(POLL_S)

    def run(
        self, revivable: Collection[Child] = (), say: Callable[[Trouble], None] = lambda trouble: None
    ) -> None:
        """Look after the children until we are asked to end (`Ended`), or one ends that is not `revivable`, or that
        dies again and again (`Trouble`). Each other death is told to `say`.
        """
        deaths: dict[str, list[float]] = {child.name: [] for child in revivable}
        while True:
            for child in self._children:
                if not child.running:
                    self._revive(child, deaths, say)
            time.sleep(POLL_S)

    def _revive(self, child: Child, deaths: dict[str, list[float]], say: Callable[[Trouble], None]) -> None:
        """Raises Trouble where that is of no use."""
        trouble, now = child.died(), time.monotonic()
        if child.name not in deaths:
            raise trouble
        deaths[child.name] = [moment for moment in deaths[child.name] if now - moment < WITHIN_S] + [now]
        if len(deaths[child.name]) > DEATHS:
            raise trouble
        say(trouble)
        child.kill()  # whatever of its group is left
        time.sleep(REST_S)
        child.start()


def _raise_ended(number: int, frame: FrameType | None) -> None:
    raise Ended(signal.Signals(number).name)
