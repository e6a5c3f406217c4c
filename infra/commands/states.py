"""`gridward states`: the state diagram, printed from the table."""

import typer

from gridward.domain.diagram import state_diagram


def states() -> None:
    """打印事件状态图 Print the state diagram of an incident (Mermaid)."""
    typer.echo(state_diagram(), nl=False)
