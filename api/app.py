"""The web process: one FastAPI application, made by `create_app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.documents import ProblemShape, problems
from api.errors import add_error_handlers
from api.live.ring import SIZE as RING
from api.middleware import Outside
from api.routes import (
    accuracy,
    actions,
    alarms,
    boundaries,
    health,
    incidents,
    live,
    reference,
    reports,
    statistics,
    suggest,
)
from api.services import running_services
from api.web import WebApplication
from gridward.clock import Clock, SystemClock
from gridward.settings import Settings

DESCRIPTION = """
Reports (上报) become incidents (事件) with one responsible unit (责任单位) and one running clock.

Errors are `application/problem+json`: `detail` in Chinese for people, `detail_en` in English, `errors` with
each field and its reason. Times are ISO 8601. Until there are accounts, only this machine's own pages are served.
"""

ROUTERS = (
    reports.router,
    suggest.router,
    incidents.router,
    actions.router,
    reference.router,
    accuracy.router,
    alarms.router,
    boundaries.router,
    statistics.router,
    live.router,
    health.router,
)


def create_app(settings: Settings, clock: Clock | None = None, live_ring: int = RING) -> FastAPI:
    """The application; its services start and stop with its lifespan. `live_ring`: events kept for readers."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with running_services(settings, clock or SystemClock(), live_ring) as services:
            app.state.services = services
            yield {"services": services}

    app = FastAPI(
        title="Gridward 网格哨",
        version="0.1.0",
        description=DESCRIPTION,
        lifespan=lifespan,
        # The framework's own pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
    )
    for router in ROUTERS:
        app.include_router(router)
    # After all routes, and after "known address, other method", which a mount would take for its own.
    app.router.default = WebApplication(settings.web_dir)
    app.add_middleware(Outside, hosts=settings.allowed_hosts)
    add_error_handlers(app)
    app.openapi = lambda: _description(app)  # type: ignore[method-assign]
    return app


def _description(app: FastAPI) -> dict[str, Any]:
    """OpenAPI, with our shape of errors instead of the framework's."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        shapes = schema["components"]["schemas"]
        own = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        shapes.update(own.pop("$defs"))
        shapes["ProblemShape"] = own
        for unused in ("HTTPValidationError", "ValidationError"):
            shapes.pop(unused, None)
        for operation in (one for methods in schema["paths"].values() for one in methods.values()):
            if "application/json" in operation["responses"].get("422", {}).get("content", {}):
                operation["responses"]["422"] = problems(422)[422]
        app.openapi_schema = schema
    return app.openapi_schema
