"""How many assessors a batch needs, and the second value of a mark that two people see differently."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

AS_PLANNED = """
update batch set assessors = (told.data ->> 'assessors')::integer
from (select convert_from(body, 'UTF8')::jsonb -> 'data' as data from event
      where type = 'evaluation.planned.v1') told
where (told.data ->> 'batch_id')::uuid = batch.batch_id"""
"""What each batch was planned with stands in the service's own log."""


def upgrade() -> None:
    op.add_column("batch", sa.Column("assessors", sa.Integer(), nullable=True))
    op.execute(AS_PLANNED)
    op.execute("update batch set assessors = 0 where assessors is null")
    op.alter_column("batch", "assessors", nullable=False)
    op.add_column("part_mark", sa.Column("second_mark", sa.Numeric(precision=4, scale=1), nullable=True))
    op.add_column("part_mark", sa.Column("second_by", sa.String(length=80), nullable=True))
    op.add_column("part_mark", sa.Column("second_person", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
