"""Debian packages that a machine may lack: installed when we may, else the one command to run is printed."""

import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from infra.stack.tools import run_tool
from infra.stack.trouble import Trouble

POSTGRES = ("postgresql-15", "postgresql-15-postgis-3")
BROWSER = ("chromium", "fonts-noto-cjk")


def missing(packages: Sequence[str]) -> list[str]:
    """Those of `packages` that dpkg does not list as installed."""
    return [name for name in packages if not _installed(name)]


def as_root() -> list[str] | None:
    """What to put before a command so that it runs as root; None when we may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def require(packages: Sequence[str], log: Path, may: Callable[[], list[str] | None] = as_root) -> None:
    """Install what is missing of `packages`. Raises Trouble with the one command to run when we may not."""
    absent = missing(packages)
    if not absent:
        return
    prefix = may()
    if prefix is None:
        command = f"sudo sh -c 'apt-get update && apt-get install -y {' '.join(absent)}'"
        raise Trouble(f"缺少系统软件包，请先执行：{command}", f"missing packages, please run: {command}")
    run_tool("apt-get update", [*prefix, "apt-get", "-q", "update"], log)
    quiet = [
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "install",
        "-y",
        "--no-install-recommends",
    ]
    run_tool("apt-get install", [*prefix, *quiet, *absent], log)


def _installed(package: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return False
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        check=False,
    )
    return answer.stdout == b"installed"
