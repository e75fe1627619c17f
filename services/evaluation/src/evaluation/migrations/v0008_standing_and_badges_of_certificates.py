"""Certificates with a random check code, suspended or replaced; the public keys that badges were signed with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


KEY_OF_ISSUER = (
    "update certificate set issuer_key = left(encode(sha256(convert_to(issuer, 'UTF8')), 'hex'), 16)"
)


def upgrade() -> None:
    op.add_column("certificate", sa.Column("check_code", sa.String(length=32), nullable=True))
    op.add_column("certificate", sa.Column("suspended_on", sa.Date(), nullable=True))
    op.add_column("certificate", sa.Column("replaces", sa.Uuid(), nullable=True))
    op.add_column("certificate", sa.Column("replaced_by", sa.Uuid(), nullable=True))
    op.add_column("certificate", sa.Column("issuer_key", sa.String(length=16), nullable=True))
    op.execute(KEY_OF_ISSUER)
    op.alter_column("certificate", "issuer_key", nullable=False)
    op.create_index(op.f("certificate_issuer_key_ix"), "certificate", ["issuer_key"], unique=False)
    op.create_table(
        "badge_key",
        sa.Column("name", sa.String(length=43), nullable=False),
        sa.Column("jwk", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("badge_key_pkey")),
    )


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
