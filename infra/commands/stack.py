"""`gridward up` and `gridward prepare`: the whole product on one machine, and what its tests need."""

import traceback
from pathlib import Path
from typing import Annotated

import typer

from infra.stack import debian, web
from infra.stack.addresses import Addresses, addresses
from infra.stack.folder import DataFolder
from infra.stack.kafka_jars import kafka_jars
from infra.stack.progress import Progress
from infra.stack.supervisor import Ended, Supervisor
from infra.stack.trouble import Trouble
from infra.stack.up import Stack, announced

DATA = Path(".gridward")


def up(
    fresh: Annotated[bool, typer.Option("--fresh", help="先清空数据目录 wipe the data folder first")] = False,
    port: Annotated[
        int | None, typer.Option(help="网页端口 port of the web server", min=1024, max=65000)
    ] = None,
    data: Annotated[Path, typer.Option(help="数据目录 data folder")] = DATA,
) -> None:
    """在本机启动全部服务 Start everything on this machine; Ctrl-C ends it."""
    progress = Progress()
    folder = DataFolder(data)
    try:
        with folder.open(fresh=fresh), Supervisor() as supervisor:
            _run(folder, supervisor, progress, addresses(port))
    except Ended:
        progress.say("已全部停止", "everything stopped")
    except Trouble as trouble:
        _fail(str(trouble))
    except Exception as error:
        log = _note_unexpected(folder)
        _fail(f"意外错误：{error}，详见 {log} | unexpected {type(error).__name__}, see {log}")


def prepare(
    tests: Annotated[bool, typer.Option("--tests", help="也准备浏览器 the browser, too")] = False,
    data: Annotated[Path, typer.Option(help="数据目录 data folder")] = DATA,
) -> None:
    """安装系统软件包、获取 Kafka、构建网页 Install and build what a first start or a test run needs."""
    progress = Progress()
    logs = DataFolder(data)
    try:
        debian.require(debian.POSTGRES + (debian.BROWSER if tests else ()), logs.log("apt"))
        progress.say("系统软件包齐全", "Debian packages present")
        kafka_jars()
        progress.say("Kafka 组件已校验", "Kafka's jars verified")
        web.build(logs.log("web"))
        progress.say("网页已构建", "web app built")
    except (Trouble, OSError) as trouble:
        _fail(str(trouble))


def _run(folder: DataFolder, supervisor: Supervisor, progress: Progress, where: Addresses) -> None:
    processes = Stack(folder, where, supervisor, progress).up(_load_data)
    with announced(folder, where, DATA):
        progress.say(f"网格哨已就绪：{where.api_url}", "ready. Ctrl-C 停止 stops it")

        def say(trouble: Trouble) -> None:
            progress.say(f"{trouble.zh}，正在重新启动", f"{trouble.en}; it is started again")

        try:
            # The servers hold data, and a person should know why one of them died; the rest may die at any moment.
            supervisor.run(revivable=processes, say=say)
        except Trouble:
            progress.say("有服务意外退出，正在停止其余服务", "a part has ended by itself, stopping the rest")
            raise


def _load_data(database_url: str) -> None:
    from infra.commands.first_start import load_demo

    load_demo(database_url)


def _note_unexpected(folder: DataFolder) -> Path:
    log = folder.log("up")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as file:
        traceback.print_exc(file=file)
    return log


def _fail(line: str) -> None:
    typer.echo(line, err=True)
    raise typer.Exit(1)
