"""What a version says may be lost with a database: the version is known, and drafted anew."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("scheme_version", "content", nullable=True)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
