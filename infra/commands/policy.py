"""`gridward policy`: checks, compares, publishes and exports policies."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gridward.domain.errors import Refused
from gridward.policy.check import warnings
from gridward.policy.diff import differences
from gridward.policy.export import files_of
from gridward.policy.files import BUNDLED
from gridward.policy.matters import unchecked
from gridward.settings import Settings
from gridward.store.policies import already_in_force
from gridward.store.statistics import OpenCounts, open_counts
from infra.commands.first_start import BUNDLED_NOTE
from infra.commands.outage import one_clear_line
from infra.commands.policy_publish import put_in_force, restore, show_and_ask, standing, what_becomes_of
from infra.commands.policy_source import Source, bundle_of, connection, read_source
from infra.policy_xlsx.write import write_workbook

Note = Annotated[str, typer.Option(help="说明 what changed and why")]
By = Annotated[str, typer.Option(help="发布人 who publishes it")]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 do not ask")]
DatabaseUrl = Annotated[str | None, typer.Option(help="postgresql://…，缺省取 GRIDWARD_DATABASE_URL")]

app = typer.Typer(help="策略 Policy: categories, limits, words, responsibility, units", no_args_is_help=True)


@app.callback()
def policy() -> None:
    """策略版本 Policy versions; each is kept, and open incidents keep theirs."""


@app.command("check")
def check(
    folder: Annotated[
        Path, typer.Argument(help="YAML 文件所在目录，或 .xlsx 文件 folder of YAML files, or an .xlsx file")
    ],
) -> None:
    """只检查，不发布，不需要数据库 Check a folder of policy files without a database; nothing is published."""
    with one_clear_line():
        source = read_source(folder)
    _warn(source)
    Console().print("策略文件没有错误。The policy files are right.")


@app.command("diff")
def diff(
    old: Annotated[
        str, typer.Argument(help="目录、.xlsx、版本号或 current folder, .xlsx, version number or current")
    ],
    new: Annotated[
        str, typer.Argument(help="目录、.xlsx、版本号或 current folder, .xlsx, version number or current")
    ],
    database_url: DatabaseUrl = None,
) -> None:
    """逐行列出两份策略的差别 What changed between two policies; two folders need no database."""
    with one_clear_line():
        bundles = [asyncio.run(bundle_of(one, database_url)) for one in (old, new)]
        open_ones = asyncio.run(_open_ones(database_url)) if _database_asked(database_url, old, new) else None
    for line in differences(*bundles) or ["没有差别。No differences."]:
        typer.echo(line)
    if open_ones is not None:
        for line in what_becomes_of(open_ones, *bundles):
            typer.echo(line)


@app.command("apply")
@app.command("load", hidden=True)
def load(
    folder: Annotated[
        Path, typer.Argument(help="YAML 文件所在目录，或 .xlsx 文件 folder of YAML files, or an .xlsx file")
    ] = BUNDLED,
    note: Note = "",
    by: By = "",
    yes: Yes = False,
    database_url: DatabaseUrl = None,
) -> None:
    """检查、显示差别、确认后发布 Check a policy, show what it changes, ask, and put it in force."""
    with one_clear_line():
        source = read_source(folder)
        _warn(source)
        note = note or (BUNDLED_NOTE if folder == BUNDLED else folder.name)
        url = database_url or Settings().database_url
        seen = asyncio.run(standing(url))
        if seen.is_in_force(source.bundle):
            typer.echo(
                f"与正在生效的版本 {seen.version} 没有差别，无需发布。Version {seen.version} is the same policy."
            )
            return
        show_and_ask(seen, source.bundle, yes)
        version = asyncio.run(put_in_force(url, source.bundle, seen, note, by))
    typer.echo(f"已发布策略版本 {version}。Policy version {version} is in force.")


@app.command("rollback")
def rollback(
    version: Annotated[int, typer.Argument(help="要恢复的版本号 the version whose policy is wanted again")],
    note: Note = "",
    by: By = "",
    yes: Yes = False,
    database_url: DatabaseUrl = None,
) -> None:
    """显示差别、确认后以新版本号恢复旧策略 Put an earlier version's policy in force again, under a new number."""
    with one_clear_line():
        url = database_url or Settings().database_url
        bundle, seen = asyncio.run(bundle_of(str(version), url)), asyncio.run(standing(url))
        if seen.is_in_force(bundle):
            raise already_in_force(version, seen.version)
        show_and_ask(seen, bundle, yes)
        new = asyncio.run(restore(url, version, seen, note, by))
    typer.echo(
        f"版本 {version} 的策略已作为版本 {new} 生效。The policy of version {version} is in force as version {new}."
    )


@app.command("export")
def export(
    source: Annotated[
        str, typer.Argument(help="版本号、current、目录或 .xlsx version number, current, folder or .xlsx")
    ],
    folder: Annotated[Path | None, typer.Argument(help="写到哪个目录 folder for the YAML files")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="写成 Excel 工作簿 write an Excel workbook")] = None,
    database_url: DatabaseUrl = None,
) -> None:
    """写成 YAML 文件或 Excel，注释不保留 Write a policy as YAML files or as Excel; comments are not kept."""
    with one_clear_line():
        if (folder is None) == (xlsx is None):
            raise Refused("请给出目录或 --xlsx 文件，只给一个 give a folder or --xlsx FILE, one of them")
        if xlsx is not None:
            write_workbook(asyncio.run(bundle_of(source, database_url)), xlsx)
            Console().print(f"已写入 {xlsx}。The policy is in {xlsx}.", soft_wrap=True)
            return
        assert folder is not None
        files = files_of(asyncio.run(bundle_of(source, database_url)))
        _write(folder, files)
    Console().print(f"已写入 {len(files)} 个文件。{len(files)} files are in {folder}.", soft_wrap=True)


def _write(folder: Path, files: dict[str, str]) -> None:
    """Raises `Refused` before anything is written if a file is there already."""
    there = sorted(name for name in files if (folder / name).exists())
    if there:
        raise Refused(f"{folder} 中已有 {', '.join(there)}，请换一个目录 exists already: name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        raise Refused(f"无法写入 cannot write to {folder}: {error.strerror}") from None


def _warn(source: Source) -> None:
    for warning in (*source.notes, *map(source.say, (*warnings(source.bundle), *unchecked(source.bundle)))):
        Console().print(f"注意 warning: {warning}", markup=False, highlight=False, soft_wrap=True)


def _database_asked(database_url: str | None, *sources: str) -> bool:
    return database_url is not None or any(one == "current" or one.isdecimal() for one in sources)


async def _open_ones(database_url: str | None) -> OpenCounts:
    """Raises `Unavailable`."""
    async with connection(database_url or Settings().database_url) as conn:
        return await open_counts(conn)
