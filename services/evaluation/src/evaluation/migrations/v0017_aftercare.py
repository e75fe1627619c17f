"""How sessions were, and how people fare months after an order's end."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satisfaction",
        sa.Column("answer_id", sa.Uuid(), primary_key=True),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("scores", postgresql.JSONB(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
    )
    op.create_index("satisfaction_session_id_ix", "satisfaction", ["session_id"])
    op.create_index("satisfaction_order_id_ix", "satisfaction", ["order_id"])
    op.create_table(
        "satisfaction_words",
        sa.Column("answer_id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
    )
    op.create_index("satisfaction_words_order_id_ix", "satisfaction_words", ["order_id"])
    op.create_table(
        "followup",
        sa.Column("order_id", sa.Uuid(), primary_key=True),
        sa.Column("months", sa.Integer(), primary_key=True),
        sa.Column("worker_id", sa.Uuid(), primary_key=True),
        sa.Column("enterprise_id", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answers_by", sa.Date(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=True),
        sa.Column("answered_by", sa.String(10), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
    )
    op.create_index("followup_enterprise_id_ix", "followup", ["enterprise_id"])
    op.create_index("followup_due_on_ix", "followup", ["due_on"])


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
