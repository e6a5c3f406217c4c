"""Past matters of a kind are found around a place, whatever became of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "ix_incidents_past",
        "incidents",
        [sa.text('"left"(category, 2)'), "lat", "lon"],
        postgresql_where=sa.text("NOT sensitive"),
    )


def downgrade() -> None:
    op.drop_index("ix_incidents_past", "incidents")
