"""The verdict as a table for people and as JSON for machines."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from infra.audit.finding import Finding
from infra.audit.run import Verdict

FIRST = 20  # ids that are named for each check; --json names all


def as_json(verdict: Verdict) -> dict[str, Any]:
    return {"ok": verdict.ok, "as_of": verdict.as_of, "checks": list(verdict.findings)}


def show(verdict: Verdict, console: Console) -> None:
    """Print a row for each check, then the ids of what is broken."""
    table = Table(title=f"守恒核对 / audit  {verdict.as_of:%Y-%m-%d %H:%M:%S%z}", title_justify="left")
    table.add_column("核对 / check")
    table.add_column("结果", justify="center")
    table.add_column("数量", justify="right")
    table.add_column("说明 / notes", overflow="fold")
    for finding in verdict.findings:
        result = "[green]通过[/green]" if finding.ok else f"[red]不符 {len(finding.broken)}[/red]"
        table.add_row(finding.title, result, str(finding.looked_at), "\n".join(finding.notes))
    console.print(table)
    for finding in verdict.findings:
        name_broken(finding, console)
    console.print("全部相符 / all as promised" if verdict.ok else "有不符之处 / not as promised")


def name_broken(finding: Finding, console: Console) -> None:
    if finding.ok:
        return
    console.print(f"[red]{finding.title}[/red]")
    for broken in finding.broken[:FIRST]:
        console.print(f"  {broken.id}  {escape(broken.what)}", soft_wrap=True, highlight=False)
    if len(finding.broken) > FIRST:
        console.print(f"  …… 共 {len(finding.broken)} 个，--json 列出全部 / --json names all")
