"""Findings about a boundary set as a table for people: one row each, then totals and the thresholds used."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from geo.findings import KIND_ZH, Finding, Findings
from infra.console import plain_console

# A gap in a town's middle may have fifty neighbours; the JSON has them all.
CODES_SHOWN = 4
WIDTH_OF_A_FILE = 140


def console_for() -> Console:
    """The terminal, or a steady width for files and pipes."""
    console = plain_console()
    return console if console.is_terminal else plain_console(width=WIDTH_OF_A_FILE)


def print_findings(console: Console, crs: str, findings: Findings) -> None:
    """Rows, totals by kind, thresholds, and the verdict."""
    console.print(f"{findings.grids} 个网格 grids，坐标系 coordinate system: {crs}", highlight=False)
    if findings.items:
        table = Table("类型 kind", "级别 level", "网格编码 codes", "面积 m²", "位置 lon, lat", "说明 reason")
        for item in findings.items:
            table.add_row(*_row(item))
        console.print(table)
    for line in _totals(findings):
        console.print(line, highlight=False)


def _row(item: Finding) -> tuple[str, ...]:
    shown = "\n".join(item.codes[:CODES_SHOWN])
    more = len(item.codes) - CODES_SHOWN
    area = f"{item.area_m2:,.0f}" if item.area_m2 is not None else "–"
    place = f"{item.lon:.6f}, {item.lat:.6f}" if item.lon is not None and item.lat is not None else "–"
    return (
        f"{KIND_ZH[item.kind]} {item.kind}",
        "错误 error" if item.is_error else "提示 warning",
        escape(shown) + (f"\n+{more}" if more > 0 else ""),
        area,
        place,
        escape(item.reason),
    )


def _totals(findings: Findings) -> list[str]:
    limits = findings.thresholds
    lines = [
        f"{KIND_ZH[kind]} {kind}: {len(found)}"
        + (f"，{area:,.0f} m²（{area / 1e6:.2f} km²）" if area else "")
        for kind in KIND_ZH
        if (found := findings.of(kind))
        for area in [findings.area_m2(kind)]
    ]
    lines.append(
        f"阈值 thresholds: 重叠 overlap ≥ {limits.overlap_m2:g} m²，空隙 gap ≥ {limits.gap_m2:g} m²，"
        f"开口缝隙 open gap ≥ {limits.open_gap_m2:g} m²，宽 width ≥ {limits.width_m:g} m"
    )
    lines.append(f"{len(findings.errors)} 个错误 errors" if findings.errors else "未发现错误 no errors")
    return lines
