"""The live stream (实时): server-sent events whose ids are Kafka positions."""

import asyncio
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from api.live.reader import Reader
from api.services import Services, services_of
from gridward.logs import get_logger
from gridward.metrics import live_readers

router = APIRouter(prefix="/api", tags=["live 实时"])

Position = Annotated[str | None, Query(max_length=2000, description="The `id` of the last event seen")]

TAKE_WITHIN = 60.0  # seconds that a reader has to take what was written to it

log = get_logger(__name__)


class EventStream(StreamingResponse):
    """Lets go of what a reader held as soon as it leaves, or takes nothing any more (a laptop that sleeps).

    Such a one comes back with the last id that it has seen.
    """

    media_type = "text/event-stream"

    def __init__(self, reader: Reader) -> None:
        self.chunks = reader.stream()
        super().__init__(self.chunks, headers={"cache-control": "no-store", "x-accel-buffering": "no"})

    async def stream_response(self, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(TAKE_WITHIN):
                await send(message)

        live_readers.inc()
        try:
            async with aclosing(self.chunks):
                await super().stream_response(send_in_time)
        except TimeoutError:
            log.info("live reader takes nothing, let go", after_seconds=TAKE_WITHIN)
        finally:
            live_readers.dec()


@router.get(
    "/live",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    summary="Follow all incidents",
)
async def follow(
    request: Request,
    last_event_id: Position = None,
    resumed_from: Annotated[str | None, Header(alias="Last-Event-ID", max_length=2000)] = None,
) -> EventStream:
    """`hello` comes first (server's time, position, versions), then an `incident` for each event.

    Whoever comes back with the last `id` gets exactly what was missed. `reset`: that cannot be known, load
    everything again. `state`: stale while Kafka is away. A comment each 15 s shows that the line is alive.
    """
    services = services_of(request)
    last_id = resumed_from if resumed_from is not None else last_event_id
    return EventStream(Reader(services.hub, lambda: _greeting(services), last_id))


def _greeting(services: Services) -> dict[str, Any]:
    names = services.versions.names
    versions = {"policy": names.policy_version, "boundary": names.boundary_version}
    return {"now": services.clock.now(), "versions": versions}
