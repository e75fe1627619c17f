"""What a college writes in its own words when it says no."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own: decisions read offers often, and words never."""
    op.create_table(
        "words_of_no",
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("assignment_id"),
    )
    op.create_index("words_of_no_said_ix", "words_of_no", ["said_at"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
