"""What people who are sent wish: where and what they would rather teach, and how many evenings are enough."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
LISTS = ("prefers_divisions", "prefers_units")


def upgrade() -> None:
    """Nobody has told any yet."""
    for name in LISTS:
        kind = postgresql.JSONB(astext_type=sa.Text())
        op.add_column("person", sa.Column(name, kind, nullable=False, server_default="[]"))
        op.alter_column("person", name, server_default=None)
    op.add_column("person", sa.Column("most_evenings_week", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
