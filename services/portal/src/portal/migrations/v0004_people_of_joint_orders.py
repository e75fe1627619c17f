"""Whose people are on a joint order; of those that there are already, from the facts that were kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FILL = """
insert into joint_people (order_id, people)
select o, json_object_agg(e, w) from (
    select o, e, json_agg(w order by n) w from (
        select f.subject::uuid o, t ->> 'enterprise_id' e, t ->> 'worker_id' w, min(l.n * 10000 + p.n) n
        from (
            select distinct on (subject) subject, data from story_fact
            where type in ('order.pool_proposed.v1', 'order.accepted.v1', 'order.amended.v1')
            order by subject, arrived desc
        ) f,
        json_array_elements(f.data -> 'lines') with ordinality l(line, n),
        json_array_elements(l.line -> 'trainees') with ordinality p(t, n)
        where t ->> 'enterprise_id' is not null
        group by 1, 2, 3
    ) each group by o, e
) one group by o"""


def upgrade() -> None:
    op.create_table(
        "joint_people",
        sa.Column("order_id", sa.Uuid(), primary_key=True),
        sa.Column("people", sa.JSON(), nullable=False),
    )
    op.execute(FILL)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
