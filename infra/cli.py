"""The `gridward` command: one table of what it can do, each part in a file of its own."""

import importlib
import importlib.util
from types import ModuleType

import typer

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
}
# Name of the group -> the module with its Typer `app`.
GROUPS = {"grids": "grids", "units": "units", "policy": "policy", "dead": "dead"}


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


_mount()
