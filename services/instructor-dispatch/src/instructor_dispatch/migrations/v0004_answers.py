"""An offer may be taken before somebody is named, and an open call is decided between all who answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REASONS = """
update offer o set reason = said.code from (
  select (fact -> 'data' ->> 'assignment_id')::uuid as assignment_id, fact -> 'data' -> 'reason' ->> 'code' as code
  from (select convert_from(body, 'utf8')::jsonb as fact from event
        where type in ('assignment.declined.v1', 'assignment.released.v1')) facts) said
where o.assignment_id = said.assignment_id"""
LIVE = "state in ('offered', 'taken', 'volunteered', 'agreed', 'firm')"


def upgrade() -> None:
    """States have longer names; whoever volunteered, or is held by a place taken, is counted as held. Reasons stand in what was said."""
    op.alter_column("offer", "state", type_=sa.String(length=12), existing_nullable=False)
    op.add_column("offer", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("name_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("reason", sa.String(length=80), nullable=True))
    op.execute(REASONS)
    op.drop_index("offer_person_ix", "offer")
    op.create_index("offer_person_ix", "offer", ["person_id"], unique=False, postgresql_where=sa.text(LIVE))


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
