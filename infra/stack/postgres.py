"""PostgreSQL 15 with PostGIS as Debian packages it, run from a data folder of ours on a port of ours."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from infra.stack import debian
from infra.stack.folder import POSTGRES_USER, DataFolder
from infra.stack.leftovers import end_leftover, names_another
from infra.stack.ports import LOOPBACK, require_free
from infra.stack.processes import Child, Program
from infra.stack.tools import run_tool
from infra.stack.trouble import Trouble

BIN = Path("/usr/lib/postgresql/15/bin")
CONTROL = Path("/usr/share/postgresql/15/extension/postgis.control")
OWNER = "gridward"
START_PATIENCE_S = 60.0

# For a machine of two cores that the broker and both processes share; what is committed stays committed.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    # Nothing of ours uses it, and a long folder name does not fit into a socket's address.
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "2000",
    "logging_collector": "off",
}

# Tests kill processes, never the machine: what the kernel was given survives that, so waiting for the disk
# would only cost time.
TEST_SETTINGS: Mapping[str, str] = {**SETTINGS, "fsync": "off", "full_page_writes": "off"}


class Postgres(Child):
    """One server. `prepare` (any thread), `start` (main thread), then `wait_ready`."""

    def __init__(self, folder: DataFolder, port: int, settings: Mapping[str, str] = SETTINGS) -> None:
        self.folder = folder
        self.port = port
        self._settings = settings
        super().__init__(
            Program(
                name="PostgreSQL",
                argv=[],
                log=folder.log("postgres"),
                pid_file=folder.pid_file("postgres"),
                user=_user(),
                # "Fast": sessions are ended, nothing waits for them to leave.
                stop_signal=signal.SIGINT,
                death_signal=signal.SIGINT,
            )
        )

    @cached_property
    def data(self) -> Path:
        """Asked only once the packages are there: before, there may be no user who could enter our folder."""
        return self.folder.postgres()

    def url(self, database: str = OWNER) -> str:
        return f"postgresql://{OWNER}@{LOOPBACK}:{self.port}/{database}"

    def prepare(self) -> None:
        """Install the packages, clear away what a killed run left, make the cluster when there is none."""
        if not (BIN / "postgres").exists() or not CONTROL.exists():
            debian.require(debian.POSTGRES, self.folder.log("apt"))
        self._recover()
        require_free(self.port, "PostgreSQL")
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        options = [word for key, value in self._settings.items() for word in ("-c", f"{key}={value}")]
        argv = [str(BIN / "postgres"), "-D", str(self.data), "-p", str(self.port), *options]
        self.program = replace(self.program, argv=argv)

    def wait_ready(self, patience_s: float = START_PATIENCE_S) -> None:
        """Return when it takes connections. Raises Trouble when it ended instead or never did."""
        deadline = time.monotonic() + patience_s
        while not self._accepts():
            if not self.running:
                self._start_again_or_fail(deadline)
            if time.monotonic() > deadline:
                raise Trouble(
                    f"PostgreSQL {patience_s:.0f} 秒内未就绪", f"PostgreSQL not ready in {patience_s:.0f} s"
                )
            time.sleep(0.05)

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner and give back its output, unaligned."""
        answer = subprocess.run(
            [
                str(BIN / "psql"),
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                statement,
                self.url(database),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode != 0:
            raise RuntimeError(f"{statement}: {answer.stderr.strip()}")
        return answer.stdout.strip()

    def ensure_database(self, name: str) -> None:
        if not self.sql(f"select 1 from pg_database where datname = '{name}'"):
            self.sql(f'create database "{name}"')

    def _accepts(self) -> bool:
        argv = [str(BIN / "pg_isready"), "-q", "-h", LOOPBACK, "-p", str(self.port), "-d", "postgres"]
        return self.running and subprocess.run(argv, check=False).returncode == 0

    def _start_again_or_fail(self, deadline: float) -> None:
        """After `kill -9` the old server's sessions need a moment to notice; until then a new one is refused."""
        tail = self.program.log.read_text(errors="replace")[-600:]
        if "pre-existing shared memory block" not in tail or time.monotonic() > deadline:
            raise self.died()
        time.sleep(0.2)
        self.start()

    def _recover(self) -> None:
        marker = str(self.data)
        end_leftover(self.folder.pid_file("postgres"), marker)
        own = self.data / "postmaster.pid"
        if names_another(own, marker):
            # Its number may by now belong to another program of the same user, and the server would refuse.
            own.unlink()

    def _initdb(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        user = _user()
        if user is not None:
            shutil.chown(self.data, user, user)
        argv = [str(BIN / "initdb"), "-D", str(self.data), "-U", OWNER, "--auth=trust", "--encoding=UTF8"]
        run_tool("initdb", [*argv, "--locale=C.UTF-8"], self.folder.log("initdb"), user=user, cwd=Path("/"))


def _user() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    return POSTGRES_USER if os.geteuid() == 0 else None
