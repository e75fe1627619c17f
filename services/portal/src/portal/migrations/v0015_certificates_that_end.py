"""The last day of certificates that end, and which certificate another follows."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate_row", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("certificate_row", sa.Column("renews", sa.Uuid(), nullable=True))
    op.create_index("ix_certificate_row_renews", "certificate_row", ["renews"])


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
