"""Whoever puts a policy in force sees first what it changes, is asked, and never overwrites what was not seen."""

import asyncio
import os
import pty
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from gridward.domain.errors import Refused
from gridward.policy.export import files_of
from gridward.policy.files import BUNDLED
from gridward.policy.place_rows import PlaceEntry
from gridward.policy.schema import PolicyBundle, RuleRow
from gridward.store.policies import newest_version, publish_policy, roll_back
from infra.commands import policy as policy_command
from infra.commands.first_start import fill
from tests.policy.test_check import with_rules, with_unit
from tests.policy.test_diff import with_category, with_class
from tests.policy.test_history import renamed, with_changes

pytestmark = pytest.mark.postgres

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NEW_RULE = RuleRow(category="05", area="990101", lead="村社区")
INCIDENTS = """
INSERT INTO incidents (id, number, report_id, status, severity, limit_class, sensitive, version, journal_no,
  rules_version, extended, unit, updated_at, received_at, occurred_at, source, text, flags, grid_candidates,
  boundary_version, policy_version, why, category)
SELECT gen_random_uuid(), $1 || '-' || n, gen_random_uuid(), $3, 3, 'T', false, 1, 1, 1, false, 'unit', now(), now(),
  now(), 'hotline', 'x', '{}', '{}', 1, 1, '{}', $1
FROM generate_series(1, $2::int) n
"""


@pytest.fixture
async def conn(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


Command = Callable[..., Result]


@pytest.fixture
def command(database_url: str) -> Command:
    return lambda *words: CliRunner().invoke(policy_command.app, [*words, "--database-url", database_url])


def on_a_terminal(database_url: str, answer: str, *words: str) -> tuple[int, str]:
    """The command as somebody runs it who types an answer: exit code and what the terminal showed."""
    ours, theirs = pty.openpty()
    code = "from infra.cli import main; main()"
    arguments = [sys.executable, "-B", "-c", code, "policy", *words, "--database-url", database_url]
    with subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:  # the other end is closed
            pass
        return process.wait(60), shown.decode("utf-8", "replace")


def folder_of(bundle: PolicyBundle, folder: Path) -> str:
    folder.mkdir()
    for name, text in files_of(bundle).items():
        (folder / name).write_text(text, "utf-8")
    return str(folder)


@pytest.mark.parametrize(("answer", "exit_code", "version"), [("y", 0, 2), ("n", 1, 1), ("", 1, 1)])
async def test_it_shows_the_differences_and_asks(
    database_url: str,
    conn: asyncpg.Connection,
    bundle: PolicyBundle,
    answer: str,
    exit_code: int,
    version: int,
) -> None:
    await publish_policy(conn, with_category(bundle, "0501", severity=3), "first", AT)
    await conn.execute(INCIDENTS, "0501", 3, "dispatched")
    await conn.execute(INCIDENTS, "0502", 2, "dispatched")
    code, shown = await asyncio.to_thread(on_a_terminal, database_url, answer, "apply", str(BUNDLED))
    assert code == exit_code, shown
    for told in ("类别 0501 级别 3 → 4", "类别有变的未办结事件：3 件（0501 3 件）", "Put this in force?"):
        assert told in shown
    newest = await newest_version(conn)
    assert newest is not None
    assert newest.version == version
    assert ("没有发布，版本 1 继续生效" in shown) == (version == 1)


@pytest.mark.parametrize("words", [("apply", str(BUNDLED)), ("rollback", "1")])
async def test_without_a_terminal_nothing_is_published_unless_it_is_told_to(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, words: tuple[str, ...]
) -> None:
    await publish_policy(conn, bundle, "first", AT)
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "second", AT)
    refused = await asyncio.to_thread(command, *words)
    assert refused.exit_code == 2
    assert "删除 removed" in refused.output
    assert "加 --yes 再执行" in refused.output
    assert await conn.fetchval("SELECT max(version) FROM policy_versions") == 2
    done = await asyncio.to_thread(command, *words, "--yes")
    assert done.exit_code == 0, done.output
    assert await conn.fetchval("SELECT max(version) FROM policy_versions") == 3


