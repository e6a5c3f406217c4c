"""`gridward policy`: checks, compares, publishes and exports policies."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from gridward.domain.errors import Refused
from gridward.policy.check import warnings
from gridward.policy.diff import differences_of
from gridward.policy.export import files_of, files_of_data
from gridward.policy.files import BUNDLED
from gridward.policy.matters import unchecked
from gridward.policy.salvage import Salvaged
from gridward.policy.schema import PolicyBundle
from gridward.settings import Settings
from gridward.store.policies import already_in_force
from gridward.store.statistics import OpenCounts, open_counts
from infra.commands.first_start import BUNDLED_NOTE
from infra.commands.outage import one_clear_line
from infra.commands.policy_ground import ground_warnings
from infra.commands.policy_publish import (
    bundle_of_version,
    put_in_force,
    restore,
    show_and_ask,
    standing,
    what_becomes_of,
)
from infra.commands.policy_source import Source, connection, is_published, policy_of, read_source
from infra.console import plain_console, say_aside
from infra.policy_xlsx.write import write_workbook

MOST_TOLD = 10  # mistakes of an old version; who exports it and checks the files reads them all

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
    boundaries: Annotated[
        bool,
        typer.Option(
            "--boundaries", help="也与现行网格边界核对，需要数据库 also against the boundaries in force"
        ),
    ] = False,
    database_url: DatabaseUrl = None,
) -> None:
    """只检查，不发布，不需要数据库 Check a folder of policy files without a database; nothing is published."""
    with one_clear_line():
        source = read_source(folder)
        _warn(source)
        if boundaries:
            _warn_of_ground(database_url or Settings().database_url, source)
    plain_console().print("策略文件没有错误。The policy files are right.")


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
        before, after = [asyncio.run(policy_of(one, database_url)) for one in (old, new)]
        open_ones = asyncio.run(_open_ones(database_url)) if _database_asked(database_url, old, new) else None
    _say_refused(old, before)
    _say_refused(new, after)
    for line in differences_of(before.data, after.data) or ["没有差别。No differences."]:
        typer.echo(line)
    if open_ones is not None:
        for line in what_becomes_of(open_ones, before.sound, after.sound):
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
        _warn_of_ground(url, source)
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
        bundle, seen = asyncio.run(bundle_of_version(version, url)), asyncio.run(standing(url))
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
        policy = asyncio.run(policy_of(source, database_url))
        _say_refused(source, policy)
        if xlsx is not None:
            write_workbook(_for_a_workbook(source, policy), xlsx)
            plain_console().print(f"已写入 {xlsx}。The policy is in {xlsx}.", soft_wrap=True)
            return
        assert folder is not None
        files = files_of(policy.bundle) if policy.bundle else files_of_data(policy.data)
        _write(folder, files)
    plain_console().print(f"已写入 {len(files)} 个文件。{len(files)} files are in {folder}.", soft_wrap=True)


def _for_a_workbook(source: str, policy: Salvaged) -> PolicyBundle:
    """Raises `Refused` when its form is no longer that of the sheets."""
    if policy.bundle is None:
        raise Refused(
            f"{source} 的写法已不合现在的表格，不能写成 Excel；请写成 YAML：./run policy export {source} 目录 "
            "no longer fits the sheets: export it as YAML files"
        )
    return policy.bundle


def _say_refused(source: str, policy: Salvaged) -> None:
    """That an old version is shown as it was stored, and what today's check would refuse in it."""
    if not policy.mistakes:
        return
    told = list(policy.mistakes[:MOST_TOLD])
    if len(policy.mistakes) > MOST_TOLD:
        told.append(f"另有 {len(policy.mistakes) - MOST_TOLD} 处 and as many more")
    for line in (
        f"注意 warning: 版本 {source} 通不过现在的检查，按存档的内容处理，不能再直接发布 "
        f"today's check refuses version {source}: it is taken as it was stored, and cannot be published as it is",
        *(f"  {one}" for one in told),
    ):
        say_aside(line)


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
    _print_warnings((*source.notes, *map(source.say, (*warnings(source.bundle), *unchecked(source.bundle)))))


def _warn_of_ground(database_url: str, source: Source) -> None:
    _print_warnings(ground_warnings(database_url, source.bundle, source.say))


def _print_warnings(lines: Iterable[str]) -> None:
    for line in lines:
        plain_console().print(f"注意 warning: {line}", markup=False, highlight=False, soft_wrap=True)


def _database_asked(database_url: str | None, *sources: str) -> bool:
    return database_url is not None or any(map(is_published, sources))


async def _open_ones(database_url: str | None) -> OpenCounts:
    """Raises `Unavailable`."""
    async with connection(database_url or Settings().database_url) as conn:
        return await open_counts(conn)
