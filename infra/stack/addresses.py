"""Where the parts of one run listen, and how its children and other terminals learn it."""

from dataclasses import dataclass
from pathlib import Path

from gridward.settings import Settings, is_set
from infra.stack.ports import LOOPBACK
from infra.stack.postgres import OWNER

DEFAULT_PORT = 8320


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one run on this machine."""

    api: int
    worker: int
    kafka: int
    controller: int
    postgres: int


# Those that `Settings` names, so that every command of a second terminal finds them without being told.
USUAL = Ports(api=DEFAULT_PORT, worker=8321, kafka=9292, controller=9293, postgres=54329)


def ports(port: int | None) -> Ports:
    """The usual ports; with another `--port` five in a row from there, so that two runs can live side by side."""
    if port is None or port == DEFAULT_PORT:
        return USUAL
    return Ports(api=port, worker=port + 1, kafka=port + 2, controller=port + 3, postgres=port + 4)


@dataclass(frozen=True, slots=True)
class Addresses:
    """What the two processes are told. `own_...` says whether this run brings the server itself."""

    ports: Ports
    database_url: str
    kafka: str
    own_postgres: bool
    own_kafka: bool
    topic_prefix: str = ""

    @property
    def api_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.api}"

    @property
    def worker_url(self) -> str:
        return f"http://{LOOPBACK}:{self.ports.worker}"

    def environment(self, keys: Path, web_dir: Path) -> dict[str, str]:
        """The settings, as environment variables, that make a process part of this run."""
        return {
            "GRIDWARD_DATABASE_URL": self.database_url,
            "GRIDWARD_KAFKA": self.kafka,
            "GRIDWARD_TOPIC_PREFIX": self.topic_prefix,
            "GRIDWARD_HOST": LOOPBACK,
            "GRIDWARD_PORT": str(self.ports.api),
            "GRIDWARD_WORKER_PORT": str(self.ports.worker),
            "GRIDWARD_KEY_DIR": str(keys),
            "GRIDWARD_WEB_DIR": str(web_dir),
        }


def addresses(port: int | None) -> Addresses:
    """Ours, except where GRIDWARD_DATABASE_URL or GRIDWARD_KAFKA names a server to use instead."""
    chosen = ports(port)
    settings = Settings()
    own_postgres, own_kafka = not is_set("DATABASE_URL"), not is_set("KAFKA")
    return Addresses(
        ports=chosen,
        database_url=f"postgresql://{OWNER}@{LOOPBACK}:{chosen.postgres}/{OWNER}"
        if own_postgres
        else settings.database_url,
        kafka=f"{LOOPBACK}:{chosen.kafka}" if own_kafka else settings.kafka,
        own_postgres=own_postgres,
        own_kafka=own_kafka,
        topic_prefix=settings.topic_prefix,
    )
