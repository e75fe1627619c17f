"""A draft comes with alternatives, made in other manners."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheme_alternative",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("driving", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["scheme.order_id"]),
        sa.PrimaryKeyConstraint("order_id", "name"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
