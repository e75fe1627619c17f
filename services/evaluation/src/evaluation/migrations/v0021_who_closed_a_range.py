"""Who closed a range of numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("number_range", sa.Column("closed_by", sa.String(length=80), nullable=True))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
