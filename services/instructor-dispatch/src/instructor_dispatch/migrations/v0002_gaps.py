"""Gaps are looked at again when somebody becomes free: found without reading every session."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index over what nobody can come to."""
    op.create_index(
        "duty_unstaffable_ix",
        "duty",
        ["duty_id"],
        unique=False,
        postgresql_where=sa.text("state = 'unstaffable'"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
