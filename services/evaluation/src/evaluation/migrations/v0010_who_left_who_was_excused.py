"""Who left before the end, who was excused, when the instructor was there; what each session teaches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session", sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("session", sa.Column("unit", sa.String(length=48), nullable=True))
    op.add_column(
        "session", sa.Column("excused", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.alter_column("session", "excused", server_default=None)
    op.create_table(
        "sign_out",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=15), nullable=False),
        sa.Column("clock_offset", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "worker_id", name=op.f("sign_out_pkey")),
        sa.UniqueConstraint("session_id", "act_id", name=op.f("sign_out_session_id_act_id_key")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
