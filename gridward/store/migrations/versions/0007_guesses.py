"""What triage guessed stands in columns of its own, and what people filed is found without reading the journal.

Figures on a year of guesses read every incident's reasons before, which are kept apart from its row.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "incidents", sa.Column("guessed", sa.Text, sa.Computed("why->'category'->>'code'", persisted=True))
    )
    op.add_column(
        "incidents",
        sa.Column(
            "guess_doubted",
            sa.Boolean,
            sa.Computed("(why->'category'->>'doubt') IS NOT NULL", persisted=True),
            nullable=True,
        ),
    )
    op.add_column(
        "incidents",
        sa.Column(
            "guess_confidence",
            sa.Float,
            sa.Computed("coalesce((why->'category'->>'confidence')::double precision, 0)", persisted=True),
        ),
    )
    op.create_index(
        "ix_journal_filed",
        "journal",
        ["received_at"],
        postgresql_where=sa.text(
            "type = 'dispatched' AND actor->>'role' <> 'machine' AND event->>'category' IS NOT NULL"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_journal_filed", "journal")
    for column in ("guess_confidence", "guess_doubted", "guessed"):
        op.drop_column("incidents", column)
