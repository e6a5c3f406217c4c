"""Brings the whole product up on one machine, step by step, and keeps it up."""

import contextlib
import shlex
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import TypeVar

from infra.stack import web
from infra.stack.addresses import Addresses
from infra.stack.background import Background
from infra.stack.folder import DataFolder
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

    def up(self, load_data: Callable[[str], None]) -> None:
        """Return when both processes are ready. Raises Trouble when that cannot be.

        `load_data(database_url)` puts in what a migrated, possibly empty, database needs to begin with.
        """
        require_free(self._addresses.ports.api, "API")
        require_free(self._addresses.ports.worker, "worker")
        web_build = Background(lambda: web.build(self._folder.log("web")))
        self._servers()
        self._data(load_data)
        built = self._wait(web_build)
        self._progress.say(
            "网页已构建" if built else "网页已是最新", "web app built" if built else "web app is current"
        )
        self._processes()

    def _wait(self, work: Background[T]) -> T:
        self._supervisor.wait_until(work.done)
        return work.result()

    def _servers(self) -> None:
        """Both at once: one is mostly waiting for the disk while the other warms its runtime."""
        postgres, kafka = self._own_postgres(), self._own_kafka()
        servers = [server for server in (postgres, kafka) if server is not None]
        preparations = [(server, Background(server.prepare)) for server in servers]
        for server, preparation in preparations:
            self._progress.say(f"正在准备 {server.name}", f"preparing {server.name}")
            self._wait(preparation)
            self._supervisor.start(server)
        for server in servers:
            server.wait_ready()
            self._progress.say(f"{server.name} 已就绪", f"ready on port {server.port}")
        if postgres is not None:
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

    def _data(self, load_data: Callable[[str], None]) -> None:
        # Imported here, while the servers start: they take their time.
        from gridward.settings import Settings
        from gridward.store.migrate import migrate
        from infra.stack.topics import TopicAdmin

        migrate(self._addresses.database_url)
        self._progress.say("数据库结构已就绪", "database migrated")
        with TopicAdmin(self._addresses.kafka, Settings().topic_prefix) as admin:
            created = admin.create_missing()
        self._progress.say(f"主题已就绪（新建 {len(created)} 个）", f"topics ready, {len(created)} created")
        load_data(self._addresses.database_url)
        self._progress.say("政策与网格数据已就绪", "policy and grids ready")
        self._supervisor.check()

    def _processes(self) -> None:
        for name, module in (("worker", "stream"), ("API", "api")):
            self._supervisor.start(self._process(name, module))
        for name, url in (("worker", self._addresses.worker_url), ("API", self._addresses.api_url)):
            self._wait_ready(name, f"{url}/readyz")
            self._progress.say(f"{name} 已就绪", f"ready at {url}")

    def _process(self, name: str, module: str) -> Child:
        environment = self._addresses.environment(self._folder.keys, web.WEB / "dist")
        return Child(
            Program(
                name=name,
                argv=[sys.executable, "-m", module],
                log=self._folder.log(module),
                env={"PYTHONUNBUFFERED": "1", **environment},
                cwd=web.ROOT,
                pid_file=self._folder.pid_file(module),
            )
        )

    def _wait_ready(self, name: str, url: str) -> None:
        limit = self._progress.elapsed_s + READY_PATIENCE_S

        def ready() -> bool:
            if self._progress.elapsed_s > limit:
                raise Trouble(
                    f"{name} 未就绪：{url}", f"{name} is not ready after {READY_PATIENCE_S:.0f} s: {url}"
                )
            return _healthy(url)

        self._supervisor.wait_until(ready)


@contextlib.contextmanager
def announced(folder: DataFolder, addresses: Addresses) -> Iterator[None]:
    """While it runs, a file says where, as shell assignments, for commands in other terminals."""
    lines = addresses.environment(folder.keys, web.WEB / "dist").items()
    file = folder.root / "stack.env"
    file.write_text("".join(f"export {name}={shlex.quote(value)}\n" for name, value in lines))
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
