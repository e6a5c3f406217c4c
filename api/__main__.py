"""Runs the web process: `python -m api`."""

import logging
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from gridward.logs import set_up_logs
from gridward.settings import Settings

GRACE = 5  # seconds that open requests get when we end


class Server(uvicorn.Server):
    """Lets live readers go at the first signal: they would hold the end up, and come back by themselves."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self.app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        services = getattr(self.app.state, "services", None)
        if services is not None:
            services.hub.close()
        super().handle_exit(sig, frame)


def main() -> None:
    settings = Settings()
    set_up_logs("api", settings.log_level, settings.log_format)
    # It tells of every vain try to connect, ten a second; we say ourselves, once, when Kafka is lost and back.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    logging.getLogger("aiokafka.producer").setLevel(logging.ERROR)
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=30,
        # A burst of a thousand phones after an outage must not meet a closed door.
        backlog=4096,
    )
    Server(config, app).run()


if __name__ == "__main__":
    main()
