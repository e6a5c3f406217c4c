"""The tables of incidents and of what happened to them. Boundaries and policy keep theirs beside their code."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from gridward.domain.transitions import IN_HAND, OPEN
from gridward.store.metadata import metadata


def moment(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


# The index knows only these words: a query must repeat them.
OPEN_LIST = ", ".join(f"'{status.value}'" for status in OPEN)
IN_HAND_LIST = ", ".join(f"'{status.value}'" for status in IN_HAND)
OPEN_AND_SHOWN = f"status IN ({OPEN_LIST}) AND NOT sensitive"
FILED_BY_PEOPLE = "type = 'dispatched' AND actor->>'role' <> 'machine' AND event->>'category' IS NOT NULL"

incidents = Table(
    "incidents",
    metadata,
    Column("id", UUID(as_uuid=False), primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("report_id", UUID(as_uuid=False), nullable=False, index=True),
    # State: what `decide` reads and writes.
    Column("status", Text, nullable=False),
    Column("category", Text),
    Column("severity", SmallInteger, nullable=False),
    Column("limit_class", Text, nullable=False),
    Column("finish_limit", Text),
    Column("sensitive", Boolean, nullable=False),
    Column("grid", Text),
    moment("external_due"),
    Column("version", Integer, nullable=False),
    Column("journal_no", Integer, nullable=False),
    Column("rules_version", Integer, nullable=False),
    Column("extended", Boolean, nullable=False),
    Column("merged_into", UUID(as_uuid=False)),
    # Kept beside the state for lists: the lead unit, the worst light, the next deadline of a unit or the desk.
    Column("unit", Text),
    Column("light", Text),
    moment("next_due_at"),
    moment("updated_at", nullable=False),
    # Facts: written once, when the report came.
    moment("received_at", nullable=False),
    moment("occurred_at", nullable=False),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("address", Text),
    Column("lon", Float),
    Column("lat", Float),
    Column("accuracy_m", Float),
    Column("external", JSONB),
    Column("flags", ARRAY(Text), nullable=False),
    Column("grid_candidates", ARRAY(Text), nullable=False),
    Column("boundary_version", Integer, nullable=False),
    Column("policy_version", Integer, nullable=False),
    Column("why", JSONB, nullable=False),
    # Of `why`, for figures on many incidents (`gridward.store.corrections`): it is kept apart from the row.
    Column("guessed", Text, Computed("why->'category'->>'code'", persisted=True)),
    Column("guess_doubted", Boolean, Computed("(why->'category'->>'doubt') IS NOT NULL", persisted=True)),
    Column(
        "guess_confidence",
        Float,
        Computed("coalesce((why->'category'->>'confidence')::double precision, 0)", persisted=True),
    ),
    Index("ix_incidents_open", "status", "received_at"),
    Index("ix_incidents_received", text("received_at DESC")),
    # Repeats and suggestions look around a place among what is open (`gridward.store.similar`).
    Index("ix_incidents_near", "lat", "lon", postgresql_where=text(OPEN_AND_SHOWN)),
    # Past matters of a group of categories around a place, ended ones too (`gridward.store.past`).
    Index(
        "ix_incidents_past", text('"left"(category, 2)'), "lat", "lon", postgresql_where=text("NOT sensitive")
    ),
    # Repeat matters look back in a grid, and at what was merged (`gridward.store.earlier`).
    Index("ix_incidents_grid", "grid", text("received_at DESC")),
    Index("ix_incidents_merged", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
)

tasks = Table(
    "tasks",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("no", SmallInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("status", Text, nullable=False),
    moment("offered_at", nullable=False),
    Column("designated", Boolean, nullable=False),
    moment("accepted_at"),
    moment("done_at"),
    Column("handlers", ARRAY(Text), nullable=False),
    Column("doubts", ARRAY(Text), nullable=False),
    Column("asked", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    PrimaryKeyConstraint("incident_id", "no"),
    # The desk's queue: its open tasks.
    Index(
        "ix_tasks_desk",
        "incident_id",
        postgresql_where=text("role = 'desk' AND status IN ('offered', 'accepted')"),
    ),
)

deadlines = Table(
    "deadlines",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("task", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("step", SmallInteger, nullable=False),
    moment("started_at", nullable=False),
    Column("limit_text", Text, nullable=False),
    Column("extra", Interval, nullable=False),
    moment("due_at"),
    Column("light", Text),
    moment("paused_at"),
    moment("ended_at"),
    Column("rested", Interval, nullable=False),
    # A worker leases what it takes, so that one that is refused does not stand at the head for ever.
    moment("leased_until"),
    PrimaryKeyConstraint("incident_id", "task", "kind"),
    Index("ix_deadlines_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
)

journal = Table(
    "journal",
    metadata,
    Column("incident_id", ForeignKey("incidents.id"), nullable=False),
    Column("no", Integer, nullable=False),
    Column("type", Text, nullable=False),
    moment("at", nullable=False),
    moment("received_at", nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("event", JSONB, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("command", Text, nullable=False),
    PrimaryKeyConstraint("incident_id", "no"),
    # One deadline's generation is on the journal once, whatever raced.
    Index(
        "uq_journal_deadline",
        "command",
        unique=True,
        postgresql_where=text("type = 'deadline_passed'"),
    ),
    # What people made of the machine's guesses (`gridward.store.corrections`).
    Index("ix_journal_filed", "received_at", postgresql_where=text(FILED_BY_PEOPLE)),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("bucket", SmallInteger, nullable=False),
    Column("incident_id", UUID(as_uuid=False), nullable=False),
    Column("journal_no", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    moment("created_at", nullable=False),
    Index("ix_outbox_bucket", "bucket", "id"),
)

# What was handled: "report:<id>", "action:<id>", "conflict:<id>:<hash>". A repeat finds itself here.
handled = Table(
    "handled",
    metadata,
    Column("key", Text, primary_key=True),
    Column("incident_id", UUID(as_uuid=False), nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    moment("at", nullable=False),
)

# The worker's place in each partition, in the same transaction as what it made of it.
positions = Table(
    "positions",
    metadata,
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    moment("updated_at", nullable=False),
    Column("log", Text, nullable=False, server_default=""),  # the Kafka cluster that the offset is of
    PrimaryKeyConstraint("topic", "partition"),
)

# Erasable: the only place at rest that can name a reporter.
personal_data = Table(
    "personal_data",
    metadata,
    Column("report_id", UUID(as_uuid=False), primary_key=True),
    Column("key_id", Text),
    Column("ciphertext", LargeBinary),
    Column("caller_hash", LargeBinary, index=True),
    moment("stored_at", nullable=False),
    moment("erased_at"),
)

# Who saw a reporter's personal data, when and what for: written before anything is shown.
reveals = Table(
    "reveals",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("incident_id", ForeignKey("incidents.id"), nullable=False, index=True),
    Column("report_id", UUID(as_uuid=False), nullable=False),
    Column("actor", JSONB, nullable=False),
    Column("purpose", Text, nullable=False),
    moment("at", nullable=False),
)

# Incident numbers are reserved in blocks, so that no transaction waits for another's number.
number_blocks = Table(
    "number_blocks",
    metadata,
    Column("day", Date, nullable=False),
    Column("county", Text, nullable=False),
    Column("next", Integer, nullable=False),
    PrimaryKeyConstraint("day", "county"),
)
