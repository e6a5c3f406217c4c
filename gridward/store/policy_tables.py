"""The table of policy versions: each published bundle is kept whole, the highest version is in force."""

from sqlalchemy import Column, DateTime, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from gridward.store.metadata import metadata

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    # SHA-256 of the bundle's canonical JSON. Not unique: a policy may be in force again after another.
    Column("sha256", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("bundle", JSONB, nullable=False),
    Column("published_by", Text, nullable=False, server_default=text("''")),
)
