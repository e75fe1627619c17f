"""Who closed a range of numbers; ranges in use are gone through again, for what was passed over when they were entered."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("number_range", sa.Column("closed_by", sa.String(length=80), nullable=True))
    # what certificates have is passed over one by one when numbers are drawn
    op.execute("update number_range set next = first where closed_on is null")


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
