"""Which answers the union wrote down; of those before nobody knows, so the enterprise can take them back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "survey_answer", sa.Column("noted_by_union", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.alter_column("survey_answer", "noted_by_union", server_default=None)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
