"""The web process ends at the first signal, though browsers hold on to the live stream."""

import asyncio
import signal
import sys
from pathlib import Path
from time import perf_counter

import httpx

from api.__main__ import GRACE
from infra.stack.ports import free_port


async def test_it_ends_promptly_with_a_live_reader(tmp_path: Path) -> None:
    port = free_port()
    nowhere = {
        "GRIDWARD_KAFKA": "127.0.0.1:1",
        "GRIDWARD_DATABASE_URL": "postgresql://gridward@127.0.0.1:1/none",
        "GRIDWARD_PORT": str(port),
        "GRIDWARD_KEY_DIR": str(tmp_path / "keys"),
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "api", env=nowhere)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            await until_it_answers(client)
            async with client.stream("GET", "/api/live") as answer:
                lines = answer.aiter_lines()
                assert await anext(lines) == "retry: 1000"
                started = perf_counter()
                process.send_signal(signal.SIGTERM)
                async for _ in lines:
                    pass
            await asyncio.wait_for(process.wait(), GRACE + 10)
            assert perf_counter() - started < GRACE
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_it_answers(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await client.get("/healthz")
                return
            except httpx.ConnectError:
                await asyncio.sleep(0.1)
