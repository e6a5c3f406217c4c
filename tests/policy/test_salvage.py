"""A version that today's check refuses is still compared and exported, and stands in the way of nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from gridward.policy.diff import differences, differences_of
from gridward.policy.export import files_of_data
from gridward.policy.files import canonical_json, load_bundle
from gridward.policy.salvage import Salvaged, salvage
from gridward.policy.schema import PolicyBundle
from gridward.store.policies import publish_policy
from infra.commands import policy as policy_command
from infra.commands import units as units_command
from tests.policy.test_apply import folder_of
from tests.policy.test_diff import with_category
from tests.store.test_policy_book import spoil

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Command = Callable[..., Result]


def spoilt(bundle: PolicyBundle, path: str, value: object) -> str:
    """The JSON text of the bundle with another value at the path; None takes the field away."""
    data = json.loads(canonical_json(bundle))
    *steps, last = path.split(".")
    part: Any = data
    for step in steps:
        part = part[step]
    part[last] = value
    return json.dumps(data)


# What is wrong, and whether its form is: what only the comparison of tables refuses is a bundle still.
REFUSED = [
    ("responsibility.rules", [], True),
    ("limits.classes", {}, True),
    ("limits.desk", {}, False),
    ("limits.hurry", 3, False),
    ("categories.categories", "none", False),
    ("units.units", [{"code": "1"}, {"code": "1", "name": "所"}, 7], False),
    ("responsibility.rules", [{"category": "05", "leads": "村社区"}], False),
    ("words", None, False),
    ("limits", [1, "x", {"a": None}], False),
    ("more", {"a": 1}, False),  # of a program that came later
]


@pytest.mark.parametrize(("path", "value", "is_bundle"), REFUSED)
def test_whatever_is_wrong_is_named_and_the_rest_is_compared_and_written(
    bundle: PolicyBundle, tmp_path: Path, path: str, value: object, is_bundle: bool
) -> None:
    found = salvage(spoilt(bundle, path, value))
    assert (found.bundle is not None) == is_bundle
    assert (found.sound is None) == bool(found.mistakes)
    now = Salvaged.of(with_category(bundle, "0501", severity=1))
    lines = differences_of(found.data, now.data)
    file = path.split(".")[0]
    if file != "categories":
        assert "类别 0501 级别 4 → 1" in lines
        assert differences_of(found.data, now.data)[1:], "what is wrong differs too"
    assert differences_of(found.data, found.data) == []
    for name, text in files_of_data(found.data).items():
        (tmp_path / name).write_text(text, "utf-8")
    if not is_bundle:
        assert any(one.startswith(f"{file}.yaml: ") for one in found.mistakes)


@pytest.mark.parametrize("text", ["null", "[]", "3", '"x"'])
def test_what_is_no_policy_at_all_is_nothing(text: str) -> None:
    found = salvage(text)
    assert (found.data, found.bundle, len(found.mistakes)) == ({}, None, 1)


def test_what_is_accepted_is_the_same_policy(bundle: PolicyBundle) -> None:
    changed = with_category(bundle, "0501", severity=1)
    found = salvage(canonical_json(changed))
    assert (found.bundle, found.mistakes) == (changed, ())
    assert differences_of(Salvaged.of(bundle).data, found.data) == differences(bundle, changed)


def test_a_second_row_of_one_code_is_not_passed_over(bundle: PolicyBundle) -> None:
    data = json.loads(canonical_json(bundle))
    data["units"]["units"] += [{**data["units"]["units"][0], "name": "又一个"}]
    (line,) = differences_of(json.loads(canonical_json(bundle)), data)
    assert "（第 2 条） 新增 added" in line
    assert "又一个" in line


@pytest.fixture
async def conn(database_url: str, bundle: PolicyBundle) -> AsyncIterator[asyncpg.Connection]:
    """Version 1, whose form today's schema refuses in `limits`, and version 2, which is in force."""
    connection = await asyncpg.connect(database_url)
    await publish_policy(connection, bundle, "first", AT)
    await publish_policy(connection, with_category(bundle, "0501", severity=1), "second", AT)
    await spoil(connection, 1, "limits.desk", {"limits": {"1": "soon"}})
    yield connection
    await connection.close()


@pytest.fixture
def command(database_url: str) -> Command:
    return lambda *words: CliRunner().invoke(policy_command.app, [*words, "--database-url", database_url])


@pytest.mark.postgres
async def test_diff_shows_what_it_can_and_says_what_is_refused(
    conn: asyncpg.Connection, command: Command
) -> None:
    done = await asyncio.to_thread(command, "diff", "1", "current")
    assert done.exit_code == 0, done.output
    assert "类别 0501 级别 4 → 1" in done.stdout
    assert "设置 limits.yaml desk.limits.1 soon → " in done.stdout
    assert "版本 1 通不过现在的检查" in done.stderr
    assert "limits.yaml: desk." in done.stderr
    assert "没有统计类别有变的未办结事件" in done.stdout


@pytest.mark.postgres
async def test_export_writes_files_that_can_be_corrected_and_no_workbook(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, tmp_path: Path
) -> None:
    done = await asyncio.to_thread(command, "export", "1", str(tmp_path / "yaml"))
    assert done.exit_code == 0, done.output
    assert "版本 1 通不过现在的检查" in done.stderr
    limits = tmp_path / "yaml" / "limits.yaml"
    assert "soon" in limits.read_text("utf-8")
    limits.write_text(files_of_data(Salvaged.of(bundle).data)["limits.yaml"], "utf-8")
    assert load_bundle(tmp_path / "yaml") == bundle, "nothing else was lost"
    book = await asyncio.to_thread(command, "export", "1", "--xlsx", str(tmp_path / "book.xlsx"))
    assert book.exit_code == 2
    assert "请写成 YAML：./run policy export 1 目录" in book.stderr
    assert not (tmp_path / "book.xlsx").exists()


@pytest.mark.postgres
async def test_it_is_not_put_in_force_again(conn: asyncpg.Connection, command: Command) -> None:
    done = await asyncio.to_thread(command, "rollback", "1", "--yes")
    assert done.exit_code == 2
    assert "desk" in done.stderr
    assert await conn.fetchval("SELECT max(version) FROM policy_versions") == 2


@pytest.mark.postgres
async def test_one_in_force_gives_way_to_a_right_one_and_no_table_of_it_is_imported(
    conn: asyncpg.Connection, bundle: PolicyBundle, command: Command, database_url: str, tmp_path: Path
) -> None:
    """An import of units into what cannot be read would put the rest of the bundled policy in a county's place."""
    await spoil(conn, 2, "limits.desk", {})
    right = folder_of(bundle, tmp_path / "right")
    units = str(tmp_path / "right" / "units.yaml")
    arguments = ["import", units, "--database-url", database_url]
    refused = await asyncio.to_thread(CliRunner().invoke, units_command.app, arguments)
    assert refused.exit_code == 2
    assert "正在生效的版本 2 通不过现在的检查，请先改正并发布" in refused.stderr
    done = await asyncio.to_thread(command, "apply", right, "--yes")
    assert done.exit_code == 0, done.output
    assert "类别 0501 级别 1 → 4" in done.output
    assert await conn.fetchval("SELECT max(version) FROM policy_versions") == 3
