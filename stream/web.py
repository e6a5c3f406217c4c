"""The worker's own small web server: is it alive, is it ready, what does it measure, and "go on"."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from stream.delivery import Gate

Check = Callable[[], Awaitable[dict[str, str]]]


def make_web(gates: Sequence[Gate], troubles: Check) -> web.Application:
    """`troubles` names what stops the worker and why; nothing means ready."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def readyz(_: web.Request) -> web.Response:
        found = await troubles()
        found |= {gate.name: f"paused: {gate.reason}" for gate in gates if not gate.is_open}
        status = 503 if found else 200
        return web.json_response(
            {"status": "not ready" if found else "ready", "troubles": found}, status=status
        )

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def resume(_: web.Request) -> web.Response:
        paused = [gate for gate in gates if not gate.is_open]
        for gate in paused:
            gate.resume()
        return web.json_response({"resumed": [gate.name for gate in paused]})

    app = web.Application()
    app.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz),
            web.get("/metrics", metrics),
            web.post("/resume", resume),
        ]
    )
    return app
