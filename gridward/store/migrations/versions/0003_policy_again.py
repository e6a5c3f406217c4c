"""The same policy may be in force again under a new number, and each version says who published it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_constraint("uq_policy_versions_sha256", "policy_versions")
    op.add_column(
        "policy_versions", sa.Column("published_by", sa.Text, nullable=False, server_default=sa.text("''"))
    )


def downgrade() -> None:
    """Refused by the database while a policy is stored twice: no version is ever deleted."""
    op.drop_column("policy_versions", "published_by")
    op.create_unique_constraint("uq_policy_versions_sha256", "policy_versions", ["sha256"])
