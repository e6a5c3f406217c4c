"""Ends background tasks for certain."""

import asyncio
from typing import Any


async def end(task: asyncio.Task[Any] | None) -> None:
    """Cancel until it has ended: a library that closes its own tasks may swallow a cancellation meant for us."""
    while task is not None and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.5)
