"""Whole workers in processes of their own: killed, stopped, joined by others. Each report is one incident."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from gridward.bus import REPORTS, URGENT
from gridward.reports import Report
from infra.audit.run import audit
from infra.stack.ports import free_port
from infra.stack.processes import Child
from tests.stream.little_system import UNCLEAR, LittleSystem, apart, little_system, report
from tests.stream.published import publish_policy_and_grids, worker_process

pytestmark = [pytest.mark.postgres, pytest.mark.kafka, pytest.mark.timeout(180)]

COUNT = 200


@dataclass
class Stage:
    """The servers' side of a test (never triaging itself), and workers to put on it."""

    system: LittleSystem
    folder: Path
    workers: list[Child] = field(default_factory=list)

    def worker(self) -> tuple[Child, str]:
        name = f"worker{len(self.workers)}"
        child, url = worker_process(self.system.settings, self.folder / f"{name}.log", name)
        self.workers.append(child)
        return child, url

    async def incidents(self) -> int:
        return int(await self.system.pool.fetchval("SELECT count(*) FROM incidents"))

    async def until(self, condition: Callable[[int], bool], patience_s: float = 60) -> None:
        """Until the number of incidents is as wished."""
        for _ in range(int(patience_s * 20)):
            if condition(await self.incidents()):
                return
            await asyncio.sleep(0.05)
        pytest.fail(f"{await self.incidents()} incidents\n{self.logs()}")

    async def balanced(self, reports: int) -> None:
        """Exactly one incident for each report, everything sent, and nothing of it twice."""
        await self.until(lambda n: n >= reports)
        for _ in range(200):
            if not await self.system.pool.fetchval("SELECT count(*) FROM outbox"):
                break
            await asyncio.sleep(0.05)
        verdict = await audit(self.system.settings, timedelta(seconds=20))
        assert [(f.check, f.broken) for f in verdict.findings if not f.ok] == []
        assert await self.incidents() == reports

    def logs(self) -> str:
        return "\n".join(path.read_text()[-3000:] for path in self.folder.glob("*.log"))


@pytest_asyncio.fixture
async def stage(
    database_url: str, kafka_server: str, topic_prefix: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    await publish_policy_and_grids(database_url)
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path) as system:
        stage = Stage(system, tmp_path)
        yield stage
        for worker in stage.workers:
            worker.kill()


def some_reports(count: int = COUNT) -> list[Report]:
    return [
        report(UNCLEAR if n % 5 == 0 else f"占道经营卖菜的把路堵了，第{n}次", **apart(n % 81))
        for n in range(count)
    ]


async def ready(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(600):
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    pytest.fail("the worker never got ready")


async def send_paced(stage: Stage, reports: list[Report], every_s: float = 0.005) -> None:
    for number, one in enumerate(reports):
        await stage.system.publish(one, topic=REPORTS if number % 10 else URGENT)
        await asyncio.sleep(every_s)


async def test_a_worker_killed_in_the_middle_goes_on_where_it_stood(stage: Stage) -> None:
    worker, _ = stage.worker()
    worker.start()
    sending = asyncio.create_task(send_paced(stage, some_reports(), 0.02))
    await stage.until(lambda n: n > COUNT // 4)
    worker.kill()
    worker.start()
    await sending
    await stage.balanced(COUNT)


async def test_a_stop_in_mid_batch_loses_nothing(stage: Stage) -> None:
    """A lock on the table holds the transaction open while the worker is asked to stop."""
    worker, url = stage.worker()
    worker.start()
    await ready(url)
    async with stage.system.pool.acquire() as connection, connection.transaction():
        await connection.execute("LOCK TABLE incidents IN EXCLUSIVE MODE")
        await stage.system.publish(*some_reports(50))
        await asyncio.sleep(1)
        worker.stop(grace_s=20)
        assert worker.returncode == 0, stage.logs()
    assert await stage.incidents() == 0
    worker.start()
    await stage.balanced(50)


async def test_workers_join_and_leave_in_the_middle(stage: Stage) -> None:
    first, url = stage.worker()
    first.start()
    await ready(url)
    sending = asyncio.create_task(send_paced(stage, some_reports(2 * COUNT), 0.03))
    await stage.until(lambda n: n > 20)
    second, url = stage.worker()
    second.start()
    await ready(url)
    seen = await stage.incidents()
    await stage.until(lambda n: n > seen + 50)
    first.stop(20)
    assert first.returncode == 0, stage.logs()
    await sending
    await stage.balanced(2 * COUNT)


async def test_a_stop_while_postgres_is_away_is_heard(stage: Stage) -> None:
    """It says what it waits for, and ends when asked."""
    away = replace(
        stage.system.settings, database_url=f"postgresql://gridward@127.0.0.1:{free_port()}/gridward"
    )
    worker, url = worker_process(away, stage.folder / "away.log")
    stage.workers.append(worker)
    worker.start()
    async with httpx.AsyncClient(base_url=url) as client:
        for _ in range(100):
            try:
                answer = await client.get("/readyz")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    assert answer.status_code == 503
    assert list(answer.json()["troubles"]) == ["start"]
    worker.stop(grace_s=10)
    assert worker.returncode == 0, (stage.folder / "away.log").read_text()[-3000:]


async def test_the_database_says_where_to_go_on_not_kafka(stage: Stage) -> None:
    """As after a restored backup: what the database has not seen is read again, though Kafka was told of it."""
    worker, url = stage.worker()
    worker.start()
    await stage.system.publish(*some_reports(60))
    await stage.until(lambda n: n == 60)
    await asyncio.sleep(1.5)  # Kafka is told once a second
    worker.stop()
    await stage.system.pool.execute(
        "TRUNCATE incidents, tasks, deadlines, journal, outbox, handled, positions, personal_data, reveals"
    )
    worker.start()
    await stage.until(lambda n: n == 60)
    worker.stop()
    await stage.system.pool.execute("UPDATE positions SET next_offset = next_offset / 2")
    worker.start()
    await ready(url)
    await stage.system.publish(*some_reports(5))
    await stage.until(lambda n: n == 65)
    journal = await stage.system.pool.fetchval("SELECT max(journal_no) FROM incidents")
    assert journal == 2  # what was read again changed nothing
