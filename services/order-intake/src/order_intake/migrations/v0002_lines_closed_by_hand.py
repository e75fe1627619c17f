"""Lines that no stage ends are closed by hand; an order without a confirmed scheme has no stages at all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("closed", "by_hand"):
        op.add_column(
            "training_order", sa.Column(name, postgresql.JSON(), nullable=False, server_default="[]")
        )
        op.alter_column("training_order", name, server_default=None)
    op.alter_column("training_order", "stages", nullable=True)
    op.execute("update training_order set stages = null where stages::text = '[]'")


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
