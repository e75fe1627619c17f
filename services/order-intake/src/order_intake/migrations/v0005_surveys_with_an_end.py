"""Whom a survey asks, until when, when they were reminded; when an answer was mended."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("survey", sa.Column("asked", sa.JSON(), nullable=False, server_default="[]"))
    op.alter_column("survey", "asked", server_default=None)
    op.add_column("survey", sa.Column("closes_on", sa.Date(), nullable=True))
    op.add_column("survey", sa.Column("reminded_on", sa.Date(), nullable=True))
    op.add_column("survey_answer", sa.Column("corrected_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