async def test_a_first_policy_says_so(conn: asyncpg.Connection, command: Command) -> None:
    done = await asyncio.to_thread(command, "apply", str(BUNDLED), "--yes")
    assert done.exit_code == 0
    assert "这将是第一个版本" in done.output
    again = await asyncio.to_thread(command, "apply", str(BUNDLED))
    assert again.exit_code == 0
    assert "与正在生效的版本 1 没有差别，无需发布" in again.output
    assert await conn.fetchval("SELECT count(*) FROM policy_versions") == 1


async def test_what_somebody_else_put_in_force_meanwhile_is_not_overwritten(
    conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    mine, theirs = with_category(bundle, "0501", severity=1), with_rules(bundle, NEW_RULE)
    await publish_policy(conn, bundle, "first", AT)
    await publish_policy(conn, theirs, "market week", AT, "li", instead_of=1)
    with pytest.raises(Refused, match=r"版本 2（li，market week），没有发布；请重新执行"):
        await publish_policy(conn, mine, "mine", AT, instead_of=1)
    with pytest.raises(Refused, match="was published meanwhile"):
        await roll_back(conn, 1, "", AT, instead_of=1)
    assert await conn.fetchval("SELECT max(version) FROM policy_versions") == 2
    assert await publish_policy(conn, mine, "mine", AT, instead_of=2) == 3


async def test_of_two_at_once_one_is_refused(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, bundle, "first", AT)

    async def publish(severity: int) -> int:
        own = await asyncpg.connect(database_url)
        try:
            changed = with_category(bundle, "0501", severity=severity)
            return await publish_policy(own, changed, f"{severity}", AT, instead_of=1)
        finally:
            await own.close()

    results = await asyncio.gather(publish(1), publish(2), publish(3), return_exceptions=True)
    assert [one for one in results if one == 2] == [2]
    assert len([one for one in results if isinstance(one, Refused)]) == 2


async def test_a_policy_published_while_the_question_stands_is_noticed(
    database_url: str, conn: asyncpg.Connection, bundle: PolicyBundle
) -> None:
    await publish_policy(conn, with_category(bundle, "0501", severity=1), "first", AT)
    ours, theirs = pty.openpty()
    code = "from infra.cli import main; main()"
    arguments = [sys.executable, "-B", "-c", code, "policy", "apply", "--database-url", database_url]
    process = await asyncio.create_subprocess_exec(
        *arguments, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE
    )
    os.close(theirs)
    shown = ""
    while "Put this in force?" not in shown:
        shown += (await asyncio.to_thread(os.read, ours, 4096)).decode("utf-8", "replace")
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "theirs", AT, "li")
    os.write(ours, b"y\n")
    _, told = await process.communicate()
    os.close(ours)
    assert process.returncode == 2
    assert "其间已有人发布了版本 2（li，theirs），没有发布" in told.decode()
    newest = await newest_version(conn)
    assert newest is not None
    assert newest.note == "theirs"


async def test_a_rollback_says_what_becomes_of_incidents_of_categories_that_it_lacks(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command
) -> None:
    """0501 came with version 2; the older policy had 0581 in its place, and knows nothing of the change."""
    await publish_policy(conn, renamed(bundle, "0501", "0581"), "first", AT)
    changed = with_changes(bundle, ("rename", "0581", "0501"))
    await publish_policy(conn, changed, "second", AT)
    await conn.execute(INCIDENTS, "0501", 4, "dispatched")
    await conn.execute(INCIDENTS, "0581", 1, "dispatched")
    await conn.execute(INCIDENTS, "0502", 9, "closed")
    back = await asyncio.to_thread(command, "rollback", "1", "--yes")
    assert back.exit_code == 0, back.output
    (told,) = [line for line in back.output.splitlines() if line.startswith("注意：")]
    assert "没有类别 0501 暴露垃圾，有 4 件未办结" in told
    assert "仍按受理时的版本计时办理" in told
    assert "new reports go to other categories" in told
    assert await conn.fetchval("SELECT count(*) FROM incidents WHERE category = '0501'") == 4


