"""Numbers that an authority has handed out; certificates that end, and what follows them."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("certificate", sa.Column("valid_until", sa.Date(), nullable=True))
    op.add_column("certificate", sa.Column("renews", sa.Uuid(), nullable=True))
    op.create_table(
        "number_range",
        sa.Column("range_id", sa.Uuid(), primary_key=True),
        sa.Column("issuer_id", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("prefix", sa.String(13), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("entered_by", sa.String(80), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_cause", sa.String(64), nullable=True),
    )
    op.create_table(
        "number_void",
        sa.Column("range_id", sa.Uuid(), primary_key=True),
        sa.Column("serial", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("put_aside_by", sa.String(80), nullable=False),
        sa.Column("put_aside_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
