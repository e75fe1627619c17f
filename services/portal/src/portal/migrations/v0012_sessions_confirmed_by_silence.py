"""Sessions that are confirmed because their enterprise was silent; until now none was."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session_row", sa.Column("lapsed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("session_row", "lapsed", server_default=None)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
