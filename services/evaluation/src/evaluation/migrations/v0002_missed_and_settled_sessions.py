"""Missed and settled sessions: when each was closed, and a deadline for those that nobody has opened yet."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CLOSED_AT = """
update session s set closed_at = (e.data ->> 'closed_at')::timestamptz
from (select convert_from(body, 'UTF8')::jsonb -> 'data' as data from event where type = 'session.closed.v1') e
where s.session_id = (e.data ->> 'session_id')::uuid"""
# Due at the session's end; fired then, it is set to when opening is over by the rules in force.
DEADLINES = """
insert into due (kind, key, subject, due, data, job)
select 'session.opening_over', session_id::text, order_id::text, (slot ->> 'ends_at')::timestamptz, '{}', false
from session where state = 'planned'
on conflict (kind, key) do nothing"""


def upgrade() -> None:
    op.add_column("session", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(CLOSED_AT)
    op.execute(DEADLINES)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
