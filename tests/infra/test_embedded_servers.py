"""The embedded servers are the real ones, and each test has its own corner of them."""

import asyncpg
import pytest

from gridward.bus import EVENTS, REPORTS, TOPICS, full_name
from infra.stack.postgres import Postgres
from infra.stack.topics import TopicAdmin


@pytest.mark.postgres
async def test_a_test_database_is_migrated_and_has_postgis(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        assert (await connection.fetchval("select postgis_lib_version()")).startswith("3.3")
        assert await connection.fetchval("select count(*) from alembic_version") == 1
    finally:
        await connection.close()


@pytest.mark.postgres
def test_the_server_listens_on_loopback_only(postgres: Postgres) -> None:
    assert postgres.sql("show listen_addresses") == "127.0.0.1"
    assert postgres.sql("show unix_socket_directories") == ""


@pytest.mark.kafka
def test_every_topic_exists_as_the_table_says(kafka_server: str, topic_prefix: str) -> None:
    with TopicAdmin(kafka_server, topic_prefix) as admin:
        states = {state.name: state for state in admin.states()}
        assert admin.create_missing() == []
    for topic in TOPICS:
        state = states[full_name(topic.name, topic_prefix)]
        assert state.partitions == topic.partitions
        assert state.retention_ms == int(topic.config()["retention.ms"])
        assert state.messages == 0
    assert states[full_name(REPORTS, topic_prefix)].lag == 0
    assert states[full_name(EVENTS, topic_prefix)].lag is None
