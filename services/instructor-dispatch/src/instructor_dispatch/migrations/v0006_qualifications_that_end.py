"""Of which qualifications it was said that they end: each once."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of its own."""
    op.create_table(
        "qualification_notice",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("occupation", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("assessor", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "occupation", "level", "assessor", "valid_until", "over"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
