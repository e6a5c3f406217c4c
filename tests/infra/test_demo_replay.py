"""`gridward demo`: every line is answered for good, whatever the door does meanwhile."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

from gridward.domain.errors import Refused
from infra.cli import app
from infra.commands.demo import answers_at
from infra.replay.lines import Line, chosen, demo_lines, read_lines
from infra.replay.outcome import outcome_of
from infra.replay.sender import Sender
from infra.stack.ports import free_port


class Door:
    """A web server with moods: it answers as its list of statuses says, then 202; every second one is queued."""

    def __init__(self) -> None:
        self.moods: list[int] = []
        self.posted: Counter[str] = Counter()
        self.incidents: dict[str, dict[str, Any]] = {}
        self.slow_triage = 0

    async def post(self, request: web.Request) -> web.Response:
        id = (await request.json())["id"]
        if self.moods:
            status = self.moods.pop(0)
            headers = {"Retry-After": "0"} if status == 503 else {}
            return web.json_response({"title": "mood"}, status=status, headers=headers)
        self.posted[id] += 1
        if id not in self.incidents:
            queued = len(self.incidents) % 2 == 1
            self.incidents[id] = {
                "number": f"n{len(self.incidents)}",
                "status": "queued" if queued else "dispatched",
                "doubts": [{"kind": "no_place", "text_zh": "无位置"}] if queued else [],
            }
        return web.json_response({"id": id, "state": "accepted"}, status=202)

    async def get(self, request: web.Request) -> web.Response:
        if self.slow_triage:
            self.slow_triage -= 1
            return web.json_response({"state": "accepted"})
        incident = self.incidents[request.match_info["id"]]
        return web.json_response({"state": incident["status"], "incident": incident})


@pytest.fixture
def door() -> Door:
    return Door()


@pytest_asyncio.fixture
async def client(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    app = web.Application()
    app.add_routes([web.post("/api/reports", door.post), web.get("/api/reports/{id}", door.get)])
    async with TestServer(app) as server, httpx.AsyncClient(base_url=str(server.make_url("/"))) as client:
        yield client


def lines(count: int) -> list[Line]:
    made = []
    for no in range(1, count + 1):
        id = str(uuid4())
        made.append(Line(no, id, orjson.dumps({"id": id, "text": "x", "source": "grid"})))
    return made


async def send(client: httpx.AsyncClient, some: list[Line], speed: float = 0, clients: int = 4) -> Sender:
    told: list[str] = []
    sender = Sender(client, speed, told.append)
    await sender.send_all(some, clients)
    assert told.count("") == len(some)
    return sender


async def test_every_line_is_sent_once(client: httpx.AsyncClient, door: Door) -> None:
    some = lines(50)
    answers = (await send(client, some)).answers
    assert answers.accepted == {line.id for line in some}
    assert set(door.posted.values()) == {1}


async def test_a_door_that_is_away_is_asked_again_with_the_same_id(
    client: httpx.AsyncClient, door: Door
) -> None:
    door.moods = [503, 503, 502, 504]
    some = lines(3)
    answers = (await send(client, some, clients=1)).answers
    assert answers.accepted == {line.id for line in some}
    assert answers.retries == 4
    assert set(door.posted.values()) == {1}


async def test_a_door_that_is_not_there_yet_is_waited_for(door: Door, unused_tcp_port: int) -> None:
    some = lines(2)
    told: list[str] = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{unused_tcp_port}") as client:
        sending = asyncio.create_task(Sender(client, 0, told.append).send_all(some, 2))
        await asyncio.sleep(0.3)
        app = web.Application()
        app.add_routes([web.post("/api/reports", door.post)])
        async with TestServer(app, port=unused_tcp_port):
            answers = await sending
    assert len(answers.accepted) == 2
    assert any("ConnectError" in text for text in told)


async def test_what_is_refused_is_named_with_its_line(client: httpx.AsyncClient, door: Door) -> None:
    door.moods = [422, 409]
    some = lines(3)
    answers = (await send(client, some, clients=1)).answers
    assert [text.split(":")[0] for text in answers.refused] == [
        f"第 {n} 行 line {n} {some[n - 1].id}" for n in (1, 2)
    ]
    assert answers.accepted == {some[2].id}


async def test_an_id_sent_twice_counts_once(client: httpx.AsyncClient) -> None:
    some = lines(2)
    answers = (await send(client, [*some, some[0]])).answers
    assert (len(answers.accepted), answers.sent_again) == (2, 1)


async def test_the_speed_is_kept(client: httpx.AsyncClient) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    await send(client, lines(21), speed=50)
    assert 0.4 <= loop.time() - start < 3


async def test_incidents_are_waited_for_and_counted(client: httpx.AsyncClient, door: Door) -> None:
    some = lines(10)
    answers = (await send(client, some)).answers
    door.slow_triage = 15
    outcome = await outcome_of(client, answers.accepted, 30, lambda _: None)
    assert (outcome.incidents, outcome.dispatched, outcome.queued) == (10, 5, 5)
    assert outcome.doubts == {"无位置 no_place": 5}
    assert outcome.auto_share == 0.5
    assert outcome.missing == []


async def test_a_report_that_never_becomes_an_incident_is_named(
    client: httpx.AsyncClient, door: Door
) -> None:
    some = lines(1)
    await send(client, some)
    door.slow_triage = 1000
    outcome = await outcome_of(client, [some[0].id], 0.6, lambda _: None)
    assert outcome.missing == [some[0].id]


def test_lines_of_a_file_keep_their_ids(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    file.write_text(
        '{"id": "a", "text": "x", "source": "grid"}\n\n{"id": "b", "text": "y", "source": "grid"}\n'
    )
    assert [(line.no, line.id) for line in read_lines(file)] == [(1, "a"), (3, "b")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "b", "text": "y", "source": "grid", "colour": "red"}', "line 2 has unknown fields: colour"),
        ("{", "line 2 is not JSON"),
        ("[]", "line 2 is not a report"),
        ('{"id": "b", "text": "y"}', "line 2 lacks source"),
    ],
)
def test_a_line_that_is_no_report_is_named(tmp_path: Path, line: str, reason: str) -> None:
    file = tmp_path / "f.jsonl"
    file.write_text('{"id": "a", "text": "x", "source": "grid"}\n' + line + "\n")
    with pytest.raises(Refused, match=reason):
        read_lines(file)


def test_each_run_of_our_own_texts_makes_other_reports(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "x", "source": "grid", "occurred_at": "2020-01-01T00:00:00Z"}\n' * 2)
    run, other = UUID(int=1), UUID(int=2)
    first, same, next_run = demo_lines(run, file), demo_lines(run, file), demo_lines(other, file)
    assert first == same
    assert len({line.id for line in (*first, *next_run)}) == 4
    assert "occurred_at" not in orjson.loads(first[0].body)


def test_a_seed_gives_one_order_and_a_limit_the_first_lines() -> None:
    some = lines(20)
    assert chosen(some, 7, None) == chosen(some, 7, None) != some
    assert sorted(chosen(some, 7, 5), key=lambda line: line.no) == some[:5]


def test_the_sample_of_real_reports_can_be_read(shared_data: Path) -> None:
    some = read_lines(shared_data / "reports_sample.jsonl")
    assert (len(some), len({line.id for line in some})) == (3068, 3000)


def test_with_nobody_there_it_says_what_to_do_and_ends() -> None:
    result = CliRunner().invoke(app, ["demo", "--wait", "0", "--api", f"http://127.0.0.1:{free_port()}"])
    assert result.exit_code == 2
    assert "请先执行 ./run up" in result.stderr


async def test_a_door_that_opens_while_it_waits_is_found() -> None:
    port = free_port()

    async def door(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    looking = asyncio.create_task(answers_at(f"http://127.0.0.1:{port}", 30))
    await asyncio.sleep(0.7)
    assert not looking.done()
    async with await asyncio.start_server(door, "127.0.0.1", port):
        assert await looking
