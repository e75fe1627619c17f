"""What is worth a second look, and what looking needs: phones' marks, crews, shifts, and whether a session has a place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("device", sa.String(64), nullable=True))
    op.add_column("cohort", sa.Column("crews", postgresql.ARRAY(sa.String(1)), nullable=True))
    op.add_column("served_order", sa.Column("shift_pattern", sa.String(12), nullable=True))
    op.add_column("served_order", sa.Column("shift_anchor", sa.Date(), nullable=True))
    op.add_column("session", sa.Column("onsite", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("session", "onsite", server_default=None)
    op.create_table(
        "finding",
        sa.Column("finding_id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("reason", postgresql.JSONB(), nullable=False),
        sa.Column("sessions", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("workers", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("people", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked", sa.String(12), nullable=True),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.Column("answered_by", sa.String(80), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended", postgresql.JSONB(), nullable=True),
        sa.Column("closed_by", sa.String(80), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("finding_order_id_ix", "finding", ["order_id"])
    op.create_index("finding_state_ix", "finding", ["state"])
    op.create_table(
        "finding_note",
        sa.Column("finding_id", sa.Uuid(), primary_key=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
