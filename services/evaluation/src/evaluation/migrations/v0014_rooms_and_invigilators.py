"""In which rooms a batch is held, and who watches over them; parts that count from before, and days that are due."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("rooms", "invigilators"):
        op.add_column("batch", sa.Column(name, postgresql.JSONB(), nullable=False, server_default="[]"))
    op.add_column("batch", sa.Column("retake_until", sa.Date(), nullable=True))
    op.add_column("candidate", sa.Column("carried", postgresql.JSONB(), nullable=False, server_default="[]"))
    op.add_column("candidate", sa.Column("excused", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("candidate", sa.Column("answer_by", sa.Date(), nullable=True))
    op.create_table(
        "batch_name",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("of", sa.String(length=40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.batch_id"], name=op.f("batch_name_batch_id_fkey")),
        sa.PrimaryKeyConstraint("batch_id", "of", name=op.f("batch_name_pkey")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
