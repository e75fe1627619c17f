"""A scheme is signed clause by clause, within a time; why it was given back is counted.

A version says which cuts into cohorts were tried.
"""

import sqlalchemy as sa
from alembic import op

from servicekit.db import UtcTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scheme", sa.Column("signed", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("scheme", sa.Column("sign_by", UtcTime(), nullable=True))
    for name in ("reminded", "escalated"):
        op.add_column("scheme", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("scheme_version", sa.Column("cuts", sa.JSON(), nullable=True))
    op.create_table(
        "scheme_return",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["scheme.order_id"]),
        sa.PrimaryKeyConstraint("order_id", "version", "code"),
    )
    op.create_table(
        "signer_approver",
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("named_by", sa.String(), nullable=False),
        sa.Column("named_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("signer", "organisation", "user"),
    )
    op.create_table(
        "signer_deputy",
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("deputy", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("named_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("signer", "organisation", "user", "deputy"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
