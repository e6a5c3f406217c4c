"""The tables of boundary sets: each import is a version that is kept, the one in effect is current."""

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
    # When a person last said that it shall stand; null while nobody has.
    Column("published_at", DateTime(timezone=True)),
    # From when it stands. Of those whose moment has come, the latest is the current one.
    Column("effective_at", DateTime(timezone=True)),
    Index("ix_boundary_sets_effective_at", "effective_at"),
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
