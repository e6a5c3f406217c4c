"""Reports per second from Kafka to committed incidents, by Faust and by a bare loop, in turn on one system.

All reports of a run lie in Kafka before the process starts, and no incident is open: each report is compared with the
open ones about it, so that whoever ran second would be slower. The rate is taken from the commit times that
PostgreSQL keeps, between the first and the last commit of the run, so that starting up does not count. The worker
carries its events to Kafka meanwhile; the bare loop carries none.
"""

import asyncio
import sys
import time

from infra.bench.figures import Figure, figure
from infra.bench.load import publish, reports
from infra.stack.processes import Child, Program
from infra.stack.system import System
from infra.stack.web import ROOT

_RATE = """
    WITH run AS (
        SELECT pg_xact_commit_timestamp(xmin) AS at FROM incidents WHERE received_at >= '{since}'
    ), ends AS (SELECT min(at) AS first, max(at) AS last FROM run)
    SELECT (SELECT count(*) FROM run, ends WHERE run.at > ends.first)
        / extract(epoch FROM ends.last - ends.first) FROM ends
"""


def measure(system: System, count: int, runs: int) -> list[Figure]:
    faust, bare = [], []
    for run in range(runs):
        bare.append(rate(system, bare_loop(system, count), count, 2 * run))
        faust.append(rate(system, system.worker, count, 2 * run + 1))
    ratios = [one / other for one, other in zip(faust, bare, strict=True)]
    return [
        figure("Kafka -> committed incidents (worker, Faust)", "reports/s", faust, ">= 2500"),
        figure("Kafka -> committed incidents (bare aiokafka loop)", "reports/s", bare),
        figure("Faust / bare loop, same run", "ratio", ratios, ">= 0.6"),
    ]


def bare_loop(system: System, count: int) -> Child:
    return Child(
        Program(
            "bare loop",
            [sys.executable, "-m", "infra.bench.bare_loop", str(count)],
            system.folder.log("bare-loop"),
            env=system.environment,
            cwd=ROOT,
        )
    )


def rate(system: System, reader: Child, count: int, seed: int) -> float:
    system.postgres.sql("TRUNCATE incidents, handled, outbox CASCADE", "gridward")
    made = reports(count, seed)
    before = incidents(system)
    since = made[0].received_at
    asyncio.run(publish(system.addresses.kafka, made))
    reader.start()
    try:
        while incidents(system) < before + count:
            if not reader.running and incidents(system) < before + count:
                raise reader.died()
            time.sleep(1)
    finally:
        reader.stop()
    return float(system.postgres.sql(_RATE.format(since=since.isoformat()), "gridward"))


def incidents(system: System) -> int:
    return int(system.postgres.sql("SELECT count(*) FROM incidents", "gridward"))
