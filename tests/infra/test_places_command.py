"""Divisions of a CSV are in the gazetteer of the next policy version, and a text can be tried on it."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from gridward.store.policies import newest_version, policy_version
from infra.cli import app
from infra.commands.first_start import load_demo

pytestmark = pytest.mark.postgres

CSV = "code12,name\n990101102000,白渡镇\n990101102001,三联村委会\n"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["places", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


async def names_in_force(database_url: str) -> set[str]:
    connection = await asyncpg.connect(database_url)
    try:
        newest = await newest_version(connection)
        assert newest is not None
        bundle = (await policy_version(connection, newest.version)).bundle
        return {row.name for row in bundle.gazetteer.places}
    finally:
        await connection.close()


def test_an_import_is_in_force_and_found(database_url: str, tmp_path: Path) -> None:
    load_demo(database_url)
    file = tmp_path / "divisions.csv"
    file.write_text("\ufeff" + CSV, "utf-8")
    assert "2 个区划地名" in run("import", str(file), "--database-url", database_url)
    assert {"三联村", "白渡镇", "柳塘小学"} <= asyncio.run(names_in_force(database_url))
    assert "三联村" in run("find", "三联村委会门口", "--database-url", database_url)
    found = run("find", "柳塘小学后门积水", "--database-url", database_url)
    assert "据此定位" in found
    assert "没有认出" in run("find", "今天天气不错", "--database-url", database_url)


def test_a_file_that_is_none_is_one_line_and_nothing_is_published(database_url: str, tmp_path: Path) -> None:
    load_demo(database_url)
    before = asyncio.run(names_in_force(database_url))
    file = tmp_path / "wrong.csv"
    file.write_bytes("code12,name\n1,东门".encode("gbk"))
    done = CliRunner().invoke(app, ["places", "import", str(file), "--database-url", database_url])
    assert done.exit_code != 0
    assert "UTF-8" in done.output + str(done.exception)
    assert asyncio.run(names_in_force(database_url)) == before
