"""Claims of subsidies, and for what a standing one is paid."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("claim_id", sa.Uuid(), primary_key=True),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.String(40), nullable=False),
        sa.Column("certificates", postgresql.JSONB(), nullable=False),
        sa.Column("fen", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("paid_fen", sa.Integer(), nullable=True),
        sa.Column("reason", postgresql.JSONB(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
    )
    op.create_index("claim_order_id_ix", "claim", ["order_id"])
    op.create_index("claim_enterprise_id_ix", "claim", ["enterprise_id"])
    op.create_table(
        "claimed",
        sa.Column("certificate_id", sa.Uuid(), primary_key=True),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(10), nullable=False),
        sa.Column("level", sa.String(12), nullable=False),
        sa.UniqueConstraint(
            "worker_id", "occupation", "level", name="claimed_worker_id_occupation_level_key"
        ),
    )
    op.create_index("claimed_claim_id_ix", "claimed", ["claim_id"])


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
