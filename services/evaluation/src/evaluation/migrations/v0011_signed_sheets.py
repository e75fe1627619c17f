"""Sign-ins read from a signed sheet, and what a second source told of somebody who was signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("on_paper", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.alter_column("sign_in", "on_paper", server_default=None)
    op.add_column("sign_in", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sign_in_again",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=15), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "act_id", name=op.f("sign_in_again_pkey")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
