"""Certificates with their check code, how they came to stand as they do, and what replaced them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

AS_TOLD = """
update certificate_row set history = (
  select coalesce(json_agg(json_build_object('step', step, 'day', day, 'reason', why) order by at), '[]'::json)
  from (values ('issued', issued_on, null, 1), ('revoked', revoked_on, reason, 2)) told (step, day, why, at)
  where day is not null)"""
"""What was known of them until now: issued, and perhaps revoked."""


def upgrade() -> None:
    op.add_column("certificate_row", sa.Column("check_code", sa.String(), nullable=False, server_default=""))
    op.alter_column("certificate_row", "check_code", server_default=None)
    op.add_column("certificate_row", sa.Column("suspended_on", sa.Date(), nullable=True))
    op.add_column("certificate_row", sa.Column("replaces", sa.Uuid(), nullable=True))
    op.add_column("certificate_row", sa.Column("replaced_by", sa.Uuid(), nullable=True))
    op.add_column(
        "certificate_row", sa.Column("history", postgresql.JSON(), nullable=False, server_default="[]")
    )
    op.alter_column("certificate_row", "history", server_default=None)
    op.execute(AS_TOLD)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
