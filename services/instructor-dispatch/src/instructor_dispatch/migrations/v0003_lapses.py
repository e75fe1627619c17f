"""An offer that lapsed is no answer: it counts for the time it was made for, a no for every time."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LAPSED = """
update refused_pair p set lapsed = true
where not exists (select from offer o where o.duty_id = p.duty_id and o.person_id = p.person_id
                  and o.state = 'declined')"""


def upgrade() -> None:
    """Which of the pairs there are only lapsed stands in the offers."""
    op.add_column("refused_pair", sa.Column("lapsed", sa.Boolean(), nullable=False, server_default="false"))
    op.execute(LAPSED)
    op.alter_column("refused_pair", "lapsed", server_default=None)


def downgrade() -> None:
    """Forward only: a newer version mends."""
    raise RuntimeError("forward only")
