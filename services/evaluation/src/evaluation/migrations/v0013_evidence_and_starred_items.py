"""Papers that were seen of candidates; safety items that somebody has failed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("paper", sa.String(length=12), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.String(length=80), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("evidence_pkey")),
    )
    op.create_index("evidence_worker_id_occupation_ix", "evidence", ["worker_id", "occupation"], unique=False)
    op.add_column(
        "candidate",
        sa.Column("failed", postgresql.ARRAY(sa.String(length=64)), nullable=False, server_default="{}"),
    )
    for name in ("failed", "second_failed"):
        op.add_column(
            "part_mark",
            sa.Column(name, postgresql.ARRAY(sa.String(length=64)), nullable=False, server_default="{}"),
        )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
