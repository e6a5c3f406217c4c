"""The one folder that data lasts in between runs, held by one run at a time."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from infra.stack.trouble import Trouble

LEAST_FREE_BYTES = 2 * 1024**3
POSTGRES_USER = "postgres"


def free_bytes(path: Path) -> int:
    return shutil.disk_usage(path).free


class DataFolder:
    """Where each part keeps its files. `open` takes the lock that makes a second run on it impossible."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._lock: IO[str] | None = None

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def pid_file(self, name: str) -> Path:
        return self.root / "pids" / name

    def postgres(self) -> Path:
        """The database's folder: ours, unless it must belong to a user who cannot come here.

        PostgreSQL refuses to run as root; as root it runs as user `postgres`, to whom a home folder
        with mode 0700 above us is closed.
        """
        if os.geteuid() != 0 or _enterable(self.root, POSTGRES_USER):
            return self.root / "pg"
        digest = hashlib.sha256(str(self.root).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"gridward-{digest}"

    def open(self, *, fresh: bool = False, free: Callable[[Path], int] = free_bytes) -> Self:
        """Make the folder, take its lock, and empty it when `fresh`.

        Raises Trouble when it cannot be written, another run holds it, or less than 2 GB is free.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / "lock").open("a+")
        except OSError as error:
            raise Trouble(
                f"数据目录不可写：{self.root}（{error.strerror}）",
                f"the data folder cannot be written: {self.root} ({error.strerror})",
            ) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise Trouble(
                f"另一个网格哨正在使用 {self.root}，请先停止它或另选 --data",
                f"another gridward runs on {self.root}: stop it first or choose another --data",
            ) from None
        self._lock = lock
        if fresh:
            self._wipe()
        self._check_space(free)
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _check_space(self, free: Callable[[Path], int]) -> None:
        room = free(self.root)
        if room < LEAST_FREE_BYTES:
            self.close()
            megabytes = room // 1024**2
            raise Trouble(
                f"磁盘空间不足：{self.root} 仅剩 {megabytes} MB，至少需要 2 GB",
                f"the disk is nearly full: {megabytes} MB left at {self.root}, 2 GB are needed",
            )

    def _wipe(self) -> None:
        """Everything but the lock that we hold; the database also where it had to move to."""
        shutil.rmtree(self.postgres(), ignore_errors=True)
        for path in self.root.iterdir():
            if path.name == "lock":
                continue
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _enterable(folder: Path, user: str) -> bool:
    """Whether `user` may reach what lies in `folder` (asked by trying, as modes and ACLs add up)."""
    probe = subprocess.run(
        ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", "test", "-x", str(folder)],
        capture_output=True,
        check=False,
    )
    return probe.returncode == 0
