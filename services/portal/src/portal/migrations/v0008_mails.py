"""Notices that leave by mail, and who wants that."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice", sa.Column("mail_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("held", sa.Boolean(), nullable=False, server_default="false"))
    op.alter_column("notice", "held", server_default=None)
    op.add_column("notice", sa.Column("mail_id", sa.Uuid(), nullable=True))
    op.create_index("ix_notice_mail_at", "notice", ["mail_at"], unique=False)
    op.create_index("ix_notice_mail_id", "notice", ["mail_id"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mail_made_at", "mail", ["made_at"], unique=False)
    op.create_table(
        "mail_wish",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("quiet_starts", sa.Time(), nullable=True),
        sa.Column("quiet_ends", sa.Time(), nullable=True),
        sa.Column("without", postgresql.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