async def test_an_incident_of_a_category_that_was_renamed_is_told_with_its_successor(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, tmp_path: Path
) -> None:
    await publish_policy(conn, renamed(bundle, "0501", "0581"), "first", AT)
    await conn.execute(INCIDENTS, "0581", 2, "dispatched")
    new = folder_of(with_changes(bundle, ("rename", "0581", "0501")), tmp_path / "new")
    done = await asyncio.to_thread(command, "apply", new, "--yes")
    assert done.exit_code == 0, done.output
    assert "没有类别 0581 暴露垃圾，有 2 件未办结" in done.output
    assert "新上报归入 0501 暴露垃圾" in done.output


@pytest.mark.parametrize("words", [("apply", "new", "--yes"), ("diff", "current", "new")])
async def test_open_incidents_of_a_limit_class_that_is_gone_are_told_with_what_becomes_of_them(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    await publish_policy(conn, with_class(bundle, "0501", "K"), "first", AT)
    await conn.execute(INCIDENTS, "0501", 4, "dispatched")
    await conn.execute(INCIDENTS, "0502", 9, "closed")
    await conn.execute("UPDATE incidents SET limit_class = 'K'")
    new = folder_of(bundle, tmp_path / "new")
    done = await asyncio.to_thread(command, *(new if word == "new" else word for word in words))
    assert done.exit_code == 0, done.output
    (told,) = [line for line in done.output.splitlines() if line.startswith("注意：")]
    assert "没有时限类 K 限期，有 4 件未办结" in told
    assert "时限、提级和办理仍按受理时的版本" in told
    assert "becomes graver without a shorter limit" in told


@pytest.mark.parametrize("words", [("check", "new", "--boundaries"), ("apply", "new", "--yes")])
async def test_areas_and_places_without_a_grid_are_told_by_line_and_stop_nothing(
    database_url: str, bundle: PolicyBundle, command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Thousands of places beside the grids of one township are counted, and not all listed."""
    away = [PlaceEntry(name=f"别处{n}村", kind="village", lon=118.0, lat=28.0) for n in range(40)]
    gazetteer = bundle.gazetteer.model_copy(update={"places": [*bundle.gazetteer.places, *away]})
    wrong = with_unit(bundle, 0, areas=["990101101", "990101102"])
    new = folder_of(wrong.model_copy(update={"gazetteer": gazetteer}), tmp_path / "new")
    line = [new if word == "new" else word for word in words]
    before = await asyncio.to_thread(command, *line)
    assert before.exit_code == 0, before.output
    assert "还没有发布网格边界" in before.output
    await fill(database_url)
    if words[0] == "apply":
        line[1] = folder_of(with_category(wrong, "0501", severity=1), tmp_path / "newer")
    done = await asyncio.to_thread(command, *line)
    assert done.exit_code == 0, done.output
    assert re.search(r"units\.yaml:\d+: .*区域 990101102 内没有网格", done.output)
    if words[0] == "check":
        assert done.output.count("不在任何网格内") == 19
        assert "另有 21 处区域或地名没有网格" in done.output


@pytest.mark.parametrize("to", [("yaml",), ("--xlsx", "policy.xlsx")])
async def test_what_was_exported_is_no_difference(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, tmp_path: Path, to: tuple[str, ...]
) -> None:
    await publish_policy(conn, with_rules(bundle, NEW_RULE), "first", AT)
    place = str(tmp_path / to[-1])
    exported = await asyncio.to_thread(command, "export", "current", *to[:-1], place)
    assert exported.exit_code == 0, exported.output
    checked = await asyncio.to_thread(CliRunner().invoke, policy_command.app, ["check", place])
    assert checked.exit_code == 0, checked.output
    applied = await asyncio.to_thread(command, "apply", place)
    assert applied.exit_code == 0, applied.output
    assert "与正在生效的版本 1 没有差别" in applied.output
    assert await conn.fetchval("SELECT count(*) FROM policy_versions") == 1
