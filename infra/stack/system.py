"""A whole system in one program's hand, each part of which can be killed and started again: for chaos and bench."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from gridward.store.migrate import migrate
from infra.stack import web
from infra.stack.addresses import Addresses, Ports
from infra.stack.folder import DataFolder
from infra.stack.health import healthy
from infra.stack.kafka import BROKER, Kafka
from infra.stack.ports import LOOPBACK, free_port
from infra.stack.postgres import OWNER, SETTINGS, Postgres
from infra.stack.processes import Child, Program, bound
from infra.stack.topics import TopicAdmin
from infra.stack.trouble import Trouble

PATIENCE_S = 90.0


class System:
    """Real Postgres, real Kafka, the API and any number of workers, on free ports, in a folder of its own."""

    def __init__(
        self,
        root: Path,
        postgres_settings: Mapping[str, str] = SETTINGS,
        kafka_settings: Mapping[str, str] = BROKER,
    ) -> None:
        self.folder = DataFolder(root)
        ports = Ports(*(free_port() for _ in range(5)))
        self.addresses = Addresses(
            ports,
            f"postgresql://{OWNER}@{LOOPBACK}:{ports.postgres}/{OWNER}",
            f"{LOOPBACK}:{ports.kafka}",
            own_postgres=True,
            own_kafka=True,
        )
        self.postgres = Postgres(self.folder, ports.postgres, postgres_settings)
        self.kafka = Kafka(self.folder, ports.kafka, ports.controller, kafka_settings)
        self.api = self.process("API", "api")
        self.worker = self.process("worker", "stream")
        self.others: list[Child] = []

    @property
    def environment(self) -> dict[str, str]:
        return self.addresses.environment(self.folder.keys, web.WEB / "dist")

    @property
    def parts(self) -> dict[str, Child]:
        return {"postgres": self.postgres, "kafka": self.kafka, "api": self.api, "worker": self.worker}

    def __enter__(self) -> Self:
        self.folder.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in (*self.others, self.worker, self.api):
            with contextlib.suppress(OSError):
                child.stop(10)
        self.kafka.kill()
        self.postgres.kill()
        self.folder.close()

    def process(self, name: str, module: str, **settings: str) -> Child:
        return Child(
            Program(
                name=name,
                argv=[sys.executable, "-m", module],
                log=self.folder.log(name.lower().replace(" ", "-")),
                env={"PYTHONUNBUFFERED": "1", **self.environment, **settings},
                cwd=web.ROOT,
            )
        )

    def start_servers(self) -> None:
        """Postgres with a migrated database, and Kafka with its topics."""
        for server in (self.postgres, self.kafka):
            server.prepare()
            server.start()
        self.postgres.wait_ready()
        self.postgres.ensure_database(OWNER)
        migrate(self.addresses.database_url)
        self.kafka.wait_ready()
        with TopicAdmin(self.addresses.kafka, self.addresses.topic_prefix) as admin:
            admin.create_missing()

    def start_processes(self) -> None:
        for child in (self.worker, self.api):
            child.start()
        self.wait_ready()

    def start_another_worker(self) -> Child:
        """One more worker beside the first, with a web port of its own."""
        port = free_port()
        child = self.process(f"worker {len(self.others) + 2}", "stream", GRIDWARD_WORKER_PORT=str(port))
        child.start()
        self.others.append(child)
        wait_healthy(child, f"http://{LOOPBACK}:{port}/readyz")
        return child

    def wait_ready(self, patience_s: float = PATIENCE_S) -> None:
        """Until the API and the worker both say so. Raises Trouble with the log of one that died."""
        wait_healthy(self.worker, f"{self.addresses.worker_url}/readyz", patience_s)
        wait_healthy(self.api, f"{self.addresses.api_url}/readyz", patience_s)

    def restart(self, name: str) -> None:
        """Start a part that was killed; servers recover by themselves from what is on their disk."""
        child = self.parts[name]
        child.kill()
        if isinstance(child, Postgres | Kafka):
            child.prepare()
        child.start()
        if isinstance(child, Postgres | Kafka):
            child.wait_ready()

    def gridward(self, *arguments: str, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
        """Run a `gridward` command against this system."""
        return subprocess.run(
            self.command(arguments),
            env=self.full_environment(),
            cwd=web.ROOT,
            text=True,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )

    def gridward_beside(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a `gridward` command that runs beside what follows; it ends with us."""
        return subprocess.Popen(
            bound(self.command(arguments), None, self.api.program.death_signal),
            env=self.full_environment(),
            cwd=web.ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def command(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "infra.cli", *arguments]

    def full_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}  # noqa: TID251, a child inherits what we were given


def wait_healthy(child: Child, url: str, patience_s: float = PATIENCE_S) -> None:
    """Return when `url` answers 200. Raises Trouble when the child ended or stays silent."""
    limit = time.monotonic() + patience_s
    while not healthy(url):
        if not child.running:
            raise child.died()
        if time.monotonic() > limit:
            raise Trouble(f"{child.name} 未就绪：{url}", f"{child.name} is not ready: {url}")
        time.sleep(0.1)
