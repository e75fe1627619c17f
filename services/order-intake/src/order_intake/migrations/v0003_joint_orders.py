"""Joint orders: which orders they are drawn from, and what an order has to do with one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("training_order", sa.Column("pool", postgresql.JSON(), nullable=True))
    op.add_column(
        "training_order", sa.Column("members", postgresql.JSON(), nullable=False, server_default="[]")
    )
    op.alter_column("training_order", "members", server_default=None)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
