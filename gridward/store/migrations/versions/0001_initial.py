"""The tables of incidents and what happened to them, of boundary sets, and of policy versions."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    for create in TABLES:
        create()


def downgrade() -> None:
    """PostGIS stays: it may have been there before us."""
    for create in reversed(TABLES):
        op.drop_table(create.__name__)


def required(name: str, kind: Any, *details: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, *details, nullable=False, **options)


def optional(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def moment(name: str) -> sa.Column[Any]:
    return required(name, sa.DateTime(timezone=True))


def later(name: str) -> sa.Column[Any]:
    """A moment that may never come."""
    return optional(name, sa.DateTime(timezone=True))


def uuid(name: str) -> sa.Column[Any]:
    return required(name, sa.UUID(as_uuid=False))


def primary_key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def of_incident(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["incident_id"], ["incidents.id"], name=f"fk_{table}_incident_id_incidents"
    )


def boundary_sets() -> None:
    op.create_table(
        "boundary_sets",
        required("version", sa.Integer, sa.Identity()),
        required("name", sa.Text),
        required("source_file", sa.Text),
        required("crs", sa.Text),
        required("sha256", sa.Text),
        required("grid_count", sa.Integer),
        required("findings", JSONB),
        moment("stored_at"),
        later("published_at"),
        required("published", sa.Boolean, server_default=sa.text("false")),
        primary_key("boundary_sets", "version"),
    )
    current = sa.text("published")
    op.create_index(
        "uq_boundary_sets_published", "boundary_sets", ["published"], unique=True, postgresql_where=current
    )


def grids() -> None:
    """The spatial index is made here and nowhere else: GeoAlchemy2 would add one of its own."""
    op.create_table(
        "grids",
        required("boundary_version", sa.Integer),
        required("code", sa.Text),
        required("name", sa.Text),
        required("level", sa.Text),
        required("special", sa.Boolean),
        required("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False)),
        primary_key("grids", "boundary_version", "code"),
        sa.ForeignKeyConstraint(
            ["boundary_version"],
            ["boundary_sets.version"],
            name="fk_grids_boundary_version_boundary_sets",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_grids_geom", "grids", ["geom"], postgresql_using="gist")


def policy_versions() -> None:
    op.create_table(
        "policy_versions",
        required("version", sa.Integer, autoincrement=False),
        moment("created_at"),
        required("sha256", sa.Text),
        required("note", sa.Text),
        required("bundle", JSONB),
        primary_key("policy_versions", "version"),
        sa.UniqueConstraint("sha256", name="uq_policy_versions_sha256"),
    )


def incidents() -> None:
    op.create_table(
        "incidents",
        uuid("id"),
        required("number", sa.Text),
        uuid("report_id"),
        required("status", sa.Text),
        optional("category", sa.Text),
        required("severity", sa.SmallInteger),
        required("limit_class", sa.Text),
        optional("finish_limit", sa.Text),
        required("sensitive", sa.Boolean),
        optional("grid", sa.Text),
        later("external_due"),
        required("version", sa.Integer),
        required("journal_no", sa.Integer),
        required("rules_version", sa.Integer),
        required("extended", sa.Boolean),
        optional("merged_into", sa.UUID(as_uuid=False)),
        optional("unit", sa.Text),
        optional("light", sa.Text),
        later("next_due_at"),
        moment("updated_at"),
        moment("received_at"),
        moment("occurred_at"),
        required("source", sa.Text),
        required("text", sa.Text),
        optional("address", sa.Text),
        optional("lon", sa.Float),
        optional("lat", sa.Float),
        optional("accuracy_m", sa.Float),
        optional("external", JSONB),
        required("flags", ARRAY(sa.Text)),
        required("grid_candidates", ARRAY(sa.Text)),
        required("boundary_version", sa.Integer),
        required("policy_version", sa.Integer),
        required("why", JSONB),
        primary_key("incidents", "id"),
        sa.UniqueConstraint("number", name="uq_incidents_number"),
    )
    op.create_index("ix_incidents_open", "incidents", ["status", "received_at"])
    op.create_index("ix_incidents_received", "incidents", [sa.text("received_at DESC")])
    op.create_index("ix_incidents_report_id", "incidents", ["report_id"])


def tasks() -> None:
    op.create_table(
        "tasks",
        uuid("incident_id"),
        required("no", sa.SmallInteger),
        required("role", sa.Text),
        required("unit", sa.Text),
        required("status", sa.Text),
        moment("offered_at"),
        required("designated", sa.Boolean),
        later("accepted_at"),
        later("done_at"),
        required("handlers", ARRAY(sa.Text)),
        required("doubts", ARRAY(sa.Text)),
        required("asked", sa.Text),
        primary_key("tasks", "incident_id", "no"),
        of_incident("tasks"),
    )
    waiting = sa.text("role = 'desk' AND status IN ('offered', 'accepted')")
    op.create_index("ix_tasks_desk", "tasks", ["incident_id"], postgresql_where=waiting)


def deadlines() -> None:
    op.create_table(
        "deadlines",
        uuid("incident_id"),
        required("task", sa.SmallInteger),
        required("kind", sa.Text),
        required("generation", sa.Integer),
        required("step", sa.SmallInteger),
        moment("started_at"),
        required("limit_text", sa.Text),
        required("extra", sa.Interval),
        later("due_at"),
        optional("light", sa.Text),
        later("paused_at"),
        later("ended_at"),
        required("rested", sa.Interval),
        later("leased_until"),
        primary_key("deadlines", "incident_id", "task", "kind"),
        of_incident("deadlines"),
    )
    armed = sa.text("due_at IS NOT NULL")
    op.create_index("ix_deadlines_due", "deadlines", ["due_at"], postgresql_where=armed)


def journal() -> None:
    op.create_table(
        "journal",
        uuid("incident_id"),
        required("no", sa.Integer),
        required("type", sa.Text),
        moment("at"),
        moment("received_at"),
        required("actor", JSONB),
        required("event", JSONB),
        required("data", JSONB),
        required("command", sa.Text),
        primary_key("journal", "incident_id", "no"),
        of_incident("journal"),
    )
    passed = sa.text("type = 'deadline_passed'")
    op.create_index("uq_journal_deadline", "journal", ["command"], unique=True, postgresql_where=passed)


def outbox() -> None:
    op.create_table(
        "outbox",
        required("id", sa.BigInteger, sa.Identity(always=True)),
        required("bucket", sa.SmallInteger),
        uuid("incident_id"),
        required("journal_no", sa.Integer),
        required("type", sa.Text),
        required("payload", sa.LargeBinary),
        moment("created_at"),
        primary_key("outbox", "id"),
    )
    op.create_index("ix_outbox_bucket", "outbox", ["bucket", "id"])


def handled() -> None:
    op.create_table(
        "handled",
        required("key", sa.Text),
        uuid("incident_id"),
        required("body_hash", sa.LargeBinary),
        moment("at"),
        primary_key("handled", "key"),
    )


def positions() -> None:
    op.create_table(
        "positions",
        required("topic", sa.Text),
        required("partition", sa.Integer),
        required("next_offset", sa.BigInteger),
        moment("updated_at"),
        required("log", sa.Text, server_default=""),
        primary_key("positions", "topic", "partition"),
    )


def number_blocks() -> None:
    op.create_table(
        "number_blocks",
        required("day", sa.Date),
        required("county", sa.Text),
        required("next", sa.Integer),
        primary_key("number_blocks", "day", "county"),
    )


def personal_data() -> None:
    op.create_table(
        "personal_data",
        uuid("report_id"),
        optional("key_id", sa.Text),
        optional("ciphertext", sa.LargeBinary),
        optional("caller_hash", sa.LargeBinary),
        moment("stored_at"),
        later("erased_at"),
        primary_key("personal_data", "report_id"),
    )
    op.create_index("ix_personal_data_caller_hash", "personal_data", ["caller_hash"])


def reveals() -> None:
    op.create_table(
        "reveals",
        required("id", sa.BigInteger, sa.Identity(always=True)),
        uuid("incident_id"),
        uuid("report_id"),
        required("actor", JSONB),
        required("purpose", sa.Text),
        moment("at"),
        primary_key("reveals", "id"),
        of_incident("reveals"),
    )
    op.create_index("ix_reveals_incident_id", "reveals", ["incident_id"])


# Each after those that it points to, and named as its table is.
TABLES: tuple[Callable[[], None], ...] = (
    boundary_sets,
    grids,
    policy_versions,
    incidents,
    tasks,
    deadlines,
    journal,
    outbox,
    handled,
    positions,
    number_blocks,
    personal_data,
    reveals,
)
