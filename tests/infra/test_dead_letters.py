"""`gridward dead`: what could never be handled is listed with its reason, and can be sent again."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from gridward.bus import REPORTS, URGENT
from gridward.domain.errors import Refused
from gridward.reports import to_bytes
from infra.commands.dead import app
from infra.dead.letters import Letter, read_letters
from infra.dead.replay import Replayer
from infra.kafka_log import KafkaLog
from tests.stream.little_system import LittleSystem, little_system, report

pytestmark = [pytest.mark.postgres, pytest.mark.kafka]

MANGLED = '{"id": "1", "text": "请打 13812345678 找王五"}'.encode()


@pytest_asyncio.fixture
async def system(
    database_url: str,
    kafka_server: str,
    topic_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[LittleSystem]:
    """With two dead letters: one that nobody can read, one that says a phone number."""
    monkeypatch.setenv("GRIDWARD_KAFKA", kafka_server)
    monkeypatch.setenv("GRIDWARD_TOPIC_PREFIX", topic_prefix)
    async with little_system(database_url, kafka_server, topic_prefix, tmp_path) as system:
        await system.publish(b"\x00\xff nonsense", MANGLED)
        await system.triage()
        yield system


def letters(system: LittleSystem) -> list[Letter]:
    with KafkaLog(system.settings.kafka) as log:
        return read_letters(log, system.settings.topic_prefix)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


async def set_aside(system: LittleSystem, value: bytes, key: bytes | None, topic: str = REPORTS) -> None:
    """A message that an agent gave up on, as after an error of ours that has been mended since."""
    sent = await system.producer.send_and_wait(system.topic(topic), value, key=key)
    record = next(
        r for r in system.records(topic) if (r.partition, r.offset) == (sent.partition, sent.offset)
    )
    event = type("Event", (), {"message": record})()
    await system.desk.set_aside(event, "RuntimeError('mended since')")
    await system.desk.pass_on([event])


async def test_a_letter_says_why_and_shows_no_phone_number(system: LittleSystem) -> None:
    first, second = sorted(letters(system), key=lambda letter: letter.value)
    assert first.reason.startswith("not a report: JSONDecodeError")
    assert first.excerpt == "·\ufffd nonsense"
    assert second.excerpt == "请打 138****5678 找王五"
    listed = json.loads(run("list", "--json"))
    assert {one["key"] for one in listed} == {first.key, second.key}
    assert "13812345678" not in json.dumps(listed, ensure_ascii=False)


async def test_the_table_lists_what_is_open(system: LittleSystem) -> None:
    table = run("list")
    assert "2 封死信" in table
    assert "138****5678" in table
    assert "0 封死信" in run("list", "--reason-contains", "no such reason")


async def test_show_masks_the_message(system: LittleSystem) -> None:
    letter = next(letter for letter in letters(system) if letter.value == MANGLED)
    shown = run("show", letter.key)
    assert "138****5678" in shown
    assert "13812345678" not in shown


async def test_show_of_an_unknown_key_exits_1(system: LittleSystem) -> None:
    assert CliRunner().invoke(app, ["show", "incident.reports:0:99"]).exit_code == 1


async def test_a_replayed_letter_becomes_its_incident_and_is_listed_no_more(system: LittleSystem) -> None:
    mended = report()
    await set_aside(system, to_bytes(mended), mended.id.encode(), URGENT)
    letter = next(one for one in letters(system) if "mended" in one.reason)
    run("replay", letter.key)
    again = system.records(URGENT)[-1]
    assert (again.value, again.key) == (to_bytes(mended), mended.id.encode())
    assert again.header("replay_of") == letter.key
    await system.triage()
    assert await system.pool.fetchval("SELECT report_id::text FROM incidents") == mended.id
    assert letter.key not in run("list", "--json")
    shown = json.loads(run("list", "--json", "--all"))
    assert [one["key"] for one in shown if one["replayed_at"]] == [letter.key]


async def test_what_fails_again_is_a_letter_of_its_own(system: LittleSystem) -> None:
    before = {letter.key for letter in letters(system)}
    run("replay", "--all")
    await system.triage()
    open_now = [letter for letter in letters(system) if letter.replayed_at is None]
    assert {letter.failed_before for letter in open_now} == before
    assert "重放后又失败" in run("list")


async def test_replaying_all_leaves_other_reasons_alone(system: LittleSystem) -> None:
    await set_aside(system, b"x", None)
    assert "已重放 1 封" in run("replay", "--all", "--reason-contains", "mended")
    assert len(json.loads(run("list", "--json"))) == 2


async def test_one_key_or_all_but_not_both(system: LittleSystem) -> None:
    assert CliRunner().invoke(app, ["replay"]).exit_code == 2
    assert CliRunner().invoke(app, ["replay", "incident.reports:0:0", "--all"]).exit_code == 2
    assert all(letter.replayed_at is None for letter in letters(system))


async def test_a_message_set_aside_twice_is_one_letter(system: LittleSystem) -> None:
    record = system.records(REPORTS)[0]
    event = type("Event", (), {"message": record})()
    await system.desk.set_aside(event, "a crash came before its position was passed")
    keys = [letter.key for letter in letters(system)]
    assert len(keys) == len(set(keys)) == 2


async def test_a_letter_of_a_foreign_topic_is_not_sent(system: LittleSystem) -> None:
    foreign = replace(letters(system)[0], topic="somebody.elses")
    settings = system.settings
    with (
        Replayer(settings.kafka, settings.topic_prefix, system.clock) as replayer,
        pytest.raises(Refused, match="not a topic"),
    ):
        replayer.replay([foreign])
