"""How late passed deadlines are acted on, with a million armed and a thousand due every second.

The incidents are made by SQL. The lag of each is PostgreSQL's commit time of its journal line less its moment.
"""

import time

from infra.bench.figures import Figure, figure
from infra.stack.system import System

ARMED = 1_000_000
PER_INCIDENT = 4
DUE_PER_SECOND = 1000

_INCIDENTS = """
    INSERT INTO incidents (id, number, report_id, status, category, severity, limit_class, sensitive, grid,
        version, journal_no, rules_version, extended, unit, updated_at, received_at, occurred_at, source, text,
        flags, grid_candidates, boundary_version, policy_version, why)
    SELECT gen_random_uuid(), '{label}-' || n, gen_random_uuid(), 'dispatched', '0506', 4, 'C', false, 'grid',
        1, 2, {rules}, false, 'unit', now(), now(), now(), 'grid', '{label}', '{{}}', '{{}}', 1, {rules}, '{{}}'
    FROM generate_series(1, {count}) AS n
"""
_TASKS = """
    INSERT INTO tasks (incident_id, no, role, unit, status, offered_at, designated, handlers, doubts, asked)
    SELECT id, no, CASE no WHEN 1 THEN 'lead' ELSE 'joint' END, 'unit' || no, 'offered', now(), false,
        '{{}}', '{{}}', ''
    FROM incidents, generate_series(1, {tasks}) AS no WHERE text = '{label}'
"""
_ARMED = """
    INSERT INTO deadlines (incident_id, task, kind, generation, step, started_at, limit_text, extra, rested,
        due_at)
    SELECT id, no, 'accept', 1, 0, now(), '100 CD', '0', '0',
        now() + interval '50 days' + random() * interval '9 days'
    FROM incidents, generate_series(1, {tasks}) AS no WHERE text = '{label}'
"""
_DUE = """
    INSERT INTO deadlines (incident_id, task, kind, generation, step, started_at, limit_text, extra, rested,
        due_at)
    SELECT id, 1, 'accept', 1, 0, now() - interval '2 hours', '4 WH', '0', '0',
        now() + interval '3 s' + (row_number() OVER ()) * interval '1 s' / {per_second}
    FROM incidents WHERE text = '{label}'
"""
_LAG = """
    SELECT percentile_cont({share}) WITHIN GROUP (ORDER BY extract(
        epoch FROM pg_xact_commit_timestamp(j.xmin) - (j.data->>'due_at')::timestamptz))
    FROM journal j JOIN incidents i ON i.id = j.incident_id
    WHERE i.text = '{label}' AND j.type = 'deadline_passed' AND j.no = 3
"""


def measure(system: System, seconds: int, runs: int, armed: int = ARMED) -> list[Figure]:
    """Arms `armed` deadlines, then lets `seconds` thousand pass, `runs` times."""
    rules = int(system.postgres.sql("SELECT max(version) FROM policy_versions", "gridward"))
    make(system, "armed", armed // PER_INCIDENT, PER_INCIDENT, rules, _ARMED)
    system.postgres.sql("ANALYZE", "gridward")
    p50, p99 = [], []
    for run in range(runs):
        label = f"due{run}"
        make(system, label, DUE_PER_SECOND * seconds, 1, rules, _DUE)
        wait_until_acted(system, label, DUE_PER_SECOND * seconds)
        p50.append(float(system.postgres.sql(_LAG.format(share=0.5, label=label), "gridward")))
        p99.append(float(system.postgres.sql(_LAG.format(share=0.99, label=label), "gridward")))
    load = f"({armed:,} armed, {DUE_PER_SECOND:,} due/s)"
    return [
        figure(f"deadline lag, p50 {load}", "s", p50),
        figure(f"deadline lag, p99 {load}", "s", p99, "<= 1"),
    ]


def make(system: System, label: str, count: int, tasks: int, rules: int, deadlines: str) -> None:
    for statement in (_INCIDENTS, _TASKS, deadlines):
        system.postgres.sql(
            statement.format(label=label, count=count, tasks=tasks, rules=rules, per_second=DUE_PER_SECOND),
            "gridward",
        )


def wait_until_acted(system: System, label: str, count: int, patience_s: float = 300) -> None:
    limit = time.monotonic() + patience_s
    acted = f"""SELECT count(*) FROM journal j JOIN incidents i ON i.id = j.incident_id
        WHERE i.text = '{label}' AND j.no = 3"""
    while int(system.postgres.sql(acted, "gridward")) < count:
        if time.monotonic() > limit:
            raise RuntimeError(f"the deadlines of {label} were not acted on in {patience_s:.0f} s")
        time.sleep(1)
