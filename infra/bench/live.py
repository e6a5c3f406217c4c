"""From "accepted" at the door to the event in a reader's live stream, at a steady rate of reports."""

import asyncio
import json
import time
from uuid import uuid4

import httpx

from infra.bench.figures import Figure, figure, share
from infra.bench.load import demo_lines
from infra.stack.system import System

RATE = 200  # reports a second


def measure(system: System, seconds: int, runs: int) -> list[Figure]:
    wait_for_empty_outbox(system)
    samples = [asyncio.run(one_run(system.addresses.api_url, seconds)) for _ in range(runs)]
    return [
        figure("accepted -> live stream, p50", "ms", [share(s, 0.50) * 1000 for s in samples], "<= 60"),
        figure("accepted -> live stream, p99", "ms", [share(s, 0.99) * 1000 for s in samples], "<= 300"),
    ]


async def one_run(url: str, seconds: int) -> list[float]:
    """Seconds from each 202 to its event; one reader, 16 connections that send."""
    accepted: dict[str, float] = {}
    seen: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=url, timeout=10, limits=httpx.Limits(max_connections=20)) as client:
        reader = asyncio.create_task(read(client, seen))
        await asyncio.sleep(1)
        start = time.perf_counter()
        lines = demo_lines()
        senders = []
        for n in range(RATE * seconds):
            await asyncio.sleep(max(0.0, start + n / RATE - time.perf_counter()))
            senders.append(asyncio.create_task(send(client, lines[n % len(lines)], accepted)))
        await asyncio.gather(*senders)
        await wait_for_all(accepted, seen)
        reader.cancel()
    return [max(seen[id] - at, 0.0) for id, at in accepted.items()]


async def send(client: httpx.AsyncClient, line: dict[str, object], accepted: dict[str, float]) -> None:
    id = str(uuid4())
    answer = await client.post("/api/reports", json={**line, "id": id})
    if answer.status_code != 202:
        raise RuntimeError(f"{answer.status_code}: {answer.text}")
    accepted[id] = time.perf_counter()


async def read(client: httpx.AsyncClient, seen: dict[str, float]) -> None:
    async with client.stream("GET", "/api/live", timeout=None) as stream:
        async for line in stream.aiter_lines():
            if line.startswith("data:") and '"report_id"' in line:
                now = time.perf_counter()
                seen.setdefault(json.loads(line[5:])["report_id"], now)


async def wait_for_all(accepted: dict[str, float], seen: dict[str, float], patience_s: float = 30) -> None:
    limit = time.perf_counter() + patience_s
    while not accepted.keys() <= seen.keys():
        if time.perf_counter() > limit:
            raise RuntimeError(f"{len(accepted.keys() - seen.keys())} reports never reached the live stream")
        await asyncio.sleep(0.1)


def wait_for_empty_outbox(system: System, patience_s: float = 300) -> None:
    """What an earlier part has left to be carried would go before our reports' events."""
    limit = time.perf_counter() + patience_s
    while int(system.postgres.sql("SELECT count(*) FROM outbox", "gridward")):
        if time.perf_counter() > limit:
            raise RuntimeError("the outbox does not get empty")
        time.sleep(1)
