"""Tickets for scans, and how far a phone's clock was off when somebody signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("clock_offset", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("sign_in", "clock_offset", server_default=None)
    op.create_table(
        "sign_in_ticket",
        sa.Column("ticket_id", sa.Uuid(), primary_key=True),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("sign_in_ticket_session_id_ix", "sign_in_ticket", ["session_id"])


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
