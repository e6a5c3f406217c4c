"""The `gridward` command: one table of what it can do, each part in a file of its own."""

import importlib
import importlib.util
import sys
from types import ModuleType

import typer
from kafka.errors import KafkaTimeoutError

from infra.stack.trouble import Trouble

app = typer.Typer(
    name="gridward",
    help="网格哨 Gridward：网格化管理与事件派单 grid management and incident dispatch",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

# Name of the command -> the module with a function of that name.
COMMANDS = {
    "up": "stack",
    "prepare": "stack",
    "migrate": "migrate",
    "topics": "topics",
    "audit": "audit",
    "demo": "demo",
    "bench": "bench",
    "states": "states",
}
# Name of the group -> the module with its Typer `app`.
GROUPS = {"grids": "grids", "units": "units", "policy": "policy", "dead": "dead", "worker": "worker"}


def _mount() -> None:
    for name, module in COMMANDS.items():
        if (found := _module(module)) is not None:
            app.command(name)(getattr(found, name))
    for name, module in GROUPS.items():
        if (found := _module(module)) is not None:
            app.add_typer(found.app, name=name)


def _module(name: str) -> ModuleType | None:
    path = f"infra.commands.{name}"
    return importlib.import_module(path) if importlib.util.find_spec(path) else None


def main() -> None:
    """The entry point: what a person can do something about is one line, anything else is a bug and shown whole."""
    try:
        app()
    except Trouble as trouble:
        sys.exit(str(trouble))
    except KafkaTimeoutError as error:
        sys.exit(f"连不上 Kafka，请先 ./run up | Kafka does not answer, is ./run up running? ({error})")
    except ConnectionRefusedError as error:
        sys.exit(f"连接被拒绝，请先 ./run up | connection refused, is ./run up running? ({error})")


_mount()
