"""What surrounds every request: who may ask, what the answer may do, what is measured and logged.

Plain ASGI, since the framework's own wrapper would hold back streams.
"""

from collections.abc import Sequence
from time import perf_counter
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem
from gridward.logs import get_logger
from gridward.metrics import http_seconds, reports_refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
DOOR = ("POST", "/api/reports")
# A collector or an orchestrator asks by whatever name it knows us.
ANY_HOST = frozenset({"/healthz", "/readyz", "/metrics"})

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=(self)",
}

log = get_logger(__name__)


class Outside:
    """The outermost layer: refuses strangers, numbers requests, adds headers, measures."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self.hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = uuid4().hex[:12]
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(process="api", request=request_id)
        started = perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            refusal = self.refusal(scope)
            app = refusal.response() if refusal else self.app
            await app(scope, receive, send_with_headers)
        except Exception:
            log.exception("unexpected error")
            if status:
                raise  # half an answer is out: the connection must break
            await bug(request_id).response()(scope, receive, send_with_headers)
        finally:
            self.measure(scope, status, perf_counter() - started)

    def refusal(self, scope: Scope) -> Problem | None:
        """Only this machine's own pages may talk to us until there are accounts."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if scope["path"] not in ANY_HOST and host_name(host) not in self.hosts:
            return Problem(400, "不接受这个主机名", f"this host name is not served: {host[:100]}")
        if scope["method"] not in SAFE and is_cross_site(headers, host):
            return Problem(403, "不接受其他网站发来的请求", "requests from other sites are refused")
        return None

    def measure(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or ("web" if status < 400 else "unknown")
        method = scope["method"] if scope["method"] in (*SAFE, "POST") else "other"
        if route != "/api/live":
            http_seconds.labels(method, route, status).observe(seconds)
        if (scope["method"], scope["path"]) == DOOR and status >= 400:
            # Here and nowhere else: what is wrong with a report is found in many places.
            reports_refused.labels(status).inc()
        if status >= 500 or method == "POST":
            log.info(
                "request",
                method=method,
                path=scope["path"][:200],
                status=status,
                ms=round(seconds * 1000, 1),
            )


def bug(request_id: str) -> Problem:
    """500, with the number that finds the log's line."""
    detail = f"系统内部错误，报修请报 {request_id}"
    return Problem(500, detail, "internal error", more={"instance": request_id})


def host_name(host: str) -> str:
    """`127.0.0.1:8320` -> `127.0.0.1`, `[::1]:8320` -> `[::1]`."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def is_cross_site(headers: Headers, host: str) -> bool:
    """Browsers say where a request comes from; programs say nothing and are let in."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != host.lower()
