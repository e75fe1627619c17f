"""Who removed somebody, and mail addresses that are sent to only once their owner has opened a link.

Addresses that are in use already stay so: mails have reached them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("removed_by", sa.Uuid(), nullable=True))
    op.alter_column("mail_wish", "address", existing_type=sa.LargeBinary(), nullable=True)
    op.create_table(
        "address_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_address_letter_account_id", "address_letter", ["account_id"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
