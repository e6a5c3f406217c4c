"""The Faust application: two agents that triage reports, one of them for what must never be missed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import faust

from gridward.bus import REPORTS, URGENT, WORKER_GROUP, full_name
from gridward.settings import Settings
from stream.batches import Batches, Event
from stream.positions import Positions
from stream.progress import Progress
from stream.transport import Transport

Finish = Callable[[Sequence[Event]], Awaitable[None]]

SESSION_TIMEOUT = 10.0  # after kill -9 the other workers take over within this; longer stalls everybody
BATCH = 400
WITHIN = 0.01  # seconds; small beside what a person notices, large beside what a transaction costs
URGENT_BATCH = 50


class GridwardApp(faust.App):
    """Faust with our transport; `positions` says where each partition goes on, `progress` is told so."""

    positions: Positions
    progress: Progress

    def _new_transport(self) -> Any:
        return Transport(self.conf.broker_consumer, self)


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent's name, the topic that it reads, and how large its steps are."""

    name: str
    topic: str
    batch: int
    within: float


AGENTS = (
    Agent("triage", REPORTS, BATCH, WITHIN),
    Agent("triage_urgent", URGENT, URGENT_BATCH, 0.0),
)


def make_app(
    settings: Settings, positions: Positions, finish: Mapping[str, Finish], progress: Progress, folder: str
) -> GridwardApp:
    """An application whose agents hand each batch to `finish[agent.name]` and acknowledge it after that.

    Faust wants a `folder` for tables, of which we have none.
    """
    app = GridwardApp(
        full_name(WORKER_GROUP, settings.topic_prefix),
        broker=";".join(f"kafka://{server}" for server in settings.kafka.split(",")),
        store="memory://",
        datadir=folder,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        broker_session_timeout=SESSION_TIMEOUT,
        broker_heartbeat_interval=3.0,
        broker_request_timeout=30.0,
        broker_commit_interval=1.0,
        broker_max_poll_records=2000,
        consumer_auto_offset_reset="earliest",
        stream_wait_empty=False,
        stream_buffer_maxsize=4096,
        value_serializer="raw",
        key_serializer="raw",
        loghandlers=[],
    )
    app.positions = positions
    app.progress = progress
    for agent in AGENTS:
        add_agent(app, agent, full_name(agent.topic, settings.topic_prefix), finish[agent.name])
    return app


def add_agent(app: GridwardApp, agent: Agent, topic: str, finish: Finish) -> None:
    batches = Batches(agent.batch, agent.within)

    async def run(stream: Any) -> None:
        await batches.each(stream, finish)

    app.agent(app.topic(topic, key_type=bytes, value_type=bytes), name=agent.name)(run)
