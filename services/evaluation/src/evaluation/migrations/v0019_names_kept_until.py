"""Until when the name of somebody who was erased is still kept, and by which rule; what was removed last."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("directory", sa.Column("drop_on", sa.Date(), nullable=True))
    op.add_column("directory", sa.Column("kept_by", sa.String(length=12), nullable=True))
    op.create_table(
        "removal",
        sa.Column("of_class", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("of_class", name=op.f("removal_pkey")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
