"""A live reader gets every event exactly once and in order, whatever breaks in between."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka import AIOKafkaProducer

from api.live.hub import CATCHING_UP, Hub
from api.live.reader import WAITING, Reader
from api.live.ring import SIZE, LiveEvent, Ring
from api.live.vector import parse_vector, show_vector
from api.names import Names
from api.routes import live
from gridward.bus import EVENTS, full_name
from gridward.metrics import live_catch_ups, live_readers
from gridward.settings import Settings
from gridward.store.held import Reading
from tests.api.browser import Browser, Frame
from tests.api.system import Api, read_topic, running_api

pytestmark = [pytest.mark.kafka, pytest.mark.postgres]

INCIDENTS = [str(uuid4()) for _ in range(20)]


def message(incident: str, no: int) -> bytes:
    summary = {
        "id": incident,
        "status": "queued",
        "category": "0506",
        "grid": None,
        "unit": None,
        "sensitive": False,
        "doubts": ["no_grid"],
        "tasks": [],
        "journal_no": no,
    }
    return json.dumps({"incident": summary, "entries": [], "notify": [], "report_id": None}).encode()


async def nothing_hidden(readings: Sequence[Reading]) -> list[set[str]]:
    return [set() for _ in readings]


class Bus:
    """Puts events on the topic as the outbox does."""

    def __init__(self, settings: Settings, producer: AIOKafkaProducer) -> None:
        self.settings = settings
        self.topic = full_name(EVENTS, settings.topic_prefix)
        self.producer = producer
        self.sent = 0

    async def send(self, count: int) -> None:
        for _ in range(count):
            incident = INCIDENTS[self.sent % len(INCIDENTS)]
            await self.producer.send(self.topic, message(incident, self.sent), incident.encode())
            self.sent += 1
        await self.producer.flush()

    async def content(self) -> list[tuple[str, int]]:
        found = [json.loads(record.value)["incident"] for record in await read_topic(self.settings, EVENTS)]
        return [(incident["id"], incident["journal_no"]) for incident in found]


@pytest_asyncio.fixture
async def bus(settings: Settings) -> AsyncIterator[Bus]:
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka, acks="all")
    await producer.start()
    yield Bus(settings, producer)
    await producer.stop()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  (what is waited for has no event of its own)
            await asyncio.sleep(0.02)


@asynccontextmanager
async def live_api(settings: Settings, ring: int = SIZE) -> AsyncIterator[Api]:
    async with running_api(settings, ring) as api:
        await until(lambda: api.services.hub.is_live)
        yield api


def caught_up(where: str) -> float:
    return float(live_catch_ups.labels(where)._value.get())


def per_incident(events: list[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for incident, no in events:
        found.setdefault(incident, []).append(no)
    return found


async def assert_all_seen(browser: Browser, bus: Bus) -> None:
    """Exactly what is on the topic, each once, in order for each incident."""
    assert per_incident(browser.seen()) == per_incident(await bus.content())


async def test_hello_comes_first_with_time_place_and_versions(settings: Settings, bus: Bus) -> None:
    async with live_api(settings) as api:
        reading = asyncio.create_task((browser := Browser(api.base)).read(1))
        await asyncio.sleep(0.3)
        await bus.send(1)
        await reading
    hello = browser.frames[0]
    assert hello.event == "hello"
    assert hello.data["position"] == hello.id == "0-0.1-0.2-0.3-0.4-0.5-0.6-0.7-0"
    assert {"now", "versions", "state"} <= hello.data.keys()
    incident = browser.frames[1].data["incident"]
    assert incident["status_zh"] == "待派单"
    assert incident["doubts"] == [{"kind": "no_grid", "text_zh": "不在任何网格"}]


async def test_a_reader_cut_off_again_and_again_gets_exactly_what_it_missed(
    settings: Settings, bus: Bus
) -> None:
    async with live_api(settings) as api:
        browser = Browser(api.base)
        await browser.read(0)
        browser.keep(Frame("start", show_vector(dict.fromkeys(range(8), 0)), None))
        for count in (1, 7, 8, 60, 61, 150):
            await bus.send(max(0, count - bus.sent) + 5)
            await browser.read(count)
        await browser.read(bus.sent)
        await assert_all_seen(browser, bus)


async def test_a_restart_of_the_api_loses_and_repeats_nothing(settings: Settings, bus: Bus) -> None:
    async with live_api(settings) as api:
        reading = asyncio.create_task((browser := Browser(api.base)).read(30))
        await asyncio.sleep(0.3)
        await bus.send(50)
        await reading
    await bus.send(70)
    async with live_api(settings) as api:
        browser.base = api.base
        await bus.send(30)
        await browser.read(150)
    await assert_all_seen(browser, bus)


async def test_a_restart_while_events_pour_in(settings: Settings, bus: Bus) -> None:
    """The catch-up from Kafka must meet a ring that moves on all the while, and is small."""
    browser = Browser("", show_vector(dict.fromkeys(range(8), 0)))
    await bus.send(400)
    pouring = asyncio.create_task(bus.send(600))
    for count in (120, 500, 900, 1000):
        async with live_api(settings, ring=40) as api:
            browser.base = api.base
            await browser.read(count)
    await pouring
    await assert_all_seen(browser, bus)


async def test_what_left_the_ring_comes_from_kafka(settings: Settings, bus: Bus) -> None:
    before = caught_up("kafka")
    async with live_api(settings, ring=16) as api:
        start = show_vector(dict.fromkeys(range(8), 0))
        await bus.send(100)
        browser = Browser(api.base, start)
        await browser.read(100)
        await bus.send(10)
        await browser.read(110)
    await assert_all_seen(browser, bus)
    assert caught_up("kafka") == before + 1


@pytest.mark.parametrize(
    "last_id",
    ["nonsense", "0-1", "0-1.0-2", "0-0.1-0.2-0.3-0.4-0.5-0.6-0.7-999", "9-0.1-0.2-0.3-0.4-0.5-0.6-0.7-0"],
)
async def test_a_position_that_is_none_is_a_reset_and_then_the_present(
    settings: Settings, bus: Bus, last_id: str
) -> None:
    await bus.send(5)
    async with live_api(settings) as api:
        browser = Browser(api.base, last_id)
        reading = asyncio.create_task(browser.read(3))
        await asyncio.sleep(0.5)
        await bus.send(3)
        await reading
    assert browser.kinds()[:2] == ["hello", "reset"]
    assert sorted(no for _, no in browser.seen()) == [
        5,
        6,
        7,
    ]


async def test_an_unreadable_event_is_passed_over(settings: Settings, bus: Bus) -> None:
    async with live_api(settings) as api:
        reading = asyncio.create_task((browser := Browser(api.base)).read(2))
        await asyncio.sleep(0.3)
        await bus.producer.send_and_wait(bus.topic, b"no event", INCIDENTS[0].encode())
        await bus.send(2)
        await reading
    assert browser.count == 2


async def test_many_readers_see_the_same(settings: Settings, bus: Bus) -> None:
    async with live_api(settings) as api:
        browsers = [Browser(api.base) for _ in range(20)]
        reading = [asyncio.create_task(browser.read(200)) for browser in browsers]
        await asyncio.sleep(1)
        await bus.send(200)
        await asyncio.gather(*reading)
        for browser in browsers:
            await assert_all_seen(browser, bus)


async def test_a_reader_that_does_not_read_is_let_go(settings: Settings, bus: Bus) -> None:
    hub = Hub(settings.kafka, bus.topic, Names, nothing_hidden, size=50)
    hub.start()
    await until(lambda: hub.is_live)
    stream = Reader(hub, dict, None).stream()
    while b"hello" not in await anext(stream):
        pass
    await bus.send(1)
    assert b"event: incident" in await anext(stream)
    await bus.send(300)
    await until(lambda: hub.ring is not None and hub.ring.next == 301)
    assert [chunk async for chunk in stream] == []
    await hub.stop()


async def test_readers_that_do_not_read_keep_nobody_from_catching_up(settings: Settings, bus: Bus) -> None:
    await bus.send(500)
    start = show_vector(dict.fromkeys(range(8), 0))
    async with asyncio.timeout(60), AsyncExitStack() as stack:
        api = await stack.enter_async_context(live_api(settings, ring=16))
        asleep = [Reader(api.services.hub, dict, start).stream() for _ in range(CATCHING_UP + 2)]
        for stream in asleep:
            await stack.enter_async_context(aclosing(stream))
            while b"event: incident" not in await anext(stream):
                pass
        browser = Browser(api.base, start)
        await browser.read(500)
        await assert_all_seen(browser, bus)


async def test_who_waits_for_a_turn_is_told_so(settings: Settings, bus: Bus) -> None:
    await bus.send(100)
    async with live_api(settings, ring=16) as api, AsyncExitStack() as turns:
        hub = api.services.hub
        for _ in range(CATCHING_UP):
            await turns.enter_async_context(hub.catching_up)
        async with aclosing(Reader(hub, dict, show_vector(dict.fromkeys(range(8), 0))).stream()) as stream:
            chunks = [await anext(stream) for _ in range(4)]
            assert chunks[-2:] == [WAITING, WAITING]
            await turns.aclose()
            async with asyncio.timeout(20):
                while b"event: incident" not in await anext(stream):
                    pass


async def test_who_waits_for_a_turn_is_let_go_when_the_server_ends(settings: Settings, bus: Bus) -> None:
    await bus.send(100)
    async with live_api(settings, ring=16) as api, AsyncExitStack() as turns:
        hub = api.services.hub
        for _ in range(CATCHING_UP):
            await turns.enter_async_context(hub.catching_up)
        stream = Reader(hub, dict, show_vector(dict.fromkeys(range(8), 0))).stream()
        while await anext(stream) != WAITING:
            pass
        hub.close()
        async with asyncio.timeout(3):
            assert [chunk async for chunk in stream if chunk != WAITING] == []


async def test_a_browser_that_takes_nothing_is_let_go(
    settings: Settings, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "TAKE_WITHIN", 0.5)
    await bus.send(8000)
    async with live_api(settings, ring=16) as api:
        before = live_readers._value.get()
        host, port = api.base.removeprefix("http://").split(":")
        with socket.socket() as asleep:
            asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            asleep.connect((host, int(port)))
            last_id = show_vector(dict.fromkeys(range(8), 0))
            asleep.sendall(
                f"GET /api/live HTTP/1.1\r\nHost: {host}\r\nLast-Event-ID: {last_id}\r\n\r\n".encode()
            )
            await until(lambda: live_readers._value.get() == before + 1)
            await until(lambda: live_readers._value.get() == before)


async def test_while_kafka_is_away_the_reader_is_told(settings: Settings) -> None:
    nowhere = replace(settings, kafka="127.0.0.1:1")
    async with running_api(nowhere) as api:
        async with Browser(api.base).frames_from() as frames:
            frame = await anext(frames)
        assert (frame.event, frame.data) == ("state", {"state": "stale"})


def test_vectors_are_read_as_written() -> None:
    assert parse_vector("0-15.1-7") == {0: 15, 1: 7}
    assert show_vector({1: 7, 0: 15}) == "0-15.1-7"
    for wrong in ("", "0", "0-", "-1-0", "0-1.0-2", "0-1 ", "0-1.", "٠-١", "0-" + "9" * 19):
        assert parse_vector(wrong) is None


def test_a_ring_knows_from_where_it_is_whole() -> None:
    ring = Ring({0: 5, 1: 0}, size=3)
    for partition, offset in ((0, 5), (1, 0), (0, 6), (0, 7)):
        ring.add(LiveEvent(partition, offset, b""))
    assert (ring.first, ring.next) == (1, 4)
    assert ring.floor == {0: 6, 1: 0}
    assert ring.positions == {0: 8, 1: 1}
    assert ring.holds_from({0: 6, 1: 0})
    assert not ring.holds_from({0: 5, 1: 1})
