"""The `gridward` command: two tables of what it can do, each part in a file of its own, read when it is asked for."""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from infra.stack.trouble import Trouble

# Name of the command -> the module in infra/commands with a function of that name.
COMMANDS = {
    "up": "stack",
    "prepare": "stack",
    "migrate": "migrate",
    "topics": "topics",
    "audit": "audit",
    "demo": "demo",
    "bench": "bench",
    "train": "train",
    "quality": "train",
    "classify": "classify",
    "corrections": "corrections",
    "states": "states",
    "locate": "locate",
}
# Names of the groups: each a module in infra/commands with a Typer `app`.
GROUPS = ("grids", "units", "places", "policy", "duplicates", "dead", "worker")


class Table(TyperGroup):
    """Looks a command up in the tables. Imports one part only: all of them together take seconds."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            function = getattr(_module(COMMANDS[cmd_name]), cmd_name)
            one = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
            one.command(cmd_name)(function)
            return get_command(one)
        if cmd_name in GROUPS:
            group = get_group(_module(cmd_name).app)
            group.name = cmd_name
            return group
        return None


app = typer.Typer(
    cls=Table,
    name="gridward",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def group() -> None:
    """网格哨 Gridward：网格化管理与事件派单 grid management and incident dispatch"""


def main() -> None:
    """The entry point: what a person can mend is one line; anything else is a bug, and shown whole."""
    try:
        app()
    except Trouble as trouble:
        sys.exit(str(trouble))
    except ConnectionRefusedError as error:
        sys.exit(f"连接被拒绝，请先 ./run up | connection refused, is ./run up running? ({error})")


def _module(name: str) -> Any:
    return importlib.import_module(f"infra.commands.{name}")


if __name__ == "__main__":
    main()
