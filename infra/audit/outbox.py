"""The outbox is empty, or its oldest row is young, or it is said why it is not."""

import asyncpg

from infra.audit.finding import Finding
from infra.audit.scene import Bus, Scene
from stream.outbox import LOCKS

_STATE = "SELECT count(*) AS rows, min(created_at) AS oldest FROM outbox"
_OLD = """
    SELECT bucket, incident_id, journal_no, created_at FROM outbox WHERE created_at < $1 ORDER BY id
"""
_HELD = """
    SELECT objid::int AS bucket FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = $1 AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def outbox(scene: Scene, bus: Bus | None) -> Finding:
    finding = Finding("outbox", "发件箱已清空或有说明 / the outbox is empty or its age explained")
    state = await scene.connection.fetchrow(_STATE)
    finding.looked_at = state["rows"]
    if state["rows"]:
        age = (scene.now - state["oldest"]).total_seconds()
        finding.notes.append(f"待发 {state['rows']} 条，最早 {age:.0f} 秒前 / waiting, the oldest since")
    old = await scene.connection.fetch(_OLD, scene.late)
    held = {row["bucket"] for row in await scene.connection.fetch(_HELD, LOCKS)} if old else set()
    for row in old:
        finding.add(f"{row['incident_id']}:{row['journal_no']}", reason(row, held, bus))
    return finding


def reason(row: asyncpg.Record, held: set[int], bus: Bus | None) -> str:
    if bus is None:
        return "Kafka 不可达 / Kafka cannot be reached"
    if row["bucket"] not in held:
        return f"无人持有第 {row['bucket']} 桶的锁，工作进程未运行？ / nobody holds the bucket's lock: no worker?"
    return f"第 {row['bucket']} 桶有人持锁而未搬运 / its bucket is held, yet it is not carried"
