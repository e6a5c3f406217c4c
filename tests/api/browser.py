"""A browser on the live stream, for tests."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx


@dataclass
class Frame:
    event: str
    id: str | None
    data: Any


@dataclass
class Browser:
    """Reads server-sent events as a browser does, and remembers where it was."""

    base: str
    last_id: str | None = None
    frames: list[Frame] = field(default_factory=list)

    async def read(self, until: int, patience: float = 20) -> None:
        """Connect, read until so many incident events were seen in all, and drop the line."""
        async with asyncio.timeout(patience):
            async with self.frames_from() as frames:
                if self.count >= until:
                    return
                async for frame in frames:
                    self.keep(frame)
                    if self.count >= until:
                        return

    @asynccontextmanager
    async def frames_from(self) -> AsyncIterator[AsyncIterator[Frame]]:
        headers = {"last-event-id": self.last_id} if self.last_id else {}
        async with (
            httpx.AsyncClient(base_url=self.base, timeout=30) as client,
            client.stream("GET", "/api/live", headers=headers) as answer,
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield parse(answer)

    def keep(self, frame: Frame) -> None:
        self.frames.append(frame)
        if frame.id is not None:
            self.last_id = frame.id

    @property
    def count(self) -> int:
        return len(self.seen())

    def seen(self) -> list[tuple[str, int]]:
        return [
            (frame.data["incident"]["id"], frame.data["incident"]["journal_no"])
            for frame in self.frames
            if frame.event == "incident"
        ]

    def kinds(self) -> list[str]:
        return [frame.event for frame in self.frames]


async def parse(answer: httpx.Response) -> AsyncIterator[Frame]:
    event, id, data = "message", None, ""
    async for line in answer.aiter_lines():
        name, _, value = line.partition(": ")
        match name:
            case "event":
                event = value
            case "id":
                id = value
            case "data":
                data = value
            case "" if data:
                yield Frame(event, id, json.loads(data))
                event, id, data = "message", None, ""
