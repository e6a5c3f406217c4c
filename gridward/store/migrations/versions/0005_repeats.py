"""Earlier reports of a matter are found by their grid, and the reports that were merged into one by that one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_incidents_grid", "incidents", ["grid", sa.text("received_at DESC")])
    op.create_index(
        "ix_incidents_merged",
        "incidents",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_incidents_merged", "incidents")
    op.drop_index("ix_incidents_grid", "incidents")
