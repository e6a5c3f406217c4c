"""`python -m stream` runs one worker until SIGTERM or Ctrl-C."""

import asyncio
import signal
import sys

import uvloop

from gridward.logs import get_logger, set_up_logs
from gridward.settings import Settings
from stream.worker import Worker

log = get_logger(__name__)


async def run(settings: Settings) -> int:
    """0 after an orderly stop; 1 when Faust gave up, so that whoever started the worker starts it anew.

    The stop is heard at any time, also while the worker still waits for what it needs to start.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    serving = asyncio.create_task(serve(settings))
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, asked}, return_when=asyncio.FIRST_COMPLETED)
    for task in (serving, asked):
        task.cancel()
    try:
        await serving
    except asyncio.CancelledError:
        return 0
    return 1


async def serve(settings: Settings) -> None:
    """Run a worker until Faust gives up."""
    async with Worker(settings) as worker:
        ended = asyncio.create_task(worker.app.wait_until_stopped())
        crashed = asyncio.create_task(worker.app._crashed.wait())
        try:
            await asyncio.wait({ended, crashed}, return_when=asyncio.FIRST_COMPLETED)
            log.error("worker_gave_up", reason=repr(worker.app.crash_reason))
        finally:
            ended.cancel()
            crashed.cancel()


def main() -> None:
    settings = Settings()
    set_up_logs("worker", settings.log_level, settings.log_format)
    sys.exit(uvloop.run(run(settings)))


if __name__ == "__main__":
    main()
