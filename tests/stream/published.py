"""A database in which a policy and two grids are in force, for workers in processes of their own."""

import sys
from pathlib import Path

import asyncpg

from gridward.policy.load import load_bundle
from gridward.settings import Settings
from gridward.store.boundaries import boundary_transaction, publish, store_boundary_set
from gridward.store.policies import publish_policy
from infra.stack.ports import free_port
from infra.stack.processes import Child, Program
from tests.stream.little_system import GRIDS, NOW

ROOT = Path(__file__).parents[2]


async def publish_policy_and_grids(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await publish_policy(connection, load_bundle(), "tests", NOW)
    finally:
        await connection.close()
    async with boundary_transaction(database_url) as transaction:
        version = await store_boundary_set(
            transaction, GRIDS, name="two", source_file="", crs="wgs84", sha256="", findings={}, at=NOW
        )
        await publish(transaction, version, NOW)


def worker_process(settings: Settings, log: Path, name: str = "worker") -> tuple[Child, str]:
    """A worker that has not started yet, and the address of its web server."""
    port = free_port()
    environment = {
        "GRIDWARD_DATABASE_URL": settings.database_url,
        "GRIDWARD_KAFKA": settings.kafka,
        "GRIDWARD_TOPIC_PREFIX": settings.topic_prefix,
        "GRIDWARD_KEY_DIR": str(settings.key_dir),
        "GRIDWARD_WORKER_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    program = Program(name, [sys.executable, "-m", "stream"], log, env=environment, cwd=ROOT)
    return Child(program), f"http://127.0.0.1:{port}"
