"""A broker of this test's own is absent at first, comes, is killed, and comes again."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import httpx
import pytest

from gridward.bus import REPORTS
from infra.stack.folder import DataFolder
from infra.stack.kafka import TEST_BROKER, Kafka
from infra.stack.ports import free_port
from infra.stack.topics import TopicAdmin
from tests.api.browser import Browser, Frame
from tests.api.system import Api, a_report, read_topic, running_api, settings_for

pytestmark = pytest.mark.kafka

BACK_WITHIN = 30  # seconds after the broker is there again, on a busy machine


@pytest.fixture
def broker() -> Iterator[Kafka]:
    """Prepared, not started."""
    root = Path(tempfile.mkdtemp(prefix="gridward-kafka-", dir="/var/tmp"))
    folder = DataFolder(root).open()
    kafka = Kafka(folder, free_port(), free_port(), TEST_BROKER)
    kafka.prepare()
    yield kafka
    kafka.kill()
    folder.close()
    shutil.rmtree(root, ignore_errors=True)


async def bring_up(broker: Kafka) -> None:
    broker.start()
    await asyncio.to_thread(broker.wait_ready)


async def refused(api: Api) -> None:
    """503 in time, and never a lie."""
    started = perf_counter()
    answer = await api.report()
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert perf_counter() - started < 2


async def accepted(api: Api, body: dict[str, object]) -> httpx.Response:
    """As a sender does it: the same id again until it is taken."""
    async with asyncio.timeout(BACK_WITHIN):
        while (answer := await api.report(body)).status_code == 503:  # noqa: ASYNC110
            await asyncio.sleep(0.3)
    return answer


@asynccontextmanager
async def following(api: Api) -> AsyncIterator["asyncio.Queue[Frame]"]:
    frames: asyncio.Queue[Frame] = asyncio.Queue()

    async def follow() -> None:
        async with Browser(api.base).frames_from() as found:
            async for frame in found:
                await frames.put(frame)

    task = asyncio.create_task(follow())
    try:
        yield frames
    finally:
        task.cancel()
        await asyncio.wait([task])


async def told(frames: "asyncio.Queue[Frame]", state: str) -> None:
    """Until a greeting or a change says so."""
    async with asyncio.timeout(BACK_WITHIN):
        while (await frames.get()).data.get("state") != state:
            pass


async def test_the_api_outlives_the_broker(broker: Kafka, tmp_path: Path) -> None:
    nowhere = "postgresql://gridward@127.0.0.1:1/none"
    settings = settings_for(nowhere, broker.bootstrap, "", tmp_path)
    bodies = [a_report(f"第{n}件占道经营") for n in range(3)]
    async with running_api(settings) as api, following(api) as frames:
        await refused(api)
        await told(frames, "stale")
        await bring_up(broker)
        with TopicAdmin(broker.bootstrap, "") as admin:
            await asyncio.to_thread(admin.create_missing)
        assert (await accepted(api, bodies[0])).status_code == 202
        await told(frames, "live")
        broker.kill()
        await refused(api)
        await told(frames, "stale")
        await refused(api)
        await bring_up(broker)
        assert (await accepted(api, bodies[1])).status_code == 202
        await told(frames, "live")
        assert (await accepted(api, bodies[2])).status_code == 202
        on_topic = {record.key.decode() for record in await read_topic(settings, REPORTS)}
    assert {str(body["id"]) for body in bodies} <= on_topic
