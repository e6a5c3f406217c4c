"""The worker's own web server says how it is, and a person can let a paused agent go on."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner, Result

from infra.commands.worker import app as worker_command
from infra.stack.ports import free_port
from stream.delivery import ERRORS_IN_A_ROW, Gate
from stream.web import make_web


class Around:
    """A worker's gates and troubles."""

    def __init__(self) -> None:
        self.gates = [Gate("triage"), Gate("triage_urgent")]
        self.troubles: dict[str, str] = {}

    async def found(self) -> dict[str, str]:
        return dict(self.troubles)


@pytest.fixture
def around() -> Around:
    return Around()


@pytest_asyncio.fixture
async def url(around: Around) -> AsyncIterator[str]:
    async with TestServer(make_web(around.gates, around.found)) as server:
        yield str(server.make_url("")).rstrip("/")


async def get(url: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(base_url=url) as client:
        return await client.get(path)


async def shut(gate: Gate) -> "asyncio.Task[bool]":
    for _ in range(ERRORS_IN_A_ROW - 1):
        await gate.failed(RuntimeError("a bug"))
    waiting = asyncio.create_task(gate.failed(RuntimeError("a bug")))
    await asyncio.sleep(0)
    assert not gate.is_open
    return waiting


async def run_resume(url: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, worker_command, ["resume", "--url", url])


async def test_a_worker_without_troubles_is_ready(url: str) -> None:
    assert (await get(url, "/healthz")).status_code == 200
    assert (await get(url, "/readyz")).json() == {"status": "ready", "troubles": {}}


async def test_troubles_are_named_and_the_worker_stays_alive(url: str, around: Around) -> None:
    around.troubles = {"postgres": "away"}
    answer = await get(url, "/readyz")
    assert (answer.status_code, answer.json()["troubles"]) == (503, {"postgres": "away"})
    assert (await get(url, "/healthz")).status_code == 200


async def test_a_paused_agent_turns_readyz_red_until_a_person_resumes_it(url: str, around: Around) -> None:
    waiting = await shut(around.gates[1])
    answer = await get(url, "/readyz")
    assert answer.status_code == 503
    assert answer.json()["troubles"] == {"triage_urgent": "paused: RuntimeError"}
    result = await run_resume(url)
    assert (result.exit_code, result.output) == (0, "已恢复 / resumed: triage_urgent\n")
    assert await waiting
    assert (await get(url, "/readyz")).status_code == 200


async def test_resume_says_when_nothing_was_paused(url: str) -> None:
    result = await run_resume(url)
    assert (result.exit_code, result.output) == (0, "没有暂停的处理 / nothing was paused\n")


async def test_resume_says_when_nobody_is_there() -> None:
    result = await run_resume(f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 2
    assert "工作进程不可达" in result.output


async def test_metrics_can_be_scraped(url: str) -> None:
    answer = await get(url, "/metrics")
    assert 'gridward_agent_paused{agent="triage"} 0.0' in answer.text
