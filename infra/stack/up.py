"""Brings the whole product up on one machine, step by step, and keeps it up."""

import contextlib
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from infra.stack import web
from infra.stack.addresses import Addresses
from infra.stack.background import Background
from infra.stack.files import replace_text
from infra.stack.folder import DataFolder
from infra.stack.health import healthy
from infra.stack.kafka import Kafka
from infra.stack.ports import require_free
from infra.stack.postgres import OWNER, Postgres
from infra.stack.processes import Child, Program
from infra.stack.progress import Progress
from infra.stack.supervisor import Supervisor
from infra.stack.trouble import Trouble

READY_PATIENCE_S = 90.0
T = TypeVar("T")


class Stack:
    """One run: servers, then data, then the two processes. Everything it starts belongs to `supervisor`."""

    def __init__(
        self, folder: DataFolder, addresses: Addresses, supervisor: Supervisor, progress: Progress
    ) -> None:
        self._folder = folder
        self._addresses = addresses
        self._supervisor = supervisor
        self._progress = progress

    def up(self, load_data: Callable[[str], None]) -> Sequence[Child]:
        """The two processes, when both are ready. Raises Trouble when that cannot be.

        `load_data(database_url)` puts in what a migrated, possibly empty, database needs to begin with.
        """
        require_free(self._addresses.ports.api, "API")
        require_free(self._addresses.ports.worker, "worker")
        web_build = Background(lambda: web.build(self._folder.log("web")))
        postgres, kafka = self._own_postgres(), self._own_kafka()
        self._start_servers([server for server in (postgres, kafka) if server is not None])
        # The broker warms its runtime for some seconds: the database is filled meanwhile.
        if postgres is not None:
            self._open_database(postgres)
        self._fill_database(load_data)
        if kafka is not None:
            self._when_ready(kafka)
        self._create_topics()
        worker = self._start_process("worker", "stream")
        self._when_built(web_build)
        api = self._start_process("API", "api")
        self._when_healthy(worker, self._addresses.worker_url)
        self._when_healthy(api, self._addresses.api_url)
        return worker, api

    def _wait(self, work: Background[T]) -> T:
        self._supervisor.wait_until(work.done)
        return work.result()

    def _start_servers(self, servers: Sequence[Postgres | Kafka]) -> None:
        """Prepared beside each other (the first time something is fetched for each), started by this thread."""
        preparations = [(server, Background(server.prepare)) for server in servers]
        for server, preparation in preparations:
            self._progress.say(f"正在准备 {server.name}", f"preparing {server.name}")
            self._wait(preparation)
            self._supervisor.start(server)

    def _when_ready(self, server: Postgres | Kafka) -> None:
        server.wait_ready()
        self._progress.say(f"{server.name} 已就绪", f"ready on port {server.port}")

    def _open_database(self, postgres: Postgres) -> None:
        self._when_ready(postgres)
        self._say_where(postgres)
        postgres.ensure_database(OWNER)

    def _say_where(self, postgres: Postgres) -> None:
        """It is somebody's data: they must know when it is not where they asked for it."""
        if not postgres.data.is_relative_to(self._folder.root):
            self._progress.say(
                f"postgres 用户无法进入 {self._folder.root}，数据库放在 {postgres.data}",
                f"user postgres cannot enter that folder: the database lies in {postgres.data}",
            )

    def _own_postgres(self) -> Postgres | None:
        if not self._addresses.own_postgres:
            self._progress.say("使用外部数据库", "using the database of GRIDWARD_DATABASE_URL")
            return None
        return Postgres(self._folder, self._addresses.ports.postgres)

    def _own_kafka(self) -> Kafka | None:
        if not self._addresses.own_kafka:
            self._progress.say("使用外部 Kafka", "using the brokers of GRIDWARD_KAFKA")
            return None
        ports = self._addresses.ports
        return Kafka(self._folder, ports.kafka, ports.controller)

    def _fill_database(self, load_data: Callable[[str], None]) -> None:
        # Imported late: it takes its time, which the servers use to start.
        from gridward.store.migrate import migrate

        migrate(self._addresses.database_url)
        self._progress.say("数据库结构已就绪", "database migrated")
        load_data(self._addresses.database_url)
        self._progress.say("政策与网格数据已就绪", "policy and grids ready")

    def _create_topics(self) -> None:
        from infra.stack.topics import TopicAdmin

        with TopicAdmin(self._addresses.kafka, self._addresses.topic_prefix) as admin:
            created = admin.create_missing()
        self._progress.say(f"主题已就绪（新建 {len(created)} 个）", f"topics ready, {len(created)} created")

    def _when_built(self, web_build: Background[bool]) -> None:
        if self._wait(web_build):
            self._progress.say("网页已构建", "web app built")

    def _start_process(self, name: str, module: str) -> Child:
        environment = self._addresses.environment(self._folder.keys, web.WEB / "dist")
        child = Child(
            Program(
                name=name,
                argv=[sys.executable, "-m", module],
                log=self._folder.log(module),
                env={"PYTHONUNBUFFERED": "1", **environment},
                cwd=web.ROOT,
                pid_file=self._folder.pid_file(module),
            )
        )
        self._supervisor.start(child)
        return child

    def _when_healthy(self, child: Child, address: str) -> None:
        """Raises Trouble when one of ours ends meanwhile, or this one is not ready in time."""
        limit = self._progress.elapsed_s + READY_PATIENCE_S

        def ready() -> bool:
            if self._progress.elapsed_s > limit:
                raise Trouble(
                    f"{child.name} 未就绪，日志：{child.program.log}",
                    f"{child.name} is not ready after {READY_PATIENCE_S:.0f} s, its log: {child.program.log}",
                )
            return healthy(f"{address}/readyz")

        self._supervisor.wait_until(ready)
        self._progress.say(f"{child.name} 已就绪", f"ready at {address}")


@contextlib.contextmanager
def announced(folder: DataFolder, addresses: Addresses, usual: Path) -> Iterator[None]:
    """While it runs, a file says where, as shell assignments, for commands in other terminals.

    They look in the `usual` data folder; of a run on another one a file there says which.
    """
    lines = addresses.environment(folder.keys, web.WEB / "dist").items()
    file = folder.root / "stack.env"
    replace_text(file, "".join(f"export {name}={shlex.quote(value)}\n" for name, value in lines))
    pointer = usual / "elsewhere"
    is_elsewhere = folder.root != usual.absolute()
    if is_elsewhere:
        replace_text(pointer, f"{file}\n")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        if is_elsewhere and pointer.exists() and pointer.read_text().strip() == str(file):
            pointer.unlink()
