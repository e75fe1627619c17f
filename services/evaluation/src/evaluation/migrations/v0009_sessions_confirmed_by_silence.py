"""How each session was confirmed, a deadline for those that wait for their enterprise, corrections by two people."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

CONFIRMED = """
update session s
set confirmed = case when (e.data ->> 'settled_by_union')::boolean then 'union' else 'enterprise' end
from (select convert_from(body, 'UTF8')::jsonb -> 'data' as data from event where type = 'session.confirmed.v1') e
where s.session_id = (e.data ->> 'session_id')::uuid and s.state = 'confirmed'"""
# Due when it was closed; fired then, it is set to when the programme's time is over.
DEADLINES = """
insert into due (kind, key, subject, due, data, job)
select 'session.answer_over', session_id::text, order_id::text, closed_at, '{}', false
from session where state = 'closed' and closed_at is not null
on conflict (kind, key) do nothing"""


def upgrade() -> None:
    op.add_column("session", sa.Column("confirmed", sa.String(length=10), nullable=True))
    op.execute(CONFIRMED)
    op.execute(DEADLINES)
    op.create_table(
        "correction",
        sa.Column("correction_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Uuid(), nullable=False),
        sa.Column("reason", postgresql.JSONB(), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("correction_pkey")),
    )
    op.create_index(op.f("correction_session_id_ix"), "correction", ["session_id"], unique=False)
    op.create_index(op.f("correction_state_ix"), "correction", ["state"], unique=False)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
