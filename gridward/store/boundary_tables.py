"""The tables of boundary sets: each import is a version that is kept, one of them is current."""

from geoalchemy2 import Geometry
from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gridward.store.metadata import metadata

boundary_sets = Table(
    "boundary_sets",
    metadata,
    Column("version", Integer, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("source_file", Text, nullable=False),
    # The coordinate system that the file was read as; what is stored is always WGS 84.
    Column("crs", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("grid_count", Integer, nullable=False),
    # What the check found and what was repaired, as it stood when a person accepted it.
    Column("findings", JSONB, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    # When it was last made current; null while it never was.
    Column("published_at", DateTime(timezone=True)),
    Column("published", Boolean, nullable=False, server_default=text("false")),
    # At most one is current, whoever publishes at the same moment.
    Index("uq_boundary_sets_published", "published", unique=True, postgresql_where=text("published")),
)

grids = Table(
    "grids",
    metadata,
    Column("boundary_version", ForeignKey("boundary_sets.version", ondelete="CASCADE"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("special", Boolean, nullable=False),
    Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
    PrimaryKeyConstraint("boundary_version", "code"),
    Index("ix_grids_geom", "geom", postgresql_using="gist"),
)
