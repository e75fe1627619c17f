"""What happened at a session, what was handed out, and its photos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    codes = postgresql.ARRAY(sa.String(64))
    op.add_column("session", sa.Column("incidents", codes, server_default="{}", nullable=False))
    op.add_column("session", sa.Column("materials", postgresql.JSONB(), server_default="[]", nullable=False))
    for name in ("incidents", "materials"):
        op.alter_column("session", name, server_default=None)
    op.alter_column("session_note", "kind", type_=sa.String(8))
    op.create_table(
        "session_photo",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("session_photo_pkey")),
    )
    op.create_index(op.f("session_photo_session_id_ix"), "session_photo", ["session_id"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
