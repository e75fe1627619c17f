"""When and what for somebody was told who a person is; of what was told before, only that it was."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("disclosure", sa.Column("purpose", sa.String(), nullable=True))
    op.create_index(op.f("ix_disclosure_worker_id"), "disclosure", ["worker_id"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
