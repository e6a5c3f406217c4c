"""Everything that routes share, made once for each process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import asyncpg
from starlette.requests import HTTPConnection

from api.live.hub import Hub
from api.problems import unavailable
from api.publisher import Publisher
from api.recent import Recent
from api.versions import Versions
from api.withheld import withheld
from gridward.bus import EVENTS, full_name
from gridward.clock import Clock
from gridward.crypto import KeyRing
from gridward.policy.policy import Policy
from gridward.settings import Settings
from gridward.store.connect import prepare
from gridward.store.postgres import PostgresStore


@dataclass(frozen=True, slots=True)
class Services:
    """Passed to every route as `request.state.services`."""

    settings: Settings
    clock: Clock
    pool: asyncpg.Pool
    store: PostgresStore
    keys: KeyRing
    publisher: Publisher
    versions: Versions
    hub: Hub
    recent: Recent


@asynccontextmanager
async def running_services(settings: Settings, clock: Clock, live_ring: int) -> AsyncIterator[Services]:
    """Start what needs starting; neither Kafka nor PostgreSQL has to be there yet."""
    # No connection is made before the first one is asked for: the API starts without a database.
    pool = asyncpg.create_pool(
        settings.database_url, min_size=0, max_size=12, command_timeout=15, timeout=3, init=prepare
    )
    versions = Versions(pool, settings.database_url)
    services = Services(
        settings,
        clock,
        pool,
        PostgresStore(pool, clock),
        KeyRing(settings.key_dir, clock),
        Publisher(settings.kafka),
        versions,
        Hub(
            settings.kafka,
            full_name(EVENTS, settings.topic_prefix),
            lambda: versions.names,
            partial(withheld, pool=pool),
            live_ring,
        ),
        Recent(),
    )
    async with AsyncExitStack() as stack:
        await pool
        stack.push_async_callback(_close, pool)
        for part in (versions, services.publisher, services.hub):
            part.start()
            stack.push_async_callback(part.stop)
        yield services


async def _close(pool: asyncpg.Pool) -> None:
    try:
        async with asyncio.timeout(5):
            await pool.close()
    except TimeoutError:
        pool.terminate()


def services_of(connection: HTTPConnection) -> Services:
    """The services of the application that this request reached."""
    services: Services = connection.state.services
    return services


def policy_of(services: Services) -> Policy:
    """The policy in force. Raises `Problem` 503 until the first one was read."""
    policy = services.versions.names.policy
    if policy is None:
        raise unavailable("尚未载入规则", "no policy is loaded yet", retry_after=5)
    return policy
