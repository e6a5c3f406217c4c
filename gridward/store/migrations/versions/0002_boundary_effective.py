"""A boundary set takes effect at a moment of its own; the flag of the current one goes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MAKE_CURRENT = """
UPDATE boundary_sets SET published = true WHERE version = (
    SELECT version FROM boundary_sets WHERE effective_at <= clock_timestamp()
    ORDER BY effective_at DESC, version DESC LIMIT 1
)
"""


def upgrade() -> None:
    op.add_column("boundary_sets", sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True))
    # The current one was the last to be published, so that its moment is the latest.
    op.execute("UPDATE boundary_sets SET effective_at = published_at")
    op.execute("UPDATE boundary_sets SET effective_at = clock_timestamp() WHERE published")
    op.drop_index("uq_boundary_sets_published", "boundary_sets")
    op.drop_column("boundary_sets", "published")
    op.create_index("ix_boundary_sets_effective_at", "boundary_sets", ["effective_at"])


def downgrade() -> None:
    """A set that waits for its moment waits in vain afterwards."""
    op.drop_index("ix_boundary_sets_effective_at", "boundary_sets")
    op.add_column(
        "boundary_sets",
        sa.Column("published", sa.Boolean, nullable=False, server_default=sa.text("false")),
    )
    op.execute(MAKE_CURRENT)
    op.drop_column("boundary_sets", "effective_at")
    op.create_index(
        "uq_boundary_sets_published",
        "boundary_sets",
        ["published"],
        unique=True,
        postgresql_where=sa.text("published"),
    )
