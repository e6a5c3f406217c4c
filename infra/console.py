"""The one way to a console: what people wrote is printed as it stands, `:100:` is the code of a grid and no emoji."""

from typing import Any

from rich.console import Console


def plain_console(**options: Any) -> Console:
    """A console without emoji, in tables too; `options` are rich's own."""
    return Console(emoji=False, **options)


def say_aside(line: str) -> None:
    """On standard error, in one line and as it stands: [x] is no style."""
    plain_console(stderr=True).print(line, markup=False, highlight=False, soft_wrap=True)
