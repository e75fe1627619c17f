"""What an order's card says of a joint order that it is asked for, or part of."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_card", sa.Column("joint", sa.Uuid(), nullable=True))
    op.add_column("order_card", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
