"""Incidents, the keys they were handled under, their numbers, and journals without holes."""

from gridward.numbers import is_number
from infra.audit.finding import Finding
from infra.audit.scene import Scene

_KEYS_WITHOUT_INCIDENT = """
    SELECT h.key FROM handled h LEFT JOIN incidents i ON i.id = h.incident_id WHERE i.id IS NULL ORDER BY 1
"""
_INCIDENTS_WITHOUT_KEY = """
    SELECT i.id FROM incidents i
    LEFT JOIN handled h ON h.key = 'report:' || i.report_id AND h.incident_id = i.id
    WHERE h.key IS NULL ORDER BY 1
"""
_REPORTS_WITH_TWO = """
    SELECT report_id FROM incidents GROUP BY report_id HAVING count(*) > 1 ORDER BY 1
"""
_NUMBERS = "SELECT id, number FROM incidents ORDER BY id"
_HOLES = """
    SELECT i.id, i.journal_no, count(j.no) AS entries, coalesce(max(j.no), 0) AS last
    FROM incidents i LEFT JOIN journal j ON j.incident_id = i.id
    GROUP BY i.id HAVING count(j.no) <> i.journal_no OR coalesce(max(j.no), 0) <> i.journal_no
    ORDER BY i.id
"""


async def keys(scene: Scene) -> Finding:
    """Every handled key has its incident, every incident its report's key, and no report has two."""
    finding = Finding("keys", "上报编号与事件一一对应 / one incident for each report")
    fetch = scene.connection.fetch
    finding.looked_at = await scene.connection.fetchval("SELECT count(*) FROM handled")
    for row in await fetch(_KEYS_WITHOUT_INCIDENT):
        finding.add(row["key"], "已处理的编号没有事件 / handled, but there is no incident")
    for row in await fetch(_INCIDENTS_WITHOUT_KEY):
        finding.add(row["id"], "事件没有对应的上报编号 / incident without its handled report")
    for row in await fetch(_REPORTS_WITH_TWO):
        finding.add(row["report_id"], "一条上报有多个事件 / one report, several incidents")
    return finding


async def numbers(scene: Scene) -> Finding:
    """一案一码: each incident has a number of its own whose check digit is right."""
    finding = Finding("numbers", "事件编号唯一且校验位正确 / incident numbers")
    seen: dict[str, str] = {}
    async for row in scene.connection.cursor(_NUMBERS, prefetch=5000):
        finding.looked_at += 1
        id, number = str(row["id"]), row["number"]
        if not is_number(number):
            finding.add(id, f"编号 {number} 校验位不符 / wrong check digit")
        if seen.setdefault(number, id) != id:
            finding.add(id, f"编号 {number} 重复 / the number of {seen[number]}, too")
    return finding


async def journals(scene: Scene) -> Finding:
    """The entries of each incident are numbered 1 to its journal number, none missing."""
    finding = Finding("journals", "流转记录编号无缺号 / journals without holes")
    finding.looked_at = await scene.connection.fetchval("SELECT count(*) FROM journal")
    for row in await scene.connection.fetch(_HOLES):
        finding.add(
            row["id"],
            f"应有 {row['journal_no']} 条，实有 {row['entries']} 条，末号 {row['last']}"
            " / entries, counted and by number",
        )
    return finding
