"""Ports on the loopback interface: is one free, does something answer, give me a free one."""

import socket

from infra.stack.trouble import Trouble

LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def require_free(port: int, what: str) -> None:
    """Raises Trouble naming the port and what it was meant for when another program has it."""
    with socket.socket() as probe:
        # A port that only waits out old connections can be had, as the servers take it the same way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            raise Trouble(
                f"端口 {port}（{what}）已被其他程序占用，请停止该程序或换一个 --port",
                f"port {port} ({what}) is taken by another program: end it or choose another --port",
            ) from None
