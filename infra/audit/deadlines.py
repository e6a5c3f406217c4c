"""Each passed deadline was acted on exactly once, and nothing that is open rests unwatched."""

from gridward.domain.events import Doubt
from gridward.domain.transitions import OPEN
from infra.audit.finding import Finding
from infra.audit.scene import Scene

_OVERDUE = """
    SELECT incident_id, task, kind, due_at FROM deadlines WHERE due_at < $1 ORDER BY due_at, incident_id
"""
_TWICE = """
    SELECT incident_id, data->>'task' AS task, data->>'kind' AS kind, data->>'generation' AS generation
    FROM journal WHERE type = 'deadline_passed'
    GROUP BY 1, 2, 3, 4 HAVING count(*) > 1 ORDER BY 1
"""
_SKIPPED = """
    WITH acted AS (
        SELECT incident_id, data->>'kind' AS kind, count(*) AS times
        FROM journal WHERE type = 'deadline_passed' GROUP BY 1, 2
    )
    SELECT d.incident_id, d.kind, max(d.step) AS steps, coalesce(max(a.times), 0) AS times
    FROM deadlines d LEFT JOIN acted a USING (incident_id, kind)
    GROUP BY 1, 2 HAVING coalesce(max(a.times), 0) < max(d.step) ORDER BY 1
"""
_NOT_FENCED = """
    SELECT j.incident_id, j.no FROM journal j
    LEFT JOIN deadlines d ON d.incident_id = j.incident_id
        AND d.task = (j.data->>'task')::int AND d.kind = j.data->>'kind'
    WHERE j.type = 'deadline_passed'
      AND (d.generation IS NULL OR d.generation <= (j.data->>'generation')::int)
    ORDER BY 1, 2
"""
# A conflict of bodies may reach the desk, with a clock of the desk's own, long after the end.
_RUNNING_AFTER_THE_END = """
    SELECT d.incident_id, d.kind, i.status FROM deadlines d
    JOIN incidents i ON i.id = d.incident_id
    JOIN tasks t ON t.incident_id = d.incident_id AND t.no = d.task
    WHERE d.ended_at IS NULL AND i.status <> ALL($1) AND NOT $2 = ANY(t.doubts)
    ORDER BY 1
"""
_UNWATCHED = """
    SELECT i.id, i.status FROM incidents i
    WHERE i.status = ANY($1) AND NOT EXISTS (
        SELECT FROM deadlines d WHERE d.incident_id = i.id AND d.ended_at IS NULL AND d.paused_at IS NULL
    ) ORDER BY 1
"""


async def acted_once(scene: Scene) -> Finding:
    """None is overdue, none was acted on twice or stepped over, and each entry's generation is past."""
    finding = Finding("deadlines", "到期时限各处置一次 / each passed deadline acted on once")
    fetch = scene.connection.fetch
    finding.looked_at = await scene.connection.fetchval("SELECT count(*) FROM deadlines")
    for row in await fetch(_OVERDUE, scene.late):
        waited = (scene.now - row["due_at"]).total_seconds()
        finding.add(row["incident_id"], f"{row['kind']} 到期 {waited:.0f} 秒未处置 / passed, not acted on")
    for row in await fetch(_TWICE):
        which = f"{row['task']}/{row['kind']}/{row['generation']}"
        finding.add(row["incident_id"], f"时限 {which} 重复处置 / acted on twice")
    for row in await fetch(_SKIPPED):
        finding.add(
            row["incident_id"],
            f"{row['kind']} 已到第 {row['steps']} 级，记录仅 {row['times']} 次 / steps without their entries",
        )
    for row in await fetch(_NOT_FENCED):
        finding.add(row["incident_id"], f"第 {row['no']} 条的代次未过 / its generation still waits")
    return finding


async def watched(scene: Scene) -> Finding:
    """Every open incident has a clock that somebody is held to; an ended one has none."""
    finding = Finding("watched", "未结事件都有计时 / nothing open rests unwatched")
    fetch = scene.connection.fetch
    finding.looked_at = await scene.connection.fetchval("SELECT count(*) FROM incidents")
    for row in await fetch(_UNWATCHED, list(OPEN)):
        finding.add(row["id"], f"{row['status']} 而无计时 / open, and no clock is running")
    for row in await fetch(_RUNNING_AFTER_THE_END, list(OPEN), Doubt.CONFLICT):
        finding.add(row["incident_id"], f"{row['status']} 而 {row['kind']} 仍在计时 / ended, still running")
    return finding
