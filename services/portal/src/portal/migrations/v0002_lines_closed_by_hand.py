"""Which lines of an order no stage ends, and which of them the union has closed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("by_hand", "closed"):
        op.add_column("order_card", sa.Column(name, postgresql.JSON(), nullable=False, server_default="[]"))
        op.alter_column("order_card", name, server_default=None)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
