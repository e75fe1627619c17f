"""Notices for the people whose turn it is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("fact_id", sa.Uuid(), nullable=False),
        sa.Column("figures", postgresql.JSON(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("account_id", "kind", "fact_id"),
    )
    op.create_index("ix_notice_about", "notice", ["about"], unique=False)
    op.create_index("ix_notice_account_id_starts_at", "notice", ["account_id", "starts_at"], unique=False)
    op.create_table(
        "notice_known",
        sa.Column("about", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=True),
        sa.Column("union_id", sa.String(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("assessed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("about"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
