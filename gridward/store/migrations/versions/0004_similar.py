"""Open incidents are found by their place, for repeats and suggestions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN = (
    "status IN ('queued', 'dispatched', 'accepted', 'returned', 'suspended', 'resolved', 'verified')"
    " AND NOT sensitive"
)


def upgrade() -> None:
    op.create_index("ix_incidents_near", "incidents", ["lat", "lon"], postgresql_where=sa.text(OPEN))


def downgrade() -> None:
    op.drop_index("ix_incidents_near", "incidents")
