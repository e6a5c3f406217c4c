"""Each passed deadline was acted on exactly once, and nothing that is open rests unwatched."""

import asyncpg

from gridward.domain.clocks import ladder_of
from gridward.domain.errors import Refused
from gridward.domain.events import Doubt
from gridward.domain.rules import DeadlineKind, Ladder, Rules
from gridward.domain.transitions import OPEN
from gridward.store.policies import rules_of_version
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
# Each step that a clock has behind it has an entry: of its own task, or, as a lead task takes over the finish clock
# of the one before, of an earlier lead task since that clock began. A step that an extension gave back and that was
# taken again has two.
_SKIPPED = """
    SELECT d.incident_id, d.task, d.kind, d.step AS steps,
        count(DISTINCT j.data->>'step') FILTER (WHERE (j.data->>'step')::int < d.step) AS entries
    FROM deadlines d
    JOIN tasks own ON own.incident_id = d.incident_id AND own.no = d.task
    JOIN tasks t ON t.incident_id = d.incident_id
        AND (t.no = d.task OR d.kind = $1 AND own.role = 'lead' AND t.role = 'lead' AND t.no < d.task)
    LEFT JOIN journal j ON j.incident_id = d.incident_id AND j.type = 'deadline_passed'
        AND j.data->>'kind' = d.kind AND (j.data->>'task')::int = t.no AND j.received_at >= d.started_at
    WHERE d.step > 0
    GROUP BY d.incident_id, d.task, d.kind
    HAVING count(DISTINCT j.data->>'step') FILTER (WHERE (j.data->>'step')::int < d.step) < d.step
    ORDER BY 1, 2, 3
"""
# Running, yet waiting for nothing: as it should be only when no step is left.
_WAITING_FOR_NOTHING = """
    SELECT d.incident_id, d.task, d.kind, d.step, i.rules_version, i.limit_class
    FROM deadlines d JOIN incidents i ON i.id = d.incident_id
    WHERE d.ended_at IS NULL AND d.paused_at IS NULL AND d.due_at IS NULL
    ORDER BY 1, 2, 3
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
    """None is overdue, stands still, was acted on twice or stepped over, and each entry's generation is past."""
    finding = Finding("deadlines", "到期时限各处置一次 / each passed deadline acted on once")
    fetch = scene.connection.fetch
    finding.looked_at = await scene.connection.fetchval("SELECT count(*) FROM deadlines")
    for row in await fetch(_OVERDUE, scene.late):
        waited = (scene.now - row["due_at"]).total_seconds()
        finding.add(row["incident_id"], f"{row['kind']} 到期 {waited:.0f} 秒未处置 / passed, not acted on")
    for row in await fetch(_TWICE):
        which = f"{row['task']}/{row['kind']}/{row['generation']}"
        finding.add(row["incident_id"], f"时限 {which} 重复处置 / acted on twice")
    for row in await fetch(_SKIPPED, DeadlineKind.FINISH):
        finding.add(
            row["incident_id"],
            f"{row['task']}/{row['kind']} 已走 {row['steps']} 级，记录仅 {row['entries']} 级"
            " / steps without their entries",
        )
    for row in await fetch(_NOT_FENCED):
        finding.add(row["incident_id"], f"第 {row['no']} 条的代次未过 / its generation still waits")
    await accuse_the_still(finding, scene)
    return finding


async def accuse_the_still(finding: Finding, scene: Scene) -> None:
    """Clocks that run and wait for no moment, although their ladder has steps left."""
    known: dict[int, Rules] = {}
    for row in await scene.connection.fetch(_WAITING_FOR_NOTHING):
        which = f"{row['task']}/{row['kind']}"
        try:
            steps = len(await ladder_for(row, scene, known))
        except Refused as missing:
            finding.add(row["incident_id"], f"{which} 无从核对 / its ladder is not known: {missing}")
            continue
        if row["step"] < steps:
            finding.add(
                row["incident_id"],
                f"{which} 在计时而未设下一级（{row['step']}/{steps}） / running, its next step never comes",
            )


async def ladder_for(row: asyncpg.Record, scene: Scene, known: dict[int, Rules]) -> Ladder:
    """By the incident's own version of the rules, kept in `known`. Raises `Refused` when there is none such."""
    version = row["rules_version"]
    if version not in known:
        known[version] = await rules_of_version(scene.connection, version)
    rule = known[version].classes.get(row["limit_class"])
    if rule is None:
        raise Refused(f"policy {version} knows no limit class {row['limit_class']}")
    return ladder_of(DeadlineKind(row["kind"]), rule, known[version])


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
