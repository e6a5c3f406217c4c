"""What made a matter graver is read beside it: the words of that report stand with the desk's task.

They stood in the journal alone, which no list reads.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("words", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("tasks", "words")
